"""Turns a part (a class and its notes) into sound with the samples of one bank."""

from dataclasses import dataclass, field

import numpy as np

from ..data.corpus import RATE, Bank, Sample
from .music import Note
from ..data.taxonomy import RINGING, UNPITCHED, VIBRATO

MAXIMUM_SHIFT = 2.0
#: A note's pitch is labelled until the sound has fallen to this share of its peak.
AUDIBLE = 0.02


@dataclass
class Part:
    """One player: its class, its notes and the samples chosen for it. `unknown` classes may sound in it too.

    `sounded` is filled when it is played: first and last sample of every sound and its pitch (None: not known).
    """

    name: str
    notes: list[Note] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    #: Where real recordings of the part come from.
    origins: tuple[str, ...] = ()
    sounded: list[tuple[int, int, int | None]] = field(default_factory=list)


#: General MIDI sets in the corpus; so is every source whose articulations are programs. They have many notes of a few looped sounds.
MIDI_SETS = {"generalusergs", "jclive", "sblive", "aspirin", "freepats-gus", "fluidr3"}
#: How much less often than recordings of a real instrument they are chosen.
MIDI_WEIGHT = 0.3


def source_weight(source: str, pool: list[Sample]) -> float:
    """How often a source is chosen: by the square root of its size, less for General MIDI sets."""
    midi = source in MIDI_SETS or pool[0].articulation.startswith("program-")
    return np.sqrt(len(pool)) * (MIDI_WEIGHT if midi else 1.0)


def choose_samples(rng, bank: Bank, name: str, kinds=("note",)) -> list[Sample]:
    """One source by its weight, often one articulation of it."""
    pools = {source: [s for s in samples if s.kind in kinds] for source, samples in bank.by_class[name].items()}
    pools = {source: pool for source, pool in pools.items() if pool}
    if not pools:
        return []
    weights = np.array([source_weight(source, pool) for source, pool in pools.items()])
    pool = list(pools.values())[rng.choice(len(pools), p=weights / weights.sum())]
    if rng.random() < 0.6:
        articulation = pool[rng.integers(len(pool))].articulation
        same = [s for s in pool if s.articulation == articulation]
        pool = same if len(same) >= 3 else pool
    return pool


def warp(audio: np.ndarray, ratio: float, frames: int, vibrato: tuple[float, float] | None, glide: float) -> np.ndarray:
    """Reads `audio` at `ratio` speed (4-point Hermite), with vibrato (cents, Hz) and an initial glide (cents)."""
    frames = min(frames, int((len(audio) - 4) / (ratio * 1.04)))
    if frames <= 8:
        return np.zeros(0, np.float32)
    if vibrato or glide:
        time = np.arange(frames) / RATE
        cents = np.zeros(frames)
        if vibrato:
            cents += vibrato[0] * np.sin(2 * np.pi * vibrato[1] * time) * np.minimum(1, time / 0.4)
        cents += glide * np.exp(-time / 0.05)
        position = 1 + np.cumsum(ratio * 2 ** (cents / 1200))
    else:
        position = 1 + np.arange(frames) * ratio
    position = position[position < len(audio) - 3]
    base = position.astype(np.int32)
    x = (position - base).astype(np.float32)
    a, b, c, d = audio[base - 1], audio[base], audio[base + 1], audio[base + 2]
    return b + 0.5 * x * (c - a + x * (2 * a - 5 * b + 4 * c - d + x * (3 * (b - c) + d - a)))


def play(rng, bank: Bank, part: Part, frames: int) -> np.ndarray:
    """The stem of a part, `frames` long, at its own arbitrary level."""
    stem = np.zeros(frames, np.float32)
    tune = rng.normal(0, 0.12)
    dynamics = rng.uniform(3, 24)
    release = rng.uniform(0.02, 0.15)
    damp = rng.random() < 0.5
    wobble = (rng.uniform(5, 45), rng.uniform(4.5, 7)) if part.name in VIBRATO and rng.random() < 0.3 else None
    pitched = [s for s in part.samples if s.pitch is not None]
    for note in part.notes:
        start = int(note.start * RATE)
        if start >= frames:
            continue
        if note.pitch is not None and pitched:
            shifts = np.array([note.pitch - s.pitch for s in pitched], float)
            shifts -= 12 * np.round(shifts / 12) * (np.abs(shifts).min() > MAXIMUM_SHIFT)
            near = np.flatnonzero(np.abs(shifts) <= max(np.abs(shifts).min(), 1.0))
            pick = near[rng.integers(len(near))]
            sample, shift = pitched[pick], float(np.clip(shifts[pick], -MAXIMUM_SHIFT, MAXIMUM_SHIFT))
        else:
            sample = part.samples[rng.integers(len(part.samples))]
            # A talker read faster or slower is another talker.
            shift = 0.0 if sample.kind in ("phrase", "loop") else rng.normal(0, 1.2 if sample.kind == "speech" else 0.7)
            shift = float(np.clip(shift, -MAXIMUM_SHIFT, MAXIMUM_SHIFT))
        ratio = 2 ** ((shift + tune + rng.normal(0, 0.04)) / 12)
        ring = part.name in UNPITCHED or sample.kind in ("hit", "phrase", "speech", "sung", "loop", "chord") \
            or (part.name in RINGING and not damp)
        wanted = frames - start if ring else min(frames - start, int((note.duration + release) * RATE))
        source = bank.load(sample)[:int(wanted * ratio * 1.05) + 8]
        glide = rng.uniform(-150, 60) if part.name == "voice" and sample.kind == "note" and rng.random() < 0.3 else 0.0
        sound = warp(source, ratio, wanted, wobble, glide)
        if not len(sound):
            continue
        fade = min(len(sound), int(release * RATE))
        sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32) ** 2
        sound *= 10 ** (dynamics * (note.velocity - 1) / 20)
        stem[start:start + len(sound)] += sound[:frames - start]
        loud = np.flatnonzero(np.abs(sound) > AUDIBLE * np.abs(sound).max())
        if len(loud) and part.name not in UNPITCHED:
            known = sample.pitch is not None and sample.kind == "note"
            part.sounded.append((start, min(frames, start + int(loud[-1])), round(sample.pitch + shift) if known else None))
    return stem
