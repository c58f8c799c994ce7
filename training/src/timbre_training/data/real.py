"""Real recordings as training material: a manifest and a folder of files become a second bank beside that of the samples."""

import csv
import json
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from .corpus import RATE, decode
from ..errors import TrainingError
from .landmarks import recordings
from ..render.player import warp
from .taxonomy import CLASSES, INDEX

#: Endings under which the file of a row is looked for.
ENDINGS = (".flac", ".opus", ".wav", ".ogg", ".mp3")
ROLES = ("solo", "stem", "mix", "noise", "speech", "unlabelled")
#: Terms of a source: train what is shipped, or choose settings and measure only.
USES = {"train": "train", "valid": "valid"}
#: Longest piece that is kept of a recording, in seconds.
LONGEST = {"solo": 60, "stem": 180, "mix": 120, "noise": 30, "speech": 20, "unlabelled": 120}
#: Nothing of a recording is above this (full scale 1): it is silent.
SILENT = 1e-4
#: Class name of an instrument that is none of the classes.
OTHER = "other"


@dataclass(frozen=True)
class Recording:
    """One row of the manifest; `start` and `frames` locate its mono audio (44.1 kHz, peak 1) in the bank.

    Classes neither in `present` nor in `absent` are unknown.
    """

    name: str
    origin: str
    role: str
    group: str
    present: tuple[str, ...]
    absent: tuple[str, ...]
    split: str
    start: int = 0
    frames: int = 0

    @property
    def unknown(self) -> tuple[str, ...]:
        """Classes of which nothing is known."""
        known = {*self.present, *self.absent}
        return tuple(name for name in CLASSES if name not in known)


def classes_of(field: str, where: str) -> tuple[str, ...]:
    """A field of class names between semicolons; `*` stands for all."""
    if field.strip() == "*":
        return tuple(CLASSES)
    names = tuple(name.strip() for name in field.split(";") if name.strip())
    for name in names:
        if name not in INDEX:
            raise TrainingError(f"{where}: unknown class '{name}'; the classes are {', '.join(CLASSES)}")
    return names


def read_row(row: dict[str, str], where: str) -> Recording | None:
    """The recording of a manifest row, or nothing where its terms allow no use."""
    if row["role"] not in ROLES:
        raise TrainingError(f"{where}: unknown role '{row['role']}'; the roles are {', '.join(ROLES)}")
    if row["use"] not in USES:
        return None
    present = classes_of(row["present"], where)
    absent = tuple(name for name in classes_of(row["absent"], where) if name not in present)
    return Recording(row["id"], row["origin"], row["role"], row["group"], present, absent, USES[row["use"]])


