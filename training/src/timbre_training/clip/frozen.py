"""What a frozen network makes of all clips, computed once, so that many systems can be trained on it in minutes.

The papers' systems stand on VGGish's frozen features; ours stand on the stack of a model file. Of every clip are kept the
stack's output for the first window and, for the systems that take one vector for each patch, the mean of the patch's
embedded instances.
"""

import hashlib
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from ..data.corpus import decode
from ..errors import TrainingError
from ..atomic import atomically
from ..data.labels import ABSENT, PRESENT, UNKNOWN
from ..data.taxonomy import FAMILIES, INDEX
from .dataset import OFFSET, Clips, clip_labels, hidden
from .export import read
from .features import LogMel
from .network import BANDS, EMBEDDING, PATCH, AttentionMIC

#: Patches of a window.
PATCHES = 10
#: Patches that pass through the stack together.
TOGETHER = 60


def heard(network: AttentionMIC, patches: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Stack outputs [n, channels, 6, 4] as float16 and embeddings [n, 128] of patches [n, 96, 64].

    The embeddings are computed from the unrounded outputs, as the daemon does.
    """
    planes, embeddings = [], []
    with torch.no_grad():
        for part in patches.split(TOGETHER):
            made = network.stack(part)
            planes.append(made.numpy().astype(np.float16))
            embeddings.append(network.embedded(made, len(made))[..., :EMBEDDING].mean(dim=1).numpy())
    return np.concatenate(planes), np.concatenate(embeddings)


def cut(spectrum: np.ndarray) -> torch.Tensor:
    """The whole patches [n, 96, 64] of a recording; one that is shorter than a patch is lengthened with silence."""
    missing = max(0, PATCH - len(spectrum))
    spectrum = np.concatenate([spectrum, np.full((missing, BANDS), np.log(OFFSET), np.float32)])
    return torch.from_numpy(spectrum[:len(spectrum) // PATCH * PATCH].copy()).reshape(-1, PATCH, BANDS)


def same_model(model: Path, folder: Path) -> None:
    """Refuses to mix what different models made; a new folder takes note of its model."""
    file, digest = folder / "model.sha256", hashlib.sha256(model.read_bytes()).hexdigest()
    if not file.exists():
        file.write_text(digest)
    if file.read_text() != digest:
        raise TrainingError(f"{folder}: was made by another model than {model}; remove it, or give that model")


def extract(model: Path, source: Path, target: Path) -> int:
    """Listens to every shard of `source` that `target` lacks; returns how many those were."""
    network, made = read(model), 0
    target.mkdir(parents=True, exist_ok=True)
    same_model(model, target.parent)
    for file in tqdm(sorted(source.glob("*.logmel.npy")), desc=source.name, mininterval=10):
        name = file.name.split(".")[0]
        if (target / f"{name}.labels.npy").exists():
            continue
        spectra, frames = np.load(file, mmap_mode="r"), np.load(source / f"{name}.labels.npy", mmap_mode="r")
        x = torch.from_numpy(spectra[:, :PATCHES * PATCH].astype(np.float32)).reshape(-1, PATCH, BANDS)
        planes, embeddings = heard(network, x)
        np.save(target / f"{name}.stack.npy", planes.reshape(len(spectra), PATCHES, *planes.shape[1:]))
        np.save(target / f"{name}.embedding.npy", embeddings.reshape(len(spectra), PATCHES, EMBEDDING))
        clips = Clips.window_labels(frames, 0, PATCHES)
        with atomically(target / f"{name}.labels.npy") as last:
            np.save(last, np.stack([clips, np.stack([clip_labels(f) for f in frames])]))
        made += 1
    return made


def extract_recordings(model: Path, folder: Path, target: Path, front_end: LogMel) -> None:
    """Stack outputs and embeddings of all real recordings, one behind the other in the order of their names, then a silent patch."""
    if target.exists():
        return
    network, paths = read(model), sorted((folder / "audio").iterdir())
    if not paths:
        raise TrainingError(f"{folder}/audio: no recordings; give the folder with --realset")
    spectra = [front_end(decode(path)) for path in tqdm(paths, desc="realset", mininterval=10)]
    patches = [cut(spectrum) for spectrum in spectra] + [cut(np.zeros((0, BANDS), np.float32))]
    planes, embeddings = heard(network, torch.cat(patches))
    target.parent.mkdir(parents=True, exist_ok=True)
    with atomically(target) as file:
        np.savez(file, names=[path.stem for path in paths], counts=[len(p) for p in patches[:-1]], stack=planes, embedding=embeddings)


class Heard:
    """The cached clips of a folder with their labels, hidden as in OpenMIC-2018 where `known` says so."""

    def __init__(self, folder: Path, form: str, known: dict | None = None, seed: int = 0, families: bool = False):
        """`form` is "stack" or "embedding"; with `families` their labels stand behind those of the classes."""
        names = [file.name.split(".")[0] for file in sorted(folder.glob("*.labels.npy"))]
        if not names:
            raise TrainingError(f"{folder}: nothing was heard here; run `frozen` of the clip models first")
        self.shards = [np.load(folder / f"{name}.{form}.npy", mmap_mode="r") for name in names]
        self.starts = np.cumsum([0, *(len(shard) for shard in self.shards)])
        self.labels = np.concatenate([self.known_labels(folder, name, known, seed, families) for name in names])

    @staticmethod
    def known_labels(folder: Path, name: str, known: dict | None, seed: int, families: bool) -> np.ndarray:
        """Labels of a shard's first windows, without those that are hidden."""
        window, whole = np.load(folder / f"{name}.labels.npy")
        labels = np.where(hidden(whole, known, seed, name), UNKNOWN, window)
        if families:
            asked = np.where(hidden(family_labels(whole), known, seed + 1, name), UNKNOWN, family_labels(window))
            labels = np.concatenate([labels, np.where(family_labels(labels) == PRESENT, PRESENT, asked)], axis=1)
        return labels

    def __len__(self) -> int:
        return int(self.starts[-1])

    @property
    def clips(self) -> int:
        """Number of clips."""
        return len(self)

    def refresh(self) -> None:
        """Nothing is added while a training runs."""

    def inputs(self, numbers: np.ndarray) -> torch.Tensor:
        """[n, patches, ...] float32 of these clips."""
        shards = np.searchsorted(self.starts, numbers, side="right") - 1
        return torch.from_numpy(np.stack([self.shards[s][n - self.starts[s]] for s, n in zip(shards, numbers)]).astype(np.float32))

    def positives(self) -> np.ndarray:
        """Clips in which each class is known to be present."""
        return (self.labels == PRESENT).sum(axis=0)


def family_labels(labels: np.ndarray) -> np.ndarray:
    """Labels [clips, families] from those of the classes: present with any member, absent without all of them."""
    columns = []
    for members in FAMILIES.values():
        own = labels[:, [INDEX[name] for name in members]]
        columns.append(np.where((own == PRESENT).any(axis=1), PRESENT, np.where((own == ABSENT).all(axis=1), ABSENT, UNKNOWN)))
    return np.stack(columns, axis=1).astype(np.uint8)
