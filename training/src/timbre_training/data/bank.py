"""Builds the sample bank: corpus files, soundfont notes, speech and sung lines, decoded once into one memory map."""

import json
import subprocess
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pretty_midi
from tqdm import tqdm

from .corpus import RATE, Sample, decode, read_index
from ..errors import TrainingError
from .landmarks import Recordings, recordings
from ..render.singing import extend_band, sing
from .taxonomy import GM_CYMBALS, GM_DRUMS, GM_PROGRAMS, RANGES

#: Longest piece of an utterance that is kept, in seconds.
UTTERANCE = 7


def read_speech(folder: Path, limit: int) -> list[tuple[Sample, Path]]:
    """Recorded prompts (`<voice>/*.g722` as in Debian's asterisk-core-sounds), at most `limit` a voice."""
    rows = []
    for voice in sorted(path for path in folder.glob("*") if path.is_dir() and not path.is_symlink()):
        files = sorted(voice.glob("*.g722"), key=lambda path: -path.stat().st_size)[:limit]
        split = "valid" if "ru_RU" in voice.name else "train"
        rows += [(Sample("voice", f"asterisk-{voice.name}", "speech", None, "speech", split), path) for path in files]
    return rows


def soundfont_notes(font: Path, split: str, step: int = 3, seconds: float = 3.0) -> list[tuple[Sample, np.ndarray]]:
    """Samples a soundfont through FluidSynth: every program of `GM_PROGRAMS` each `step` semitones, and the drum kit."""
    if not font.exists():
        raise TrainingError(f"{font}: soundfont not found; install the Debian package that carries it")
    with open(font, "rb") as file:
        # FluidSynth itself goes on without a word.
        if file.read(12)[8:] != b"sfbk":
            raise TrainingError(f"{font}: no soundfont (SF2); install the Debian package that carries it again")
    jobs = [(name, program, list(range(RANGES[name][0], RANGES[name][1] + 1, step)), False)
            for name, programs in GM_PROGRAMS.items() for program in programs]
    jobs += [("drums", 0, list(GM_DRUMS), True), ("cymbals", 0, list(GM_CYMBALS), True)]
    notes = []
    for name, program, keys, drum in tqdm(jobs, desc=font.name, mininterval=5):
        for velocity in (70, 115) if not drum else (60, 90, 120):
            midi = pretty_midi.PrettyMIDI()
            track = pretty_midi.Instrument(program, is_drum=drum)
            track.notes = [pretty_midi.Note(velocity, key, number * (seconds + 1), number * (seconds + 1) + seconds - 0.4)
                           for number, key in enumerate(keys)]
            midi.instruments.append(track)
            with tempfile.TemporaryDirectory() as folder:
                midi.write(f"{folder}/notes.mid")
                synthesize(font, Path(folder) / "notes.mid", Path(folder) / "notes.wav")
                audio = decode(Path(folder) / "notes.wav")
            for number, key in enumerate(keys):
                first = int(number * (seconds + 1) * RATE)
                note = trim(audio[first:first + int(seconds * RATE)])
                if len(note) > RATE // 50:
                    notes.append((Sample(name, font.stem, "hit" if drum else "note", None if drum else key,
                                         f"program-{program}", split), note))
    return notes


def synthesize(font: Path, midi: Path, out: Path) -> None:
    """FluidSynth's rendering of a MIDI file, without reverb and chorus."""
    try:
        subprocess.run(["fluidsynth", "-niq", "-R", "0", "-C", "0", "-g", "0.7", "-r", str(RATE), "-F", str(out), str(font), str(midi)],
                       check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise TrainingError(f"{font}: FluidSynth cannot play it ({error}); install the Debian package fluidsynth") from error


def trim(note: np.ndarray) -> np.ndarray:
    """Cuts what lies 60 dB below the peak at both ends."""
    loud = np.flatnonzero(np.abs(note) > 1e-3 * max(1e-9, np.abs(note).max()))
    return note[loud[0]:loud[-1] + 1] if len(loud) and np.abs(note).max() > 1e-4 else note[:0]


def voices(rows: list[tuple[Sample, Path]]):
    """Every utterance as it is spoken (with the band above 7 kHz restored), and sung."""
    for number, (sample, path) in enumerate(tqdm(rows, desc="speech", mininterval=5)):
        rng = np.random.default_rng((77, number))
        audio = decode(path, raw_g722=True)[:UTTERANCE * RATE]
        if len(audio) < RATE // 2 or np.abs(audio).max() < 0.01:
            continue
        yield sample, trim(extend_band(rng, audio))
        yield replace(sample, kind="sung", articulation="sung"), trim(sing(rng, audio))


def build(target: Path, corpus: Path, fonts: list[tuple[Path, str]], speech: Path | None, speech_limit: int,
          never: Path | None = None) -> None:
    """Writes `bank.f16` (peak-normalised samples) and, last, `bank.json`; takes some minutes, once.

    Corpus files that are copies of a recording in the folder `never`, or parts of one, are left out and named.
    """
    tested = recordings(never) if never else Recordings()
    target.mkdir(parents=True, exist_ok=True)
    rows, position = [], 0
    with open(target / "bank.f16", "wb") as out:
        def add(sample: Sample, audio: np.ndarray) -> None:
            nonlocal position
            if sample.kind == "ir":
                audio = audio[max(0, int(np.argmax(np.abs(audio))) - 20):]
            peak = float(np.abs(audio).max()) if len(audio) else 0.0
            if np.isfinite(peak) and peak > 0:
                rows.append(asdict(replace(sample, start=position, frames=len(audio), peak=peak)))
                out.write((audio / peak).astype(np.float16).tobytes())
                position += len(audio)

        for sample, path in tqdm(read_index(corpus), desc="corpus", mininterval=5):
            audio = decode(path)
            if copied := tested.copy_of(audio):
                tqdm.write(f"{path}: left out, it is a copy of {copied} in {never}")
            else:
                add(sample, audio)
        for sample, audio in voices(read_speech(speech, speech_limit) if speech else []):
            add(sample, audio)
        for font, split in fonts:
            for sample, audio in soundfont_notes(font, split):
                add(sample, audio)
    (target / "bank.json").write_text(json.dumps(rows))