def read_manifest(manifest: Path, complain) -> list[tuple[int, Recording]]:
    """The usable rows with their line numbers; `complain` is told of every row that is left out."""
    try:
        with open(manifest, newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = {"id", "origin", "role", "group", "present", "absent", "use"} - set(reader.fieldnames or ())
            if missing:
                raise TrainingError(f"{manifest}:1: no column {', '.join(sorted(missing))}; training/README.md describes the format")
            found = []
            for row in reader:
                where = f"{manifest}:{reader.line_num}"
                try:
                    recording = read_row(row, where)
                except TrainingError as error:
                    complain(str(error))
                    continue
                if recording:
                    found.append((reader.line_num, recording))
                else:
                    complain(f"{where}: left out, its use is '{row['use']}' and not {' or '.join(USES)}")
    except UnicodeDecodeError as error:
        raise TrainingError(f"{manifest}: not UTF-8 text ({error.reason} at byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise TrainingError(f"{manifest}: cannot be read ({error.strerror}); give the manifest with --manifest") from error
    return found


def build(target: Path, manifest: Path, folder: Path, never: Path | None, leave_out_copies: bool = False) -> dict[str, int]:
    """Writes `real.f16` and, last, `real.json` into `target`; returns how many rows were kept and left out.

    Every row that cannot be used is named with its line. A copy of a recording in `never` stops the build unless
    `leave_out_copies`.
    """
    counts: dict[str, int] = defaultdict(int)

    def complain(text: str) -> None:
        counts["left out"] += 1
        tqdm.write(text)

    tested = recordings(never) if never else None
    rows, position = [], 0
    target.mkdir(parents=True, exist_ok=True)
    part = target / "real.f16.part"
    with open(part, "wb") as out:
        for line, recording in tqdm(read_manifest(manifest, complain), desc="recordings", mininterval=5):
            where = f"{manifest}:{line}: {recording.name}"
            file = next((folder / (recording.name + e) for e in ENDINGS if (folder / (recording.name + e)).exists()), None)
            if file is None:
                complain(f"{where}: left out, {folder} holds no file of that name")
                continue
            try:
                audio = decode(file)[:LONGEST[recording.role] * RATE]
            except TrainingError as error:
                complain(f"{where}: left out, {error}")
                continue
            peak = float(np.abs(audio).max()) if len(audio) else 0.0
            if not peak > SILENT:
                complain(f"{where}: left out, it is silent")
                continue
            if recording.split == "train" and tested and (copied := tested.copy_of(audio)):
                text = f"{where}: it is a copy of {copied}, which is tested on"
                if not leave_out_copies:
                    raise TrainingError(f"{text}; take the row out of the manifest or leave copies out with --leave-out-copies")
                complain(f"{text}; left out")
                continue
            rows.append(asdict(replace(recording, start=position, frames=len(audio))))
            out.write((audio / peak).astype(np.float16).tobytes())
            position += len(audio)
            counts["kept"] += 1
    # What was there stays until all is written; then it goes as a whole, with what a teacher heard in it.
    for name in ("real.json", "teacher.npz"):
        (target / name).unlink(missing_ok=True)
    part.rename(target / "real.f16")
    (target / "real.json").write_text(json.dumps(rows))
    return dict(counts)


class RealBank:
    """The recordings of one split: solos by class and origin, stems by song, noises."""

    def __init__(self, folder: Path, split: str):
        if not (folder / "real.json").exists():
            raise TrainingError(f"{folder}/real.json: not found; run `real` with --manifest to build it")
        self.audio = np.memmap(folder / "real.f16", np.float16, "r")
        rows = [Recording(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items()})
                for row in json.loads((folder / "real.json").read_text())]
        self.recordings = [row for row in rows if row.split == split]
        self.solos: dict[str, dict[str, list[Recording]]] = defaultdict(lambda: defaultdict(list))
        self.songs: dict[str, list[Recording]] = defaultdict(list)
        self.noises: list[Recording] = []
        self.targets = dict(np.load(folder / "teacher.npz")) if (folder / "teacher.npz").exists() else {}
        self.taught = [row for row in self.recordings if row.name in self.targets]
        for row in self.recordings:
            if row.role == "solo" and len(row.present) <= 1:
                self.solos[row.present[0] if row.present else OTHER][row.origin].append(row)
            elif row.role == "stem" and len(row.present) <= 1:
                self.songs[row.group or row.name].append(row)
                if row.present:
                    self.solos[row.present[0]][row.origin].append(row)
            elif row.role == "noise":
                self.noises.append(row)

    def load(self, recording: Recording, first: int = 0, frames: int | None = None) -> np.ndarray:
        """Float32 audio of a recording, or of a piece of it."""
        last = recording.frames if frames is None else min(recording.frames, first + frames)
        return self.audio[recording.start + first:recording.start + last].astype(np.float32)

    def players(self, rng, name: str) -> list[Recording]:
        """Recordings of one origin of a class, chosen by the square root of its size."""
        pools = list(self.solos[name].values())
        weights = np.sqrt([len(pool) for pool in pools])
        return pools[rng.choice(len(pools), p=weights / weights.sum())]


def loud_start(rng, audio_bank: RealBank, recording: Recording, frames: int) -> int:
    """Where a piece of `frames` may begin so that something sounds in it: the best of four random places."""
    if recording.frames <= frames:
        return 0
    starts = rng.integers(0, recording.frames - frames + 1, size=4)
    power = [float(np.mean(audio_bank.load(recording, int(s), frames)[::16] ** 2)) for s in starts]
    return int(starts[int(np.argmax(power))])


def perform(rng, bank: RealBank, pool: list[Recording], begin: int, end: int, frames: int) -> tuple[np.ndarray, set[Recording]]:
    """Recordings of a pool one after another from `begin` to `end` in a stem of `frames`, each a little faster or slower.

    Strokes and short notes stand apart or close, as chance has it.
    """
    stem, used = np.zeros(frames, np.float32), set()
    gap = float(rng.choice([0.0, 0.3, 1.0, 2.5]))
    position = begin + int(rng.uniform(0, min(gap, 1.0)) * RATE)
    while position < end - RATE // 10:
        recording = pool[rng.integers(len(pool))]
        ratio = 2 ** (float(np.clip(rng.normal(0, 0.6), -1.5, 1.5)) / 12)
        wanted = end - position
        if rng.random() < 0.3:
            wanted = min(wanted, int(rng.uniform(0.8, 5) * RATE))
        source = bank.load(recording, loud_start(rng, bank, recording, int(wanted * ratio * 1.05) + 8), int(wanted * ratio * 1.05) + 8)
        sound = warp(source, ratio, wanted, None, 0.0)
        if len(sound):
            fade = min(len(sound), int(0.03 * RATE))
            cut = len(source) / ratio > len(sound) * 1.01
            if cut:
                sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
            stem[position:position + len(sound)] += sound[:frames - position] * 10 ** (rng.uniform(-12, 0) * rng.random() / 20)
            used.add(recording)
        position += max(len(sound), RATE // 20) + int(rng.uniform(0, gap) * RATE)
    return stem, used
