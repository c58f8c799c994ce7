"""MedleyDB (Bittner et al. 2014): `Audio/TRACK/TRACK_{MIX.wav,METADATA.yaml,STEMS/}` and, where there, activation confidences."""

import csv
from functools import partial
from pathlib import Path

import numpy as np

from ..corpus import RATE
from ...errors import TrainingError
from ..labels import HOP, PRESENT, UNKNOWN
from ..taxonomy import CLASSES, INDEX
from .stems import label, powers, read_metadata
from .tracks import Track, blank, folder

#: Its instruments that are one of the classes under another name.
NAMES = {"acoustic guitar": "guitar", "clean electric guitar": "guitar", "distorted electric guitar": "guitar", "lap steel guitar": "guitar",
         "double bass": "bass", "electric bass": "bass", "drum set": "drums", "kick drum": "drums", "snare drum": "drums", "toms": "drums",
         "bass drum": "drums", "cymbal": "cymbals", "high hat": "cymbals", "tack piano": "piano", "electric piano": "piano",
         "male singer": "voice", "female singer": "voice", "male speaker": "voice", "female speaker": "voice", "male rapper": "voice",
         "female rapper": "voice", "vocalists": "voice", "choir": "voice", "beatboxing": "voice", "male screamer": "voice",
         "female screamer": "voice", "french horn": "horn", "electronic organ": "organ", "vibraphone": "mallet_percussion",
         "glockenspiel": "mallet_percussion", "xylophone": "mallet_percussion", "marimba": "mallet_percussion",
         "alto saxophone": "saxophone", "tenor saxophone": "saxophone", "baritone saxophone": "saxophone", "soprano saxophone": "saxophone",
         "bass clarinet": "clarinet", "piccolo": "flute"}
#: Sections and machines that leave several classes open.
VAGUE = {"violin section": ("violin",), "viola section": ("viola",), "cello section": ("cello",), "string section": ("violin", "viola", "cello", "bass"),
         "brass section": ("trumpet", "trombone", "horn"), "horn section": ("trumpet", "trombone", "saxophone", "horn"), "drum machine": ("drums", "cymbals"),
         "auxiliary percussion": ("drums", "cymbals"), "fx/processed sound": tuple(CLASSES), "sampler": tuple(CLASSES), "scratches": (),
         "Main System": tuple(CLASSES), "Unlabeled": tuple(CLASSES)}
#: A stem is active where its confidence reaches this, as the dataset's authors propose.
CONFIDENT = 0.5


def tracks(root: Path, held_out: int = 5) -> list[Track]:
    """All tracks; MedleyDB has no split, so every `held_out`-th artist by name is of split `valid`."""
    found = sorted(folder(root, "Audio").glob("*/*_METADATA.yaml"))
    artists = sorted({file.name.split("_")[0] for file in found})
    confidences = root / "Annotations" / "Instrument_Activations" / "ACTIVATION_CONF"
    result = []
    for file in found:
        name = file.name.removesuffix("_METADATA.yaml")
        mix, activation = file.with_name(f"{name}_MIX.wav"), confidences / f"{name}_ACTIVATION_CONF.lab"
        if not mix.exists():
            raise TrainingError(f"{mix}: not found; the metadata alone is not enough")
        split = "valid" if artists.index(name.split("_")[0]) % held_out == 0 else "train"
        result.append(Track(name, split, mix, partial(truth, file, activation if activation.exists() else None)))
    return result


def classes(instrument: str) -> tuple[str | None, tuple[str, ...]]:
    """The sure class of an instrument and those that it leaves open; an instrument of another kind leaves none open."""
    name = NAMES.get(instrument, instrument.replace(" ", "_"))
    if instrument == "drum set":
        return "drums", ("cymbals",)
    return (name, ()) if name in INDEX else (None, VAGUE.get(instrument, ()))


def truth(metadata: Path, activation: Path | None, hops: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels by the published confidences or, without them, by the stems' energy; pitches are unknown."""
    rows = read_metadata(metadata)
    named = {name: classes(str(row.get("instrument", "Unlabeled"))) for name, row in rows.items()}
    labels, pitches = blank(hops)
    pitches[:] = UNKNOWN
    if activation:
        from_confidences(labels, activation, named)
    else:
        stems = metadata.with_name(metadata.name.replace("_METADATA.yaml", "_STEMS"))
        label(labels, powers({name: stems / str(row["filename"]) for name, row in rows.items()}, hops), named)
    return labels, pitches


def from_confidences(labels: np.ndarray, file: Path, named: dict[str, tuple[str | None, tuple[str, ...]]]) -> None:
    """Reads `time,S01,S02,...`, holds every row until the next one."""
    with open(file, newline="") as lines:
        rows = list(csv.reader(lines))
    try:
        header, table = rows[0], np.array(rows[1:], float)
        times = table[:, 0]
    except (IndexError, ValueError) as error:
        raise TrainingError(f"{file}: not a table of activation confidences ({error!r})") from error
    at = np.searchsorted(times, (np.arange(len(labels)) + 1) * HOP / RATE, side="right") - 1
    for column, stem in enumerate(header[1:], 1):
        if stem not in named:
            raise TrainingError(f"{file}:1: stem '{stem}' is not in the track's metadata")
        active = np.where(at >= 0, table[np.maximum(at, 0), column], 0) >= CONFIDENT
        sure, vague = named[stem]
        if sure:
            labels[active, INDEX[sure]] = PRESENT
        for other in vague:
            where = active & (labels[:, INDEX[other]] != PRESENT)
            labels[where, INDEX[other]] = UNKNOWN
