"""A track of a dataset with frame truth, and how tracks become the shards that everything else reads."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..corpus import RATE, decode
from ...errors import TrainingError
from ..labels import ABSENT, HOP, KEYS, LOWEST_KEY, PRESENT
from ..taxonomy import CLASSES


#: Lies in a folder while a dataset is cut into shards there.
UNFINISHED = "unfinished"


@dataclass(frozen=True)
class Track:
    """One recording; `truth` gives labels [hops, 24] and pitch labels [hops, 88] for so many hops."""

    name: str
    split: str
    audio: Path
    truth: Callable[[int], tuple[np.ndarray, np.ndarray]]


def blank(hops: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels and pitch labels in which nothing sounds."""
    return np.full((hops, len(CLASSES)), ABSENT, np.uint8), np.full((hops, KEYS), ABSENT, np.uint8)


def mark(labels: np.ndarray, start: float, end: float, column: int, value: int = PRESENT) -> None:
    """Marks the hops that overlap a span in samples; present wins over unknown."""
    where = labels[max(0, int(start)) // HOP:int(np.ceil(end / HOP)), column]
    where[:] = PRESENT if value == PRESENT else np.where(where == PRESENT, PRESENT, value)


def key(note: int) -> int | None:
    """The column of a MIDI note in the pitch labels; None beyond the piano."""
    return note - LOWEST_KEY if 0 <= note - LOWEST_KEY < KEYS else None


def folder(root: Path, *names: str) -> Path:
    """The first of these folders that is there."""
    for name in names:
        if (root / name).is_dir():
            return root / name
    raise TrainingError(f"{root}: no folder {' or '.join(names)} in it; give the folder that the dataset's archive unpacks to")


def are_there(work: Path) -> bool:
    """Whether a folder has all shards of a dataset, not the part that an interrupted call left."""
    return any((work / "train").glob("*.json")) and not (work / UNFINISHED).exists()


def write_shards(tracks: Iterable[Track], work: Path, seconds: float = 12.0, clips: int = 60) -> dict[str, int]:
    """Cuts tracks into clips and writes them as rendered shards are written; what is left of a track is dropped.

    A track's split `test` or `valid` goes to `valid`, where systems are judged; returns the clips of each split. What a
    call that was interrupted left is deleted first.
    """
    hops, unfinished = int(seconds * RATE / HOP), work / UNFINISHED
    if unfinished.exists():
        for file in (f for split in ("train", "valid") for f in (work / split).glob("[0-9]*.*")):
            file.unlink()
    shards = {split: ShardWriter(work / split, clips) for split in ("train", "valid")}
    unfinished.touch()
    for track in tqdm(list(tracks), desc="tracks", mininterval=5):
        audio = decode(track.audio)
        labels, pitches = track.truth(len(audio) // HOP)
        for first in range(0, len(labels) - hops + 1, hops):
            samples, where = audio[first * HOP:(first + hops) * HOP], slice(first, first + hops)
            shards["train" if track.split == "train" else "valid"].add(track.name, samples, labels[where], pitches[where])
    for writer in shards.values():
        writer.flush()
    unfinished.unlink()
    return {split: writer.written for split, writer in shards.items()}


class ShardWriter:
    """Collects clips and writes `NNNN.audio.npy`, `.labels.npy`, `.pitches.npy` and, last, `.json`."""

    def __init__(self, out: Path, clips: int):
        self.out, self.clips, self.written, self.shard = out, clips, 0, 0
        self.rows: list[tuple] = []
        if any(out.glob("[0-9]*.json")):
            raise TrainingError(f"{out}: there are shards already; name another folder with --work, or delete them")
        out.mkdir(parents=True, exist_ok=True)

    def add(self, name: str, samples: np.ndarray, labels: np.ndarray, pitches: np.ndarray) -> None:
        """One clip; full shards are written at once."""
        present = [CLASSES[c] for c in np.flatnonzero((labels == PRESENT).any(axis=0))]
        self.rows.append((np.clip(np.round(samples * 32767), -32768, 32767).astype(np.int16), labels, pitches,
                          {"kind": "recording", "classes": present, "sources": [name]}))
        if len(self.rows) == self.clips:
            self.flush()

    def flush(self) -> None:
        """Writes what has been collected."""
        if not self.rows:
            return
        stem = self.out / f"{self.shard:04d}"
        for column, kind in enumerate(("audio", "labels", "pitches")):
            np.save(stem.with_name(f"{stem.name}.{kind}.npy"), np.stack([row[column] for row in self.rows]))
        stem.with_suffix(".json").write_text(json.dumps([row[3] for row in self.rows]))
        self.written, self.shard, self.rows = self.written + len(self.rows), self.shard + 1, []
