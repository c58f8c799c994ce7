"""Makes labelled clips: solos, players in turn, random mixes, bands, real scores and clips without any instrument."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tqdm import tqdm

from . import effects, music
from ..data import real, teacher
from ..data.corpus import RATE, Bank
from ..errors import TrainingError
from ..data.labels import (
    ABSENT, FLOOR_DBFS, HOP, KEYS, PRESENT, RANGE_DB, RECORDED_RANGE_DB, UNKNOWN, hop_power, label_part, merge, pitch_labels, soft_labels)
from .music import Key, Note
from .player import Part, choose_samples, play
from ..data.scores import ScoreBook
from ..data.taxonomy import CHORDAL, CLASSES, INDEX, RANGES, UNPITCHED

#: Kind of clip and how often; `talk`, speech alone, `real`, clips around real recordings, and `taught`, passages of music without
#: labels that a teacher has heard, are made on demand (speech is heard in the other kinds too).
KINDS = {"solo": 0.38, "turns": 0.10, "mix": 0.17, "score": 0.13, "band": 0.10, "empty": 0.12, "talk": 0.0, "real": 0.0, "taught": 0.0}
#: What a clip of kind `real` is made of: one player, players in turn, a player with rendered accompaniment, players of different
#: recordings at once, the stems of a song.
REAL = {"alone": 0.34, "turns": 0.14, "accompanied": 0.28, "together": 0.14, "song": 0.10}
CROWD_WORDS = ("crowd", "cheer", "laugh", "voice", "talk", "applause", "party", "people", "burp", "cough", "child", "baby")


@dataclass
class Clip:
    """Audio at full scale 1, labels [hops, 24], pitch labels [hops, 88] and a record of how it was made."""

    audio: np.ndarray
    labels: np.ndarray
    pitches: np.ndarray
    record: dict = field(default_factory=dict)


class Renderer:
    """Clips of one split; every clip is a function of its seed alone."""

    def __init__(self, bank: Bank, scores: ScoreBook | None, seconds: float = 12.0, recordings: real.RealBank | None = None):
        self.bank, self.scores, self.recordings = bank, scores, recordings
        self.hops = int(seconds * RATE / HOP)
        self.frames = self.hops * HOP
        self.seconds = self.frames / RATE
        self.classes = [name for name in CLASSES if bank.has(name)]
        if not self.classes:
            raise TrainingError(f"the bank holds no samples of split '{bank.split}'")
        if not bank.by_class.get("noise"):
            raise TrainingError(f"the bank holds no noise of split '{bank.split}'; a model must hear some to stay silent")

    def part(self, rng, name: str, key: Key, begin: float, end: float, solo: bool) -> list[Part]:
        """One player between two times; a drum kit gives several parts."""
        if name in UNPITCHED:
            return self.kit(rng, name, key, begin, end, solo)
        kind = rng.random()
        if name == "voice" and kind < 0.6:
            return self.speech(rng, begin, end)
        if kind < (0.5 if name == "synthesizer" else 0.15) or (name == "ukulele" and kind < 0.4):
            samples = choose_samples(rng, self.bank, name, ("phrase", "chord"))
            if samples:
                return [Part(name, self.in_line(rng, samples, begin, end), samples)]
        samples = choose_samples(rng, self.bank, name) or choose_samples(rng, self.bank, name, ("phrase", "chord"))
        return [Part(name, music.generate(rng, key, name, begin, end, solo), samples)] if samples else []

    def in_line(self, rng, samples, begin: float, end: float) -> list[Note]:
        """Start times for whole recordings one after another."""
        mean = np.mean([s.frames for s in samples]) / RATE
        notes, time = [], begin + rng.uniform(0, 0.5)
        while time < end - 0.2:
            notes.append(Note(time, mean, None, rng.uniform(0.7, 1)))
            time += mean + rng.uniform(0.0, 1.0)
        return notes

    def speech(self, rng, begin: float, end: float) -> list[Part]:
        """A talker or a singer; speech counts as voice."""
        samples = choose_samples(rng, self.bank, "voice", ("speech", "phrase") if rng.random() < 0.4 else ("sung",))
        samples = samples or choose_samples(rng, self.bank, "voice", ("speech", "phrase"))
        return [Part("voice", self.in_line(rng, samples, begin, end), samples)] if samples else []

    def kit(self, rng, name: str, key: Key, begin: float, end: float, solo: bool) -> list[Part]:
        """Strokes of one drum or cymbal, a pattern on a few of them, or a whole loop."""
        if name == "drums" and rng.random() < 0.08:
            loops = choose_samples(rng, self.bank, name, ("loop",))
            if loops:
                loop = loops[rng.integers(len(loops))]
                times = np.arange(begin, end, loop.frames / RATE)
                return [Part(name, [Note(t, 8, None, 1) for t in times], [loop], ("cymbals",))]
        hits = choose_samples(rng, self.bank, name, ("hit",))
        if not hits:
            return []
        if solo and rng.random() < 0.5:
            few = [hits[k] for k in rng.integers(len(hits), size=int(rng.integers(1, 4)))]
            return [self.struck(name, music.lone(rng, key, name, begin, end), few)]
        voices = int(rng.integers(1, 4))
        return [self.struck(name, music.pattern(rng, key, rng.uniform(0.15, 0.9), begin, end), [hits[rng.integers(len(hits))]])
                for _ in range(voices)]

    @staticmethod
    def struck(name: str, notes: list[Note], samples) -> Part:
        """A hi-hat alone says nothing about whether one calls it drums."""
        hat = name == "cymbals" and any("hat" in s.articulation for s in samples)
        return Part(name, notes, samples, ("drums",) if hat else ())

    def compose(self, rng, kind: str) -> list[Part]:
        """The parts of one clip."""
        key, end = Key.random(rng), self.seconds
        begin = rng.uniform(0.3, 2) if rng.random() < 0.3 else 0.0
        stop = rng.uniform(end * 0.5, end) if rng.random() < 0.3 else end
        pick = lambda: self.classes[rng.integers(len(self.classes))]
        if kind == "solo":
            return self.part(rng, pick(), key, begin, stop, True)
        if kind == "talk":
            samples = choose_samples(rng, self.bank, "voice", ("speech",))
            return [Part("voice", self.in_line(rng, samples, begin, stop), samples)] if samples else []
        if kind == "turns":
            edges = np.sort(rng.uniform(0, end, size=int(rng.integers(1, 4))))
            starts, ends = np.concatenate([[begin], edges]), np.concatenate([edges, [end]])
            return [p for a, b in zip(starts, ends) if b - a > 0.4
                    for p in self.part(rng, pick(), key, a, min(end, b + rng.uniform(-0.3, 1.5)), True)]
        if kind == "mix":
            names = rng.choice(self.classes, size=min(len(self.classes), int(rng.choice([2, 2, 3, 3, 4, 5, 6]))), replace=False)
            return [p for name in names for p in self.part(rng, str(name), key, *self.window(rng, end), False)]
        if kind == "band":
            names = ["drums", "cymbals", "bass"] + [str(rng.choice(["guitar", "piano", "organ", "synthesizer", "guitar", "accordion"]))]
            if rng.random() < 0.7:
                names.append(str(rng.choice(["voice", "voice", "saxophone", "trumpet", "guitar", "flute", "violin", "synthesizer"])))
            names = [name for name in names if name in self.classes and rng.random() < 0.85]
            return [p for name in names for p in self.part(rng, name, key, *self.window(rng, end), False)]
        if kind == "score" and self.scores:
            return self.from_score(rng)
        return []

    @staticmethod
    def window(rng, end: float) -> tuple[float, float]:
        """Entry and exit of a player in a mix."""
        begin = 0.0 if rng.random() < 0.4 else rng.uniform(0, end * 0.7)
        return begin, end if rng.random() < 0.5 else rng.uniform(min(end, begin + 1.5), end)

    def from_score(self, rng) -> list[Part]:
        """A passage of a real score, its parts given to random instruments within their ranges."""
        beat = 60 / rng.uniform(55, 150)
        transpose, parts = int(rng.integers(-5, 6)), []
        for line in self.scores.excerpt(rng, self.seconds / beat)[:6]:
            together = len(line) / max(1, len(np.unique(line[:, 0])))
            names = [name for name in self.classes if name not in UNPITCHED and (together < 1.3 or name in CHORDAL)]
            if not names:
                continue
            name = names[rng.integers(len(names))]
            low, high = RANGES[name]
            centre = np.median(line[:, 2]) + transpose
            octave = 12 * round(((low + high) / 2 - centre) / 12) if not low + 3 <= centre <= high - 3 else 0
            notes = [Note(o * beat, max(0.05, d * beat * 0.95), int(np.clip(p + transpose + octave, low, high)), rng.uniform(0.6, 1))
                     for o, d, p in line]
            samples = choose_samples(rng, self.bank, name)
            if samples:
                parts.append(Part(name, notes, samples))
        return parts

    def recorded(self, rng, begin: float, end: float, name: str | None = None) -> tuple[Part, np.ndarray]:
        """One player of real recordings between two times: its part and its stem. An instrument that is no class is a part too."""
        names = sorted(self.recordings.solos)
        weights = np.array([3.0 if n == real.OTHER else 1.0 for n in names])
        name = name or str(rng.choice(names, p=weights / weights.sum()))
        pool = self.recordings.players(rng, name)
        stem, used = real.perform(rng, self.recordings, pool, int(begin * RATE), min(self.frames, int(end * RATE)), self.frames)
        unknown = sorted({c for recording in used for c in recording.unknown})
        return Part(name, unknown=tuple(unknown), origins=tuple({recording.origin for recording in used})), stem

    def song(self, rng) -> list[tuple[Part, np.ndarray]]:
        """Some stems of one song, from the same place of it, at levels of their own."""
        songs = sorted(self.recordings.songs)
        stems = self.recordings.songs[songs[rng.integers(len(songs))]]
        longest = max(stems, key=lambda r: r.frames)
        chosen = [r for r in stems if rng.random() < 0.75][:8]
        start, best = 0, -1
        for first in rng.integers(0, max(1, longest.frames - self.frames), size=6):
            sounding = sum(float(np.abs(self.recordings.load(r, int(first), self.frames)[::64]).mean()) > 0.003 for r in chosen)
            if sounding > best:
                start, best = int(first), sounding
        result = []
        for recording in chosen:
            piece = self.recordings.load(recording, start, self.frames) if start < recording.frames else np.zeros(0, np.float32)
            name = recording.present[0] if recording.present else real.OTHER
            result.append((Part(name, unknown=recording.unknown, origins=(recording.origin,)), np.pad(piece, (0, self.frames - len(piece)))))
        return result

    def taught(self, rng) -> tuple[Part, np.ndarray, np.ndarray]:
        """A passage of music without labels: its part, its stem and the teacher's targets as labels [hops, classes]."""
        music = self.recordings.taught
        recording = music[rng.integers(len(music))]
        first = int(rng.integers(0, max(1, recording.frames - self.frames)))
        piece = self.recordings.load(recording, first, self.frames)
        centres = (np.arange(self.hops) + 0.5) * HOP + first
        rows = np.round((centres / RATE - teacher.WINDOW / teacher.TEACHER_RATE / 2) * teacher.TEACHER_RATE / teacher.STEP).astype(int)
        soft = self.recordings.targets[recording.name]
        labels = soft_labels(soft[np.clip(rows, 0, len(soft) - 1)])
        labels[-(-len(piece) // HOP):] = ABSENT
        return Part(real.OTHER, origins=(recording.origin,)), np.pad(piece, (0, self.frames - len(piece))), labels

    def real(self, rng) -> list[tuple[Part, np.ndarray]]:
        """Parts and stems of a clip around real recordings."""
        kind, end = str(rng.choice(list(REAL), p=list(REAL.values()))), self.seconds
        begin = rng.uniform(0.3, 2) if rng.random() < 0.3 else 0.0
        stop = rng.uniform(end * 0.5, end) if rng.random() < 0.3 else end
        if kind == "song" and self.recordings.songs:
            return self.song(rng)
        if kind == "turns":
            edges = np.sort(rng.uniform(0, end, size=int(rng.integers(1, 4))))
            starts, ends = np.concatenate([[begin], edges]), np.concatenate([edges, [end]])
            return [self.recorded(rng, a, min(end, b + rng.uniform(-0.3, 1.5))) for a, b in zip(starts, ends) if b - a > 0.4]
        if kind == "together":
            return [self.recorded(rng, *self.window(rng, end)) for _ in range(int(rng.integers(2, 5)))]
        soloist = self.recorded(rng, begin, stop)
        if kind == "alone":
            return [soloist]
        parts = [p for p in self.compose(rng, str(rng.choice(["mix", "band", "score"]))) if p.name != soloist[0].name]
        stems = [(part, play(rng, self.bank, part, self.frames) * 10 ** (-rng.uniform(0, 9) / 20)) for part in parts[:4]]
        return [soloist, *stems]

    def noise(self, rng) -> tuple[np.ndarray, bool]:
        """A bed of noise at unit RMS, or now and then nothing at all, and whether voices may be in it."""
        choice = rng.random()
        if choice < 0.03:
            return np.zeros(self.frames, np.float32), False
        if choice < 0.12:
            return effects.hum(rng, self.frames), False
        if choice < 0.22:
            bed = effects.calls(rng, self.frames) + 10 ** rng.uniform(-4, -1) * effects.coloured_noise(rng, self.frames)
            return bed / (np.sqrt(np.mean(bed ** 2)) + 1e-9), False
        if choice < 0.45:
            return effects.coloured_noise(rng, self.frames), False
        if choice < 0.55:
            bed = sum(play(rng, self.bank, part, self.frames)
                      for _ in range(6) for part in self.speech(rng, rng.uniform(0, 2), self.seconds))
            crowd = True
        else:
            bed, crowd = np.zeros(self.frames, np.float32), False
            samples = [s for group in self.bank.by_class["noise"].values() for s in group]
            noises = self.recordings.noises if self.recordings else []
            time, sparse = 0, rng.random() < 0.3
            while time < self.frames:
                if noises and rng.random() < 0.5:
                    recording = noises[rng.integers(len(noises))]
                    crowd |= "voice" not in recording.absent
                    first = int(rng.integers(0, max(1, recording.frames - self.frames)))
                    source = self.recordings.load(recording, first, 2 * self.frames)
                else:
                    sample = samples[rng.integers(len(samples))]
                    crowd |= any(word in sample.articulation for word in CROWD_WORDS)
                    source = self.bank.load(sample)
                sound = effects.another(rng, source)[:self.frames - time]
                repeats = 1 if sparse else int(rng.integers(1, 4))
                for _ in range(repeats):
                    piece = sound[:max(0, self.frames - time)]
                    bed[time:time + len(piece)] += piece
                    time += len(piece) + (int(rng.uniform(0, 2) * RATE) if sparse else 0)
                    if time >= self.frames:
                        break
        return bed / (np.sqrt(np.mean(bed ** 2)) + 1e-9), crowd

    def clip(self, seed: tuple[int, ...], kind: str | None = None) -> Clip:
        """One clip. `seed` decides everything."""
        rng = np.random.default_rng(seed)
        kind = kind or str(rng.choice(list(KINDS), p=list(KINDS.values())))
        if kind in ("real", "taught") and not self.recordings:
            raise TrainingError("a clip of real recordings needs a bank of them; run `real` first")
        if kind == "taught" and not self.recordings.taught:
            raise TrainingError("no music without labels has been heard by a teacher; run `teach` first")
        said = None
        if kind == "taught":
            part, stem, said = self.taught(rng)
        played = [(part, stem)] if kind == "taught" else self.real(rng) if kind == "real" else \
            [(part, play(rng, self.bank, part, self.frames)) for part in self.compose(rng, kind)]
        stems = []
        for part, stem in played:
            if rng.random() < 0.5:
                stem = effects.filtered(rng, stem, None, True)
            power = hop_power(stem, self.hops)
            if power.max() > 1e-9:
                stem *= 10 ** (rng.uniform(-14, 0) / 20) / np.sqrt(np.percentile(power[power > 1e-9], 95))
                stems.append((part, stem))
        mix = np.sum([stem for _, stem in stems], axis=0) if stems else np.zeros(self.frames, np.float32)
        room = None
        if rng.random() < 0.55:
            rooms = [s for group in self.bank.by_class["ir"].values() for s in group]
            room = effects.synthetic_room(rng) if rng.random() < 0.6 or not rooms \
                else effects.recorded_room(rng, self.bank.load(rooms[rng.integers(len(rooms))]))
        level_before = np.mean(mix ** 2)
        mix = effects.filtered(rng, mix, room, rng.random() < 0.75)
        scale = np.mean(mix ** 2) / level_before if level_before > 0 else 1.0
        if stems and rng.random() < 0.2:
            mix = effects.compress(rng, mix)
        music_power = hop_power(mix, self.hops)
        crowd = False
        if not stems or rng.random() < 0.7:
            loudness = np.sqrt(np.percentile(music_power, 95)) if stems else 1.0
            bed, crowd = self.noise(rng)
            ratio = rng.uniform(0, 60) if stems else 0.0
            mix = mix + bed * (loudness * 10 ** (-ratio / 20))
        if stems and rng.random() < 0.1:
            mix = effects.clip(rng, mix)
        if rng.random() < 0.15:
            mix = effects.band_limited(rng, mix)
        if rng.random() < 0.15:
            mix = effects.codec(rng, mix)
        gain = 10 ** (-(58 * rng.random() ** 2) / 20) / (np.abs(mix).max() + 1e-9)
        if not stems and rng.random() < 0.25:
            gain *= 10 ** (-rng.uniform(0, 40) / 20)
        labels = self.labels(stems, mix, room, gain, scale, crowd)
        if said is not None:
            # Below the floor it is inaudible.
            labels = np.where((hop_power(mix, self.hops) * gain ** 2 < 10 ** (FLOOR_DBFS / 10))[:, None], UNKNOWN, said).astype(np.uint8)
        record = {"kind": kind, "seed": list(seed), "classes": sorted({p.name for p, _ in stems if p.name in INDEX}),
                  "sources": sorted({s.source for p, _ in stems for s in p.samples} | {o for p, _ in stems for o in p.origins})}
        pitches = pitch_labels([row for part, _ in stems for row in part.sounded], self.hops)
        for part, stem in stems:
            if part.origins and part.name not in UNPITCHED:
                pitches[hop_power(stem, self.hops) > 10 ** (FLOOR_DBFS / 10)] = UNKNOWN  # nobody wrote down what a recording plays
        if crowd:
            pitches[:] = UNKNOWN
        return Clip((mix * gain).astype(np.float32), labels, pitches, record)

    def labels(self, stems, mix, room, gain: float, scale: float, crowd: bool) -> np.ndarray:
        """Frame truth of every class."""
        labels = np.full((self.hops, len(CLASSES)), ABSENT, np.uint8)
        total = hop_power(mix, self.hops) * gain ** 2
        masks = []
        for part, stem in stems:
            power = hop_power(stem, self.hops) * gain ** 2 * scale
            tail = effects.room_power(power, room) if room is not None else None
            truth = label_part(power, total, tail, RECORDED_RANGE_DB if part.origins else RANGE_DB)
            if part.name in INDEX:
                labels[:, INDEX[part.name]] = merge(labels[:, INDEX[part.name]], truth)
            masks += [(INDEX[name], truth != ABSENT) for name in part.unknown]
        for column, where in masks:
            labels[where & (labels[:, column] != PRESENT), column] = UNKNOWN
        if crowd:
            voice = labels[:, INDEX["voice"]]
            voice[voice == ABSENT] = UNKNOWN
        return labels


def render_shard(renderer: Renderer, folder: Path, shard: int, clips: int, seed: int, kind: str | None = None) -> None:
    """Writes `NNNN.audio.npy`, `NNNN.labels.npy`, `NNNN.pitches.npy` and, last, `NNNN.json`."""
    audio = np.zeros((clips, renderer.frames), np.int16)
    labels = np.zeros((clips, renderer.hops, len(CLASSES)), np.uint8)
    pitches = np.zeros((clips, renderer.hops, KEYS), np.uint8)
    records = []
    for number in tqdm(range(clips), desc=f"shard {shard}", mininterval=10):
        clip = renderer.clip((seed, shard, number), kind)
        audio[number] = np.clip(np.round(clip.audio * 32767), -32768, 32767)
        labels[number] = clip.labels
        pitches[number] = clip.pitches
        records.append(clip.record)
    np.save(folder / f"{shard:04d}.audio.npy", audio)
    np.save(folder / f"{shard:04d}.labels.npy", labels)
    np.save(folder / f"{shard:04d}.pitches.npy", pitches)
    (folder / f"{shard:04d}.json").write_text(json.dumps(records))
