"""Windows of rendered clips with clip labels, partial where asked for, and their augmentation."""

from pathlib import Path

import numpy as np
import torch

from ..data.corpus import RATE
from ..errors import TrainingError
from ..data.labels import ABSENT, HOP, PRESENT, SOFT, UNKNOWN
from .features import HOP_SECONDS
from .network import BANDS, PATCH

#: An instrument is in a window when it sounds for this many frames (0.4 s) of it; less is unknown.
LEAST = 35
#: ... and unknown when unlabelled in more than this share of the window.
VAGUE = 0.1
#: Of what a teacher says, probabilities from here on are taken for a presence.
SURE = 0.8
OFFSET = 0.01


def clip_labels(frames: np.ndarray) -> np.ndarray:
    """ABSENT, PRESENT or UNKNOWN of every class from the labels [frames, classes] of a window.

    What a teacher said counts where it was sure: at least SURE is present, at most 1 - SURE absent, all between unknown.
    """
    taught = frames >= SOFT
    probability = np.where(taught, (frames.astype(np.float32) - SOFT) / 250, 0.5)
    present = ((frames == PRESENT) | (probability >= SURE)).sum(axis=0)
    unknown = ((frames == UNKNOWN) | taught & (probability > 1 - SURE) & (probability < SURE)).mean(axis=0)
    vague = (present > 0) | (unknown > VAGUE)
    return np.where(present >= LEAST, PRESENT, np.where(vague, UNKNOWN, ABSENT)).astype(np.uint8)


def forget(labels: np.ndarray, known: dict, rng) -> np.ndarray:
    """Hides labels as OpenMIC-2018 does, where annotators were asked about few instruments of a clip.

    There 0.89 of the present and 1.18 of the absent labels of a clip are known, of 20 classes.
    """
    keep = rng.random(labels.shape) < np.where(labels == PRESENT, known["present"], known["absent"])
    return np.where(keep, labels, UNKNOWN)


def hidden(whole: np.ndarray, known: dict | None, seed: int, shard: str) -> np.ndarray:
    """Which labels [clips, classes] of a shard are hidden; the same ones on every call."""
    if not known:
        return np.zeros(whole.shape, bool)
    return forget(whole, known, np.random.default_rng((seed, int(shard)))) == UNKNOWN


class Clips:
    """The shards of a folder: spectrograms [n, frames, 64] and frame labels [n, frames, classes]."""

    def __init__(self, folder: Path, known: dict | None = None, seed: int = 0):
        """`known` hides labels once and for all: the same ones whenever the same clip is met."""
        self.folder, self.known, self.seed = folder, known, seed
        self.names: list[str] = []
        self.spectra: list[np.ndarray] = []
        self.labels: list[np.ndarray] = []
        self.hidden: list[np.ndarray] = []
        self.refresh()
        if not self.names:
            raise TrainingError(f"{folder}: no shards with spectrograms; run `render`, then `features` of the clip models")

    def refresh(self) -> None:
        """Takes up shards that were finished meanwhile."""
        for file in sorted(self.folder.glob("*.logmel.npy")):
            name = file.name.split(".")[0]
            if name in self.names:
                continue
            self.names.append(name)
            self.spectra.append(np.load(file))
            self.labels.append(np.load(self.folder / f"{name}.labels.npy", mmap_mode="r"))
            whole = np.stack([clip_labels(frames) for frames in self.labels[-1]])
            self.hidden.append(hidden(whole, self.known, self.seed, name))

    @property
    def clips(self) -> int:
        """Number of clips."""
        return sum(len(shard) for shard in self.spectra)

    def place(self, number: int) -> tuple[int, int]:
        """Shard and row of a clip."""
        for shard, spectra in enumerate(self.spectra):
            if number < len(spectra):
                return shard, number
            number -= len(spectra)
        raise IndexError(number)

    def window(self, number: int, start: int, patches: int) -> tuple[np.ndarray, np.ndarray]:
        """[patches * 96, 64] float32 from frame `start` of a clip, and the labels of that window."""
        shard, row = self.place(number)
        spectrum = self.spectra[shard][row, start:start + patches * PATCH].astype(np.float32)
        labels = self.window_labels(self.labels[shard][row:row + 1], start, patches)[0]
        labels[self.hidden[shard][row]] = UNKNOWN
        return spectrum, labels

    @staticmethod
    def window_labels(frames: np.ndarray, start: int, patches: int) -> np.ndarray:
        """Labels [clips, classes] of a window of clips with labels [clips, frames, classes]."""
        first, last = (int(f * HOP_SECONDS * RATE / HOP) for f in (start, start + patches * PATCH))
        return np.stack([clip_labels(np.asarray(clip[first:last])) for clip in frames])

    def slack(self, patches: int) -> int:
        """Frames by which a window of a clip may be shifted."""
        return self.spectra[0].shape[1] - patches * PATCH

    def positives(self) -> np.ndarray:
        """Clips in which each class is known to be present."""
        whole = [np.stack([clip_labels(frames) for frames in shard]) for shard in self.labels]
        return sum(((labels == PRESENT) & ~hidden).sum(axis=0) for labels, hidden in zip(whole, self.hidden))


