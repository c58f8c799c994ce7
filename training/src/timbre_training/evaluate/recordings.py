"""Held-out real recordings as they are: activities of a network and frame truth, for choosing settings and for measuring."""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..data.corpus import RATE, decode
from .evaluate import gated
from ..model.features import FrontEnd
from ..data.labels import ABSENT, HOP, PRESENT, RECORDED_RANGE_DB, UNKNOWN, hop_power, label_part
from .metrics import predict
from ..model.network import Network
from ..data.real import RealBank
from ..data.taxonomy import CLASSES, INDEX

#: At most so much of a recording, in seconds, and so many recordings of one class (or noise) and origin.
SECONDS, EACH = 12, 10
#: Repositories of the realset whose files have nothing to do with each other.
COLLECTIONS = {"seth814/Audio-Classification"}


@dataclass
class Heard:
    """One recording: its source, activities [T, classes], frame truth [T, classes], and what kind of material it is."""

    name: str
    source: str
    kind: str
    activity: np.ndarray
    labels: np.ndarray


def truth_of(audio: np.ndarray, present: tuple[str, ...], absent: tuple[str, ...]) -> np.ndarray:
    """Frame truth of a recording of one source by its own energy; of several sources the present ones are unknown."""
    hops = len(audio) // HOP
    labels = np.full((hops, len(CLASSES)), UNKNOWN, np.uint8)
    for name in absent:
        labels[:, INDEX[name]] = ABSENT
    if len(present) == 1:
        power = hop_power(audio, hops)
        labels[:, INDEX[present[0]]] = label_part(power, power, None, RECORDED_RANGE_DB)
    return labels


def activities(network: Network, front_end: FrontEnd, audio: np.ndarray) -> np.ndarray:
    """Activities of every hop, those of silence at zero."""
    return gated(predict(network, front_end(audio)[None], strided=False)[0], audio)


def held_out(network: Network, front_end: FrontEnd, bank: RealBank) -> list[Heard]:
    """The solos, noises and speech of a bank, a few of each class and origin."""
    taken: dict[tuple, int] = defaultdict(int)
    result = []
    for recording in tqdm(bank.recordings, desc="held-out recordings", mininterval=5):
        if recording.role not in ("solo", "noise", "speech") or len(recording.present) > 1:
            continue
        key = (recording.present or recording.role, recording.origin)
        taken[key] += 1
        if taken[key] > EACH or recording.frames < RATE // 4:
            continue
        audio = bank.load(recording, 0, SECONDS * RATE)
        kind = recording.role if recording.role != "solo" or recording.present else "other"
        result.append(Heard(recording.name, recording.origin, kind, activities(network, front_end, audio),
                            truth_of(audio, recording.present, recording.absent)))
    return result


def origins(field: str) -> set[str]:
    """What a clip was made of: a repository is one source, but for collections of unrelated files, where every file is one."""
    repository = field.split(":")[0]
    files = {part.strip().removeprefix(repository + ":") for part in field.split("|")}
    return {f"{repository}:{file}" for file in files} if repository in COLLECTIONS else {repository}


def connected(made_of: dict[str, set[str]]) -> dict[str, str]:
    """One name for all clips that share a source, directly or through others."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    for parts in made_of.values():
        first, *others = sorted(parts)
        for other in others:
            leader[find(other)] = find(first)
    return {clip: find(sorted(parts)[0]) for clip, parts in made_of.items()}


def realset(network: Network, front_end: FrontEnd, folder: Path) -> list[Heard]:
    """The clips of a realset: frame truth from its files where there is any, from the energy of single sources, else absences alone."""
    result = []
    with open(folder / "labels.csv") as file:
        rows = list(csv.DictReader(file))
    source = connected({row["clip"]: origins(row["source"]) for row in rows})
    for row in tqdm(rows, desc="realset", mininterval=5):
        audio = decode(next((folder / "audio").glob(row["clip"] + ".*")))
        present = tuple(c for c in CLASSES if row[c] == "1")
        absent = tuple(c for c in CLASSES if row[c] == "0")
        labels = truth_of(audio, present, absent)
        frames = folder / "frames" / f"{row['clip']}.csv"
        if frames.exists():
            with open(frames) as file:
                spans = list(csv.DictReader(file))
            for name in {span["class"] for span in spans}:
                labels[:, INDEX[name]] = ABSENT
            for span in spans:
                labels[int(float(span["start"]) * RATE / HOP):int(float(span["end"]) * RATE / HOP), INDEX[span["class"]]] = PRESENT
        kind = "noise" if row["clip"].startswith("noise_") else "speech" if "speech" in row["clip"] else \
            "solo" if len(present) == 1 and sum(row[c] == "" for c in CLASSES) <= 3 else "mix"
        result.append(Heard(row["clip"], source[row["clip"]], kind, activities(network, front_end, audio), labels))
    return result


def folds(sources: list[str]) -> dict[str, int]:
    """Two halves of about equally many clips, every source in one of them: the largest sources first, each to the smaller half."""
    sizes, result = Counter(sources), {}
    held = [0, 0]
    for source, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        result[source] = int(held[1] < held[0])
        held[result[source]] += size
    return result
