"""The samples that parts are played with: the corpus index, decoding, and the finished bank of one split."""

import csv
import json
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from ..errors import TrainingError
from .taxonomy import INDEX, index_of

RATE = 44100
#: Held out for validation and for the demo although the index says train: the same recordings as the demo's font.
HELD_OUT_SOURCES = {"fluidr3"}


@dataclass
class Sample:
    """One recording of the bank; `start` and `frames` locate it in the memory map, `peak` is its original peak."""

    name: str
    source: str
    kind: str
    pitch: int | None
    articulation: str
    split: str
    start: int = 0
    frames: int = 0
    peak: float = 1.0


def decode(path: Path, raw_g722: bool = False) -> np.ndarray:
    """Mono float32 at 44.1 kHz of any file that libsndfile (or, for raw G.722, ffmpeg) reads."""
    try:
        if raw_g722:
            pcm = subprocess.run(
                ["ffmpeg", "-v", "error", "-f", "g722", "-i", str(path), "-f", "f32le", "-ac", "1", "-ar", str(RATE), "-"],
                check=True, capture_output=True).stdout
            return np.frombuffer(pcm, "<f4")
        audio, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        raise TrainingError(f"{path}: cannot be decoded ({error}); delete it from the index or fetch it again") from error
    mono = audio.mean(axis=1)
    return mono if rate == RATE else soxr.resample(mono, rate, RATE)


def read_index(corpus: Path) -> list[tuple[Sample, Path]]:
    """The rows of the corpus index; an unknown class or split is an error with its line."""
    index = corpus / "index.csv"
    if not index.exists():
        raise TrainingError(f"{index}: not found; give the corpus folder with --corpus")
    rows = []
    with open(index, newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            if row["class"] not in ("noise", "ir"):
                index_of(row["class"], f"{index}:{number}")
            if row["split"] not in ("train", "valid"):
                raise TrainingError(f"{index}:{number}: unknown split '{row['split']}'")
            split = "valid" if row["source"] in HELD_OUT_SOURCES else row["split"]
            pitch = int(float(row["midi"])) if row["midi"] else None
            rows.append((Sample(row["class"], row["source"], row["kind"], pitch, row["articulation"].lower(), split),
                         corpus / row["path"]))
    return rows


class Bank:
    """The samples of one split, by class and source. `valid` never sees a training source, nor the reverse."""

    def __init__(self, folder: Path, split: str):
        if not (folder / "bank.json").exists():
            raise TrainingError(f"{folder}/bank.json: not found; run `render` with --corpus to build the bank")
        self.audio = np.memmap(folder / "bank.f16", np.float16, "r")
        self.split = split
        self.samples = [Sample(**row) for row in json.loads((folder / "bank.json").read_text()) if row["split"] == split]
        self.by_class: dict[str, dict[str, list[Sample]]] = defaultdict(lambda: defaultdict(list))
        for sample in self.samples:
            self.by_class[sample.name][sample.source].append(sample)

    def load(self, sample: Sample) -> np.ndarray:
        """Peak-normalised float32 audio of a sample."""
        return self.audio[sample.start:sample.start + sample.frames].astype(np.float32)

    def has(self, name: str) -> bool:
        """Whether the split holds any recording of a class."""
        return name in self.by_class and name in INDEX