def magnitudes(spectrum: np.ndarray) -> np.ndarray:
    """Band magnitudes of log-mel values."""
    return np.maximum(np.exp(spectrum) - OFFSET, 0)


def mix(rng, a, b, depth: float):
    """Two windows sounding together, the second up to `depth` decibels softer; what either holds is present."""
    gain = 10 ** (rng.uniform(-depth, 0) / 20)
    spectrum = np.log(np.sqrt(magnitudes(a[0]) ** 2 + (gain * magnitudes(b[0])) ** 2) + OFFSET)
    labels = np.where((a[1] == PRESENT) | (b[1] == PRESENT), PRESENT, np.maximum(a[1] * (a[1] == UNKNOWN), b[1] * (b[1] == UNKNOWN)))
    return spectrum, labels


def augment(rng, spectrum: np.ndarray, settings: dict) -> np.ndarray:
    """Gain and a smooth equaliser, then masks over bands and moments (SpecAugment); nothing at all where all are zero."""
    if not any(settings[key] for key in ("gain_db", "equalise_db", "band_mask", "time_mask")):
        return spectrum.astype(np.float32)
    decibels = rng.uniform(-settings["gain_db"], settings["gain_db"] / 2)
    curve = np.interp(np.arange(BANDS), np.linspace(0, BANDS - 1, 6), rng.normal(0, settings["equalise_db"], 6))
    spectrum = np.log(magnitudes(spectrum) * 10 ** ((decibels + curve) / 20).astype(np.float32) + OFFSET)
    floor = np.float32(np.log(OFFSET))
    for axis, most in ((1, settings["band_mask"]), (0, settings["time_mask"])):
        width = int(rng.integers(0, most + 1))
        start = int(rng.integers(0, spectrum.shape[axis] - width + 1))
        where = [slice(None), slice(None)]
        where[axis] = slice(start, start + width)
        spectrum[tuple(where)] = floor
    return spectrum.astype(np.float32)


def batch(clips: Clips, numbers, rng, patches: int, settings: dict):
    """[N, patches, 96, 64], targets [N, classes] and the mask of the known ones."""
    xs, ys = [], []
    for number in numbers:
        item = clips.window(int(number), int(rng.integers(0, clips.slack(patches) + 1)), patches)
        if rng.random() < settings["mix"]:
            other = clips.window(int(rng.integers(clips.clips)), int(rng.integers(0, clips.slack(patches) + 1)), patches)
            item = mix(rng, item, other, settings["mix_db"])
        xs.append(augment(rng, item[0], settings))
        ys.append(item[1])
    labels = torch.from_numpy(np.stack(ys))
    x = torch.from_numpy(np.stack(xs)).reshape(len(xs), patches, PATCH, BANDS)
    return x, (labels == PRESENT).float(), (labels != UNKNOWN).float()


def whole(clips: Clips, patches: int):
    """Every clip's first window: inputs and labels, clip by clip."""
    for number in range(clips.clips):
        spectrum, labels = clips.window(number, 0, patches)
        yield torch.from_numpy(spectrum).reshape(1, patches, PATCH, BANDS), labels
