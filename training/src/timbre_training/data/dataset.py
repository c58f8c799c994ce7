"""Random crops of rendered shards, with the zones around onsets and offsets taken out and features augmented."""

from pathlib import Path

import numpy as np
import torch

from ..errors import TrainingError
from .labels import ABSENT, PRESENT, SOFT, UNKNOWN


def blur_edges(labels: np.ndarray, onset: int, offset: int) -> np.ndarray:
    """Marks as unknown the first `onset` frames of a presence and the first `offset` frames after it.

    Features arrive late, so a causal network cannot know these; `labels` is [..., T, classes].
    """
    present = labels == PRESENT
    result = labels.copy()
    fresh = np.zeros_like(present)
    recent = np.zeros_like(present)
    for lag in range(1, max(onset, offset) + 1):
        before = np.zeros_like(present)
        before[..., lag:, :] = present[..., :-lag, :]
        if lag <= onset:
            fresh |= ~before
        if lag <= offset:
            recent |= before
    result[present & fresh] = UNKNOWN
    result[(labels == ABSENT) & recent] = UNKNOWN
    return result


class Shards:
    """The finished shards of a folder: features [n, T, channels] and labels [n, T, classes]."""

    def __init__(self, folder: Path, onset: int = 9, offset: int = 13, names: list[str] | None = None):
        self.folder, self.onset, self.offset = folder, onset, offset
        self.names: list[str] = []
        self.features: list[np.ndarray] = []
        self.labels: list[np.ndarray] = []
        self.refresh(names)
        if not self.names:
            raise TrainingError(f"{folder}: no shards with features; run `render` and `features` first")

    def refresh(self, names: list[str] | None = None) -> None:
        """Takes up shards that were finished meanwhile, or exactly the named ones."""
        found = names if names is not None else sorted(p.name.split(".")[0] for p in self.folder.glob("*.features.npy"))
        for name in found:
            if name not in self.names:
                self.features.append(np.load(self.folder / f"{name}.features.npy", mmap_mode="r"))
                self.labels.append(blur_edges(np.load(self.folder / f"{name}.labels.npy"), self.onset, self.offset))
                self.names.append(name)

    @property
    def clips(self) -> int:
        """Number of clips."""
        return sum(len(labels) for labels in self.labels)

    def statistics(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of each channel over the frames that are not silent."""
        rows = np.concatenate([shard[::4].reshape(-1, shard.shape[-1])[::5].astype(np.float32) for shard in self.features])
        rows = rows[rows.sum(axis=1) > 0]
        return rows.mean(axis=0), np.maximum(0.05, rows.std(axis=0))

    def positives(self) -> np.ndarray:
        """Present frames of each class."""
        return np.sum([(labels == PRESENT).sum(axis=(0, 1)) for labels in self.labels], axis=0)

    def crop(self, rng, frames: int) -> tuple[np.ndarray, np.ndarray]:
        """A random passage of a random clip: [frames, channels] float32 and its labels."""
        shard = int(rng.integers(len(self.names)))
        clip = int(rng.integers(len(self.labels[shard])))
        start = int(rng.integers(0, self.labels[shard].shape[1] - frames + 1))
        where = slice(start, start + frames)
        return self.features[shard][clip, where].astype(np.float32), self.labels[shard][clip, where]


def overlay(rng, a, b, depth: float):
    """Two crops sounding together: in decibels the louder one counts; classes of both are present.

    Where one knows nothing of a class the other does not make it known, unless the class sounds there.
    """
    level = rng.uniform(-depth, 0) / 80
    features = np.maximum(a[0], np.where(b[0] > 0, np.maximum(0, b[0] + level), 0))
    labels = np.maximum(a[1], b[1])
    labels[(a[1] == UNKNOWN) | (b[1] == UNKNOWN)] = UNKNOWN
    labels[(a[1] == PRESENT) | (b[1] == PRESENT)] = PRESENT
    return features, labels


def augment(rng, features: np.ndarray, bins: int, settings: dict) -> np.ndarray:
    """Transposes by whole bins, tilts the spectrum, and masks bands and moments."""
    planes = features.reshape(len(features), -1, bins)
    shift = int(rng.integers(-settings["transpose"], settings["transpose"] + 1)) if settings["transpose"] else 0
    if shift:
        planes = np.roll(planes, shift, axis=2)
        if shift > 0:
            planes[:, :, :shift] = 0
        else:
            planes[:, :, shift:] = 0
    if rng.random() < settings["equalise"]:
        knots = rng.normal(0, settings["equalise_db"] / 80, size=6)
        curve = np.interp(np.arange(bins), np.linspace(0, bins - 1, 6), knots).astype(np.float32)
        planes[:, 0] = np.clip(planes[:, 0] + curve * (planes[:, 0] > 0), 0, 1)
    if rng.random() < settings["band_mask"]:
        width = int(rng.integers(1, 13))
        low = int(rng.integers(0, bins - width))
        planes[:, :, low:low + width] = 0
    if rng.random() < settings["time_mask"]:
        width = int(rng.integers(1, 10))
        start = int(rng.integers(0, len(planes) - width))
        planes[start:start + width] = 0
    if settings["noise"] > 0 and rng.random() < 0.3:
        planes[:, 0] = np.clip(planes[:, 0] + rng.normal(0, settings["noise"], planes[:, 0].shape).astype(np.float32)
                               * (planes[:, 0] > 0), 0, 1)
    return planes.reshape(len(features), -1)


def crops(rng, clips: int, outputs: int | list[int]) -> tuple[int, int]:
    """How many crops a step takes, and of how many outputs each.

    Of several lengths chance takes one, and of shorter ones as many more: a network with a long memory has to know what sounds from little
    as well, as at the beginning of a stream.
    """
    if isinstance(outputs, int):
        return clips, outputs
    length = int(rng.choice(outputs))
    return clips * max(outputs) // length, length


def batch(shards: Shards, rng, size: int, outputs: int, stride: int, bins: int, settings: dict, skip: int,
          soft_weight: float = 0.5):
    """[N, channels, T], targets [N, classes, K] and their weights; output k stands at hop (k+1)*stride - 1.

    What is unknown weighs nothing, what a teacher said `soft_weight`.
    """
    frames = outputs * stride
    xs, ys = [], []
    for _ in range(size):
        item = shards.crop(rng, frames)
        if rng.random() < settings["overlay"]:
            item = overlay(rng, item, shards.crop(rng, frames), settings["overlay_db"])
        xs.append(augment(rng, item[0], bins, settings))
        ys.append(item[1][stride - 1::stride])
    labels = torch.from_numpy(np.stack(ys)).permute(0, 2, 1)
    soft = labels >= SOFT
    mask = torch.where(soft, soft_weight, (labels != UNKNOWN).float())
    mask[:, :, :skip] = 0
    targets = torch.where(soft, (labels.float() - SOFT) / 250, (labels == PRESENT).float())
    return torch.from_numpy(np.stack(xs)).permute(0, 2, 1).contiguous(), targets, mask
