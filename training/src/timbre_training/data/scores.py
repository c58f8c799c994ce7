"""Real scores as note lists: MusicXML (.mxl) by its note elements, MIDI by pretty_midi."""

import json
import zipfile
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pretty_midi
from tqdm import tqdm

from ..errors import TrainingError

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def read_mxl(path: Path) -> list[list[tuple[float, float, int]]]:
    """Parts as (onset, duration, MIDI pitch) in quarter notes; ties are joined, transposition applied."""
    try:
        with zipfile.ZipFile(path) as archive:
            name = next(n for n in archive.namelist() if n.endswith((".xml", ".musicxml")) and not n.startswith("META"))
            root = ElementTree.fromstring(archive.read(name))
    except (zipfile.BadZipFile, StopIteration, ElementTree.ParseError, OSError) as error:
        raise TrainingError(f"{path}: not a readable MusicXML file ({error})") from error
    return [read_part(part) for part in root.findall("part")]


def read_part(part: ElementTree.Element) -> list[tuple[float, float, int]]:
    """One part of a partwise score."""
    notes, ties = [], {}
    divisions, transpose, now, last = 1.0, 0, 0.0, 0.0
    for measure in part.findall("measure"):
        start, furthest = now, now
        for element in measure:
            if element.tag == "attributes":
                divisions = float(element.findtext("divisions") or divisions)
                transpose = int(float(element.findtext("transpose/chromatic") or transpose))
            elif element.tag in ("backup", "forward"):
                step = float(element.findtext("duration") or 0) / divisions
                now += step if element.tag == "forward" else -step
            elif element.tag == "note" and element.find("grace") is None:
                length = float(element.findtext("duration") or 0) / divisions
                onset = last if element.find("chord") is not None else now
                pitch = element.find("pitch")
                if pitch is not None and length > 0:
                    midi = (12 * (int(pitch.findtext("octave")) + 1) + STEPS[pitch.findtext("step")]
                            + int(float(pitch.findtext("alter") or 0)) + transpose)
                    kinds = {tie.get("type") for tie in element.findall("tie")}
                    if "stop" in kinds and midi in ties:
                        index = ties.pop(midi)
                        notes[index] = (notes[index][0], onset + length - notes[index][0], midi)
                    else:
                        index = len(notes)
                        notes.append((onset, length, midi))
                    if "start" in kinds:
                        ties[midi] = index
                if element.find("chord") is None:
                    last, now = now, now + length
            furthest = max(furthest, now)
        now = max(furthest, start)
    return sorted(notes)


def read_midi(path: Path) -> list[list[tuple[float, float, int]]]:
    """Tracks as (onset, duration, pitch) in half seconds, which is a quarter note at 120."""
    try:
        midi = pretty_midi.PrettyMIDI(str(path))
    except (OSError, ValueError, EOFError, KeyError) as error:
        raise TrainingError(f"{path}: not a readable MIDI file ({error})") from error
    return [sorted((2 * n.start, 2 * (n.end - n.start), n.pitch) for n in track.notes) for track in midi.instruments]


def folder_of(name: str) -> Path:
    """The folder of scores of that path; `music21` stands for the corpus that comes with that package."""
    if name != "music21":
        return Path(name)
    package = find_spec("music21")
    if package is None:
        raise TrainingError("music21: not installed, so its corpus cannot be read; pip install music21, or leave it out of --scores")
    return Path(package.origin).parent / "corpus"


def build(names: list[str], target: Path) -> None:
    """Writes all pieces of these folders to one JSON file, each a list of parts."""
    pieces = []
    for folder in map(folder_of, names):
        found = len(pieces)
        for path in tqdm(sorted(folder.rglob("*.mxl")) + sorted(folder.rglob("*.mid")), desc=folder.name, mininterval=5):
            parts = [part for part in (read_mxl if path.suffix == ".mxl" else read_midi)(path) if len(part) > 20]
            if parts:
                pieces.append(parts)
        if len(pieces) == found:
            raise TrainingError(f"{folder}: no scores (.mxl, .mid) found; give the folder with --scores")
    target.write_text(json.dumps(pieces))


class ScoreBook:
    """Pieces as arrays, ready to be cut."""

    def __init__(self, path: Path):
        self.pieces = [[np.array(part) for part in piece] for piece in json.loads(path.read_text())]

    def excerpt(self, rng, beats: float) -> list[np.ndarray]:
        """The parts of a random passage, onsets from 0; notes cut at its end."""
        for _ in range(20):
            piece = self.pieces[rng.integers(len(self.pieces))]
            end = max(part[-1, 0] for part in piece)
            start = rng.uniform(0, max(0.1, end - beats))
            cut = []
            for part in piece:
                inside = part[(part[:, 0] >= start) & (part[:, 0] < start + beats)].copy()
                inside[:, 0] -= start
                if len(inside) >= 3:
                    cut.append(inside)
            if cut:
                return cut
        return []
