"""The demo: a short piece of the project's own, instruments entering one after another, with its truth by energy."""

import csv
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pretty_midi
import soundfile

from ..data.corpus import RATE
from ..errors import TrainingError
from ..data.labels import GAP_FRAMES, HOP, PRESENT, close_gaps, hop_power, label_part

BAR = 2.4
#: A minor, F, C, G: roots and triads as MIDI notes.
CHORDS = [(45, (57, 60, 64)), (41, (57, 60, 65)), (48, (55, 60, 64)), (43, (55, 59, 62))]
#: Tunes as (beats, MIDI pitch or 0 for a rest), four bars each.
TUNE = [(1.5, 76), (.5, 74), (1, 72), (1, 69), (1.5, 77), (.5, 76), (2, 72), (1.5, 79), (.5, 76), (1, 74), (1, 72),
        (1, 74), (1, 71), (1.5, 67), (.5, 0)]
REPLY = [(.5, 69), (.5, 72), (1, 76), (1, 74), (1, 72), (1, 69), (1, 72), (2, 77), (.5, 76), (.5, 79), (1, 84), (1, 79),
         (1, 76), (2, 74), (1, 71), (1, 0)]
LOW = [(3, 52), (1, 50), (3, 53), (1, 52), (2, 55), (2, 52), (3, 50), (1, 0)]
FANFARE = [(1, 69), (.5, 69), (.5, 71), (2, 72), (1, 72), (.5, 74), (.5, 76), (2, 77), (1.5, 76), (.5, 74), (1, 72), (1, 67),
           (3, 74), (1, 0)]


@dataclass
class Player:
    """Who plays what from which bar to which."""

    name: str
    program: int
    bars: tuple[int, int]
    music: str
    transpose: int = 0
    level: float = 1.0


PLAYERS = [
    Player("cello", 42, (0, 4), "low"),
    Player("violin", 40, (4, 8), "tune", 12),
    Player("bassoon", 70, (8, 12), "low", -12),
    Player("trumpet", 56, (12, 16), "fanfare"),
    Player("organ", 16, (16, 19), "pad", 12),
    Player("drums", 0, (19, 25), "beat", 0, 1.6),
    Player("cymbals", 0, (19, 25), "ride", 0, 0.7),
    Player("bass", 33, (21, 25), "walk"),
    Player("trumpet", 56, (23, 25), "fanfare"),
]


def notes_of(player: Player) -> list[pretty_midi.Note]:
    """The notes of one player in seconds."""
    first, last = player.bars
    beat, notes = BAR / 4, []

    def add(bar, position, length, pitch, velocity=92):
        start = bar * BAR + position * beat
        notes.append(pretty_midi.Note(velocity, pitch + player.transpose, start, start + length * beat * 0.97))

    tunes = {"tune": TUNE, "reply": REPLY, "low": LOW, "fanfare": FANFARE}
    for bar in range(first, last):
        root, triad = CHORDS[bar % 4]
        if player.music in tunes and (bar - first) % 4 == 0:
            position = 0.0
            for length, pitch in tunes[player.music]:
                if pitch:
                    add(bar, position, length, pitch, 96 if position % 4 == 0 else 86)
                position += length
        if player.music == "broken":
            add(bar, 0, 4, root - 12, 80)
            for k, degree in enumerate((0, 1, 2, 1, 0, 2, 1, 2)):
                add(bar, k / 2, 1, triad[degree] + (12 if k in (5, 7) else 0), 88 if k % 4 == 0 else 74)
        if player.music == "chords":
            for position in (0, 1.5, 3):
                for pitch in triad:
                    add(bar, position, 1.2, pitch, 84)
        if player.music == "pad":
            for pitch in (root, *triad):
                add(bar, 0, 4.05, pitch, 80)
        if player.music == "walk":
            for position, step in ((0, 0), (1, 7), (2, 12), (3, 7), (3.5, 5)):
                add(bar, position, 0.9 if position < 3 else 0.45, root - 12 + step, 100)
        if player.music == "beat":
            for position, key in ((0, 36), (1, 38), (2, 36), (2.5, 36), (3, 38), (3.75, 36)):
                add(bar, position, 0.2, key, 105)
        if player.music == "ride":
            for k in range(8):
                add(bar, k / 2, 0.5, 51, 100 if k % 2 == 0 else 80)
            if (bar - first) % 2 == 0:
                add(bar, 0, 1, 49, 105)
    return notes


def stem(player: Player, font: Path, frames: int, reverb: bool) -> np.ndarray:
    """One player through FluidSynth, stereo [frames, 2]."""
    midi = pretty_midi.PrettyMIDI()
    track = pretty_midi.Instrument(player.program, is_drum=player.name in ("drums", "cymbals"))
    track.notes = notes_of(player)
    midi.instruments.append(track)
    with tempfile.TemporaryDirectory() as folder:
        midi.write(f"{folder}/part.mid")
        subprocess.run(["fluidsynth", "-niq", "-R", str(int(reverb)), "-C", "0", "-g", "0.6", "-r", str(RATE), "-F",
                        f"{folder}/part.wav", str(font), f"{folder}/part.mid"], check=True, capture_output=True)
        audio = soundfile.read(f"{folder}/part.wav", dtype="float32", always_2d=True)[0]
    result = np.zeros((frames, 2), np.float32)
    result[:min(frames, len(audio))] = audio[:frames]
    return result


def make(font: Path, out: Path, players: list[Player] = PLAYERS) -> None:
    """Writes demo.flac and demo.csv (start, end, class by each stem's energy)."""
    if not font.exists():
        raise TrainingError(f"{font}: soundfont not found; install fluid-soundfont-gm")
    hops = int((max(p.bars[1] for p in players) * BAR + 3.0) * RATE / HOP)
    frames = hops * HOP
    mix, dry = np.zeros((frames, 2), np.float32), []
    for player in players:
        sound, plain = stem(player, font, frames, True), stem(player, font, frames, False).mean(axis=1)
        power = hop_power(plain, hops)
        gain = player.level * 0.1 / np.sqrt(np.percentile(power[power > 1e-9], 95))
        mix += gain * sound
        dry.append((player.name, plain * gain))
    scale = 0.8 / np.abs(mix).max()
    total = hop_power(mix.mean(axis=1), hops) * scale ** 2
    rows = []
    for name in sorted({name for name, _ in dry}):
        power = hop_power(sum(s for n, s in dry if n == name), hops) * scale ** 2
        active = close_gaps(label_part(power, total, None) == PRESENT, 4 * GAP_FRAMES)
        edges = np.flatnonzero(np.diff(np.pad(active, 1).astype(np.int8)))
        rows += [(start * HOP / RATE, end * HOP / RATE, name) for start, end in zip(edges[::2], edges[1::2])]
    out.mkdir(parents=True, exist_ok=True)
    soundfile.write(out / "demo.flac", mix.mean(axis=1) * scale, RATE, subtype="PCM_16", compression_level=1.0)
    with open(out / "demo.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["start", "end", "class"])
        writer.writerows((f"{a:.3f}", f"{b:.3f}", name) for a, b, name in sorted(rows))
