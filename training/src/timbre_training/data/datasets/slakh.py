"""Slakh2100 (Manilow et al. 2019): `{train,validation,test}/TrackNNNNN/` with mix, stems, MIDI and metadata.yaml."""

from functools import partial
from pathlib import Path

import numpy as np
import pretty_midi

from ..corpus import RATE
from ...errors import TrainingError
from ..labels import UNKNOWN
from ..taxonomy import GM_PROGRAMS
from .stems import label, powers, read_metadata
from .tracks import Track, blank, folder, key, mark

SPLITS = {"train": "train", "validation": "valid", "test": "test"}
BY_PROGRAM = {program: name for name, programs in GM_PROGRAMS.items() for program in programs}
#: Its classes of instruments, where the program alone does not tell, and what they leave open.
VAGUE = {"Strings (continued)": ("violin", "viola", "cello", "bass"), "Strings": ("violin", "viola", "cello", "bass"),
         "Ensemble": ("violin", "viola", "cello", "bass", "voice"), "Brass": ("trumpet", "trombone", "horn"),
         "Reed": ("saxophone", "clarinet", "oboe", "bassoon", "accordion"), "Pipe": ("flute",), "Organ": ("organ", "accordion"),
         "Guitar": ("guitar",), "Bass": ("bass",), "Piano": ("piano",), "Chromatic Percussion": ("mallet_percussion",),
         "Synth Lead": ("synthesizer",), "Synth Pad": ("synthesizer",), "Sound Effects": ("synthesizer",), "Drums": ("drums", "cymbals"),
         "Percussive": ("drums", "cymbals", "mallet_percussion"), "Ethnic": ("banjo", "guitar", "mallet_percussion")}


def tracks(root: Path) -> list[Track]:
    """All tracks; folders of other names, as `omitted`, are left out."""
    found = []
    for name, split in SPLITS.items():
        for metadata in sorted(folder(root, name).glob("Track*/metadata.yaml")):
            found.append(Track(metadata.parent.name, split, audio(metadata.parent, "mix"), partial(truth, metadata)))
    return found


def audio(where: Path, name: str) -> Path:
    """A recording as FLAC or as WAV."""
    for suffix in (".flac", ".wav"):
        if (where / f"{name}{suffix}").exists():
            return where / f"{name}{suffix}"
    raise TrainingError(f"{where / name}.flac: not found, nor as .wav")


def classes(row: dict) -> tuple[str | None, tuple[str, ...]]:
    """The sure class of a stem and those it leaves open."""
    if row.get("is_drum"):
        return "drums", ("cymbals",)
    sure = BY_PROGRAM.get(row.get("program_num"))
    return sure, () if sure else VAGUE.get(row.get("inst_class"), ())


def truth(metadata: Path, hops: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels by the stems' energy, pitches by their MIDI."""
    rows = {name: row for name, row in read_metadata(metadata).items() if row.get("audio_rendered")}
    labels, pitches = blank(hops)
    where = metadata.parent
    if rows:
        label(labels, powers({name: audio(where / "stems", name) for name in rows}, hops), {n: classes(r) for n, r in rows.items()})
    for name, row in rows.items():
        file = where / "MIDI" / f"{name}.mid"
        if row.get("is_drum"):
            continue
        if not file.exists():
            pitches[:] = UNKNOWN
            break
        try:
            played = pretty_midi.PrettyMIDI(str(file)).instruments
        except (OSError, ValueError, EOFError, KeyError, IndexError) as error:
            raise TrainingError(f"{file}: no MIDI can be read from it ({error!r})") from error
        for note in (note for part in played for note in part.notes if key(note.pitch) is not None):
            mark(pitches, note.start * RATE, note.end * RATE, key(note.pitch))
    return labels, pitches
