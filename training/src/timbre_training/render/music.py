"""Generated material: melodies, chords, arpeggios, held notes, lone strokes and drum patterns as lists of notes."""

from dataclasses import dataclass

import numpy as np

from ..data.taxonomy import CHORDAL, RANGES, UNPITCHED

SCALES = ([0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10], [0, 2, 3, 5, 7, 8, 11], [0, 2, 4, 7, 9], [0, 3, 5, 6, 7, 10])


@dataclass
class Note:
    """A note in seconds; `pitch` in MIDI, None for strokes; `velocity` 0..1."""

    start: float
    duration: float
    pitch: int | None
    velocity: float


@dataclass
class Key:
    """What the parts of one clip share: tempo (seconds a beat), tonic and scale."""

    beat: float
    tonic: int
    scale: list[int]

    @staticmethod
    def random(rng: np.random.Generator) -> "Key":
        return Key(60 / rng.uniform(55, 170), int(rng.integers(12)), SCALES[rng.integers(len(SCALES))])

    def pitches(self, low: int, high: int) -> np.ndarray:
        """The notes of the scale within a range."""
        return np.array([p for p in range(low, high + 1) if (p - self.tonic) % 12 in self.scale] or [low])


def melody(rng, key: Key, name: str, begin: float, end: float) -> list[Note]:
    """A random walk on the scale in mixed rhythms, staccato to legato."""
    ladder = key.pitches(*RANGES[name])
    step = int(rng.integers(len(ladder)))
    legato, wide = rng.uniform(0.3, 1.05), int(rng.choice([1, 2, 4]))
    rhythm = rng.choice([0.25, 0.5, 1.0, 2.0], size=3)
    notes, time = [], begin
    while time < end:
        length = key.beat * float(rng.choice(rhythm))
        if rng.random() > 0.12:
            notes.append(Note(time, min(length * legato, end - time), int(ladder[step]), rng.uniform(0.5, 1)))
        time += length
        step = int(np.clip(step + rng.integers(-wide, wide + 1), 0, len(ladder) - 1))
    return notes


def held(rng, key: Key, name: str, begin: float, end: float) -> list[Note]:
    """Long notes with or without gaps."""
    ladder, notes, time = key.pitches(*RANGES[name]), [], begin
    gap = rng.choice([0.0, 0.1, 0.6])
    while time < end:
        length = rng.uniform(1.2, 4.0)
        notes.append(Note(time, min(length, end - time), int(rng.choice(ladder)), rng.uniform(0.4, 1)))
        time += length + gap * rng.uniform(0.5, 1.5)
    return notes


def lone(rng, key: Key, name: str, begin: float, end: float) -> list[Note]:
    """Single notes or strokes with silence around each, often one note repeated."""
    low, high = RANGES.get(name, (60, 60))
    notes, time = [], begin + rng.uniform(0, 1.0)
    same, pitch = rng.random() < 0.4, int(rng.integers(low, high + 1))
    while time < end - 0.2:
        length = rng.uniform(0.15, 3.5)
        pitch = pitch if same else int(rng.integers(low, high + 1))
        notes.append(Note(time, length, None if name in UNPITCHED else pitch, rng.uniform(0.3, 1)))
        time += length + rng.uniform(0.1, 2.5)
    return notes


def chords(rng, key: Key, name: str, begin: float, end: float) -> list[Note]:
    """Struck or strummed triads and sevenths, once or several times a bar."""
    ladder = key.pitches(*RANGES[name])
    pace, strum = key.beat * float(rng.choice([0.5, 1, 2, 4])), rng.choice([0.0, 0.012, 0.03])
    notes, time, root = [], begin, int(rng.integers(max(1, len(ladder) - 8)))
    while time < end:
        if rng.random() < 0.4:
            root = int(rng.integers(max(1, len(ladder) - 8)))
        voices = [root + 2 * k for k in range(int(rng.integers(2, 6)))]
        velocity = rng.uniform(0.5, 1)
        notes += [Note(time + strum * k, min(pace * rng.uniform(0.5, 1.1), end - time), int(ladder[v]), velocity)
                  for k, v in enumerate(voices) if v < len(ladder)]
        time += pace
    return notes


def arpeggio(rng, key: Key, name: str, begin: float, end: float) -> list[Note]:
    """Broken chords, up or down."""
    ladder, pace = key.pitches(*RANGES[name]), key.beat * float(rng.choice([0.25, 0.5]))
    pattern = np.cumsum(rng.choice([1, 2, 2, 3], size=int(rng.integers(3, 7))))
    if rng.random() < 0.4:
        pattern = pattern[::-1]
    notes, time, count, root = [], begin, 0, 0
    ring = rng.uniform(0.8, 3)
    while time < end:
        if count % len(pattern) == 0 and rng.random() < 0.6:
            root = int(rng.integers(max(1, len(ladder) - 12)))
        pitch = ladder[min(len(ladder) - 1, root + int(pattern[count % len(pattern)]))]
        notes.append(Note(time, min(pace * ring, end - time), int(pitch), rng.uniform(0.5, 1)))
        time, count = time + pace, count + 1
    return notes


def pattern(rng, key: Key, density: float, begin: float, end: float) -> list[Note]:
    """Strokes on a 16-step grid that repeats each bar; for one voice of a kit."""
    grid = rng.random(16) < density * np.tile([1.0, 0.3, 0.7, 0.3], 4)
    grid[0] |= not grid.any()
    notes, step, count = [], key.beat / 4, 0
    while begin + count * step < end:
        if grid[count % 16] and rng.random() < 0.95:
            start = begin + count * step + rng.normal(0, 0.004)
            notes.append(Note(max(0.0, start), 3.0, None, rng.uniform(0.4, 1)))
        count += 1
    return notes


def generate(rng, key: Key, name: str, begin: float, end: float, solo: bool) -> list[Note]:
    """Material of a random kind that suits the class."""
    kinds = [melody, held, melody, lone] if solo else [melody, melody, held]
    if name == "bass":
        kinds += [melody, melody]
    if name in CHORDAL:
        kinds += [chords, arpeggio]
    if name in ("piano", "guitar", "organ", "synthesizer", "ukulele"):
        kinds += [chords, arpeggio]
    return kinds[rng.integers(len(kinds))](rng, key, name, begin, end)
