"""OpenMIC-2018 (Humphrey et al. 2018): clips of ten seconds with partial labels of twenty instruments."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...errors import TrainingError
from ..taxonomy import index_of


@dataclass(frozen=True)
class OpenMIC:
    """Clips of one split: VGGish features [n, 10, 128] in 0...1, labels [n, 20] (1, 0, not a number where unknown)."""

    keys: list[str]
    features: np.ndarray
    labels: np.ndarray
    classes: list[str]

    def audio(self, root: Path) -> list[Path]:
        """The recording of each clip."""
        return [root / "audio" / key[:3] / f"{key}.ogg" for key in self.keys]


def root_of(path: Path) -> Path:
    """The folder that holds the arrays, whether the archive's or the one around it."""
    for candidate in (path, path / "openmic-2018"):
        if (candidate / "openmic-2018.npz").exists():
            return candidate
    raise TrainingError(f"{path / 'openmic-2018.npz'}: not found; give the folder that the archive unpacks to")


def read(path: Path, split: str) -> OpenMIC:
    """The clips of `train` or `test` of the published split01, labels binary at 0.5 as in the paper's baseline."""
    root = root_of(path)
    names = json.loads((root / "class-map.json").read_text())
    classes = sorted(names, key=names.get)
    for name in classes:
        index_of(name, str(root / "class-map.json"))
    with np.load(root / "openmic-2018.npz", allow_pickle=True) as arrays:
        missing = {"X", "Y_true", "Y_mask", "sample_key"} - set(arrays.files)
        if missing:
            raise TrainingError(f"{root / 'openmic-2018.npz'}: it lacks {', '.join(sorted(missing))}")
        features, likely, mask = arrays["X"], arrays["Y_true"], arrays["Y_mask"].astype(bool)
        keys = [str(key) for key in arrays["sample_key"]]
    file = root / "partitions" / f"split01_{split}.csv"
    if not file.exists():
        raise TrainingError(f"{file}: not found; OpenMIC's partitions belong beside its arrays")
    with open(file, newline="") as lines:
        wanted = [row[0] for row in csv.reader(lines) if row]
    place = {key: number for number, key in enumerate(keys)}
    strange = [key for key in wanted if key not in place]
    if strange:
        raise TrainingError(f"{file}: clip {strange[0]} is not among those of openmic-2018.npz")
    rows = np.array([place[key] for key in wanted])
    labels = np.where(mask[rows], (likely[rows] >= 0.5).astype(float), np.nan)
    return OpenMIC(wanted, features[rows].astype(np.float32) / 255, labels, classes)
