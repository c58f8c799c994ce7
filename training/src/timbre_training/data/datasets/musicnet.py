"""MusicNet (Thickstun et al. 2017): `{train,test}_data/ID.wav` and `{train,test}_labels/ID.csv`, times in samples at 44.1 kHz."""

import csv
from functools import partial
from pathlib import Path

import numpy as np

from ...errors import TrainingError
from ..taxonomy import INDEX
from .tracks import Track, blank, folder, key, mark

#: Its instruments by General MIDI program, counted from 1; the harpsichord is none of the classes.
PROGRAMS = {1: "piano", 7: None, 41: "violin", 42: "viola", 43: "cello", 44: "bass", 61: "horn", 69: "oboe", 71: "bassoon",
            72: "clarinet", 74: "flute"}


def tracks(root: Path) -> list[Track]:
    """All recordings; the ten test recordings are of split `test`."""
    root = root / "musicnet" if (root / "musicnet").is_dir() else root
    found = []
    for split in ("train", "test"):
        labels = folder(root, f"{split}_labels")
        for audio in sorted(folder(root, f"{split}_data").glob("*.wav")):
            file = labels / f"{audio.stem}.csv"
            if not file.exists():
                raise TrainingError(f"{file}: not found; every recording of MusicNet has its labels")
            found.append(Track(audio.stem, split, audio, partial(truth, file)))
    return found


def truth(file: Path, hops: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels and pitch labels of one file; everything that plays in MusicNet is written down."""
    labels, pitches = blank(hops)
    with open(file, newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            try:
                start, end, program, note = (int(row[name]) for name in ("start_time", "end_time", "instrument", "note"))
            except (KeyError, TypeError, ValueError) as error:
                raise TrainingError(f"{file}:{number}: not a label of MusicNet ({error!r})") from error
            if program not in PROGRAMS:
                raise TrainingError(f"{file}:{number}: unknown instrument {program}; MusicNet has {sorted(PROGRAMS)}")
            if PROGRAMS[program]:
                mark(labels, start, end, INDEX[PROGRAMS[program]])
            if key(note) is not None:
                mark(pitches, start, end, key(note))
    return labels, pitches
