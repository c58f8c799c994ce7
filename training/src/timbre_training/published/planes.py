"""Shards as the published systems see them: planes made at load time, labels of whole 104 ms blocks."""

from pathlib import Path

import numpy as np

from ..data.dataset import Shards
from ..errors import TrainingError
from ..model.harmonics import harmonic_series
from ..data.labels import PRESENT, UNKNOWN
from ..model.network import Network
from .architecture import pitch_estimator
from .offline import look_ahead

#: Frames to a label: 9 of 512 samples at 44.1 kHz, 104 ms.
BLOCK = 9


class Planes:
    """Clips [n, T, bins] or, with a pitch, [n, T, 2 * bins], put together when they are asked for.

    The pitch of a frame is read `late` frames behind it: what an estimator with centred padding says of a frame, a causal
    one says so much later. To the end stays the last estimate.
    """

    def __init__(self, constant_q: np.ndarray, pitch: np.ndarray | None, harmonics: int, late: int = 0):
        self.constant_q, self.pitch, self.harmonics, self.late = constant_q, pitch, harmonics, late
        self.shape = (*constant_q.shape[:2], constant_q.shape[2] * (1 if pitch is None else 2))

    def __len__(self) -> int:
        return len(self.constant_q)

    def __getitem__(self, where) -> np.ndarray:
        constant_q = self.constant_q[where]
        if self.pitch is None:
            return constant_q
        clips, frames = where if isinstance(where, tuple) else (where, slice(None))
        later = np.minimum(np.arange(self.shape[1])[frames] + self.late, self.shape[1] - 1)
        pitch = self.pitch[clips][..., later, :]
        if pitch.dtype == np.uint8:
            pitch = pitch == PRESENT
        return np.concatenate([constant_q.astype(np.float32), harmonic_series(pitch.astype(np.float32), self.harmonics)], axis=-1)


def lately(labels: np.ndarray, frames: int) -> np.ndarray:
    """Labels [..., T, classes] of the last `frames` frames together: present if ever, else unknown if ever."""
    rank = np.array([0, 2, 1], np.uint8)
    ranked = rank[labels]
    result = ranked.copy()
    for lag in range(1, frames):
        np.maximum(result[..., lag:, :], ranked[..., :-lag, :], out=result[..., lag:, :])
    return rank[result]


class FrameShards(Shards):
    """Shards of rendered clips for one published system.

    Features (and estimates of pitch) lie in `features`, labels in `folder`; of the shards that have features the first
    `limit` by name are used, so that every system learns from the same music however far rendering has got.
    """

    def __init__(self, folder: Path, features: Path, system: dict, limit: int | None = None, names: list[str] | None = None):
        self.source, self.system, self.limit = features, system, limit
        super().__init__(folder, 0, 0, names)

    def refresh(self, names: list[str] | None = None) -> None:
        """Opens the named shards, or the first `limit`; what is open stays."""
        found = names if names is not None else sorted(p.name.split(".")[0] for p in self.source.glob("*.features.npy"))[:self.limit]
        for name in found:
            if name not in self.names:
                self.features.append(self.planes(name))
                self.labels.append(self.truth(name))
                self.names.append(name)

    def planes(self, name: str) -> Planes:
        """The input of one shard."""
        constant_q = np.load(self.source / f"{name}.features.npy", mmap_mode="r")
        pitch = {"none": None, "true": self.folder / f"{name}.pitches.npy",
                 "estimated": self.source / f"{name}.pitch.npy"}[self.system["pitch"]]
        if pitch and not pitch.exists():
            raise TrainingError(f"{pitch}: not found; run `estimate` for estimated pitch, `render` for true pitch")
        centred = self.system["pitch"] == "estimated" and self.system["padding"] == "centred"
        return Planes(constant_q, np.load(pitch, mmap_mode="r") if pitch else None, self.system["harmonics"],
                      look_ahead(Network(pitch_estimator())) if centred else 0)

    def truth(self, name: str) -> np.ndarray:
        """What is to be learned at each frame: the classes of its block, or the pitches that sound."""
        if self.system["network"] == "pitch":
            return np.load(self.folder / f"{name}.pitches.npy")
        return lately(np.load(self.folder / f"{name}.labels.npy"), BLOCK)

    def statistics(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and deviation of each bin over the frames that are not silent; pitch planes stay as they are."""
        def heard(step: int) -> np.ndarray:
            rows = np.concatenate([shard.constant_q.reshape(-1, shard.constant_q.shape[-1])[::step] for shard in self.features])
            return rows[rows.any(axis=1)].astype(np.float32)
        rows = heard(20)
        rows = rows if len(rows) else heard(1)
        if not len(rows):
            raise TrainingError(f"{self.source}: the features of all training shards are silent")
        rest = self.features[0].shape[-1] - rows.shape[1]
        return (np.concatenate([rows.mean(axis=0), np.zeros(rest, np.float32)]),
                np.concatenate([np.maximum(0.05, rows.std(axis=0)), np.ones(rest, np.float32)]))

    def pitch_known(self) -> np.ndarray:
        """[clips, T]: whether every sounding pitch of the last block is known."""
        unknown = [lately((np.load(self.folder / f"{name}.pitches.npy", mmap_mode="r")[:, :, :1] == UNKNOWN).astype(np.uint8), BLOCK)
                   for name in self.names]
        return np.concatenate(unknown)[:, :, 0] == 0
