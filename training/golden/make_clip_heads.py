"""Writes what every clip system on embeddings must answer, for the Swift parity tests.

    python training/golden/make_clip_heads.py Tests/ModelsTests/Golden

clip_heads.json           name and shape of the tensors of every system; their numbers are drawn by name, from the same generator
                          as `tiedFloats` of Tests/TestSupport/RandomWeights.swift
clip_heads_NAME.npy       the answer of system NAME: 24 classes, and 8 families behind them where it has them
clip_heads_forest.safetensors  a small forest that scikit-learn grew
The patches come from clip_tiny_in.npy through the frozen layers of clip_tiny.safetensors: patch k of ten is its patch k % 3 plus k / 10.
"""

import json
import runpy
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from timbre_training.clip import forest, systems
from timbre_training.clip.export import read
from timbre_training.clip.frozen import heard
from timbre_training.clip.head_export import head_tensors
from timbre_training.clip.network import BANDS, PATCH
from timbre_training.data.labels import ABSENT, PRESENT
from timbre_training.data.taxonomy import CLASSES

tied = runpy.run_path(str(Path(__file__).parent / "make_published.py"))["tied"]
WINDOW = 10


def drawn(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers of a size that keeps the signal in range."""
    kind = name.rsplit(".", 1)[-1]
    scale, centre = 1.7 / np.sqrt(np.float32(np.prod(shape[1:]))), 0
    if len(shape) == 1:
        scale, centre = {"running_var": (0.5, 1), "weight": (0.3, 1)}.get(kind, (0.3, 0))
    return (np.float32(centre) + np.float32(scale) * tied(name, shape)).astype(np.float16).astype(np.float32)


def patches(folder: Path) -> torch.Tensor:
    """[10, 96, 64] log-mel values."""
    given = np.load(folder / "clip_tiny_in.npy").reshape(-1, PATCH, BANDS)
    return torch.from_numpy(np.stack([given[k % len(given)] + np.float32(k) / np.float32(10) for k in range(WINDOW)]))


def grown() -> forest.Forest:
    """Three shallow trees for each class, on random points."""
    rng = np.random.default_rng(3)
    points = rng.normal(0, 1, (60, 128)).astype(np.float32)
    labels = np.where(rng.random((60, len(CLASSES))) < 0.4, PRESENT, ABSENT)
    return forest.train(points, labels, CLASSES, seed=5, trees=3)[0]


def main(folder: Path) -> None:
    """Every system."""
    with torch.no_grad():
        embeddings = torch.from_numpy(heard(read(folder / "clip_tiny.safetensors"), patches(folder))[1])[None]
        shapes = {}
        for name, build in systems.EMBEDDING_SYSTEMS.items():
            network = build({"dropout": 0.5}).eval()
            targets = head_tensors(network)
            shapes[name] = {key: list(value.shape) for key, value in targets.items()}
            state = network.state_dict()
            for key in targets:
                state[key.removeprefix("head.")].copy_(torch.from_numpy(drawn(key, tuple(targets[key].shape))))
            np.save(folder / f"clip_heads_{name}.npy", network(embeddings).numpy())
    (folder / "clip_heads.json").write_text(json.dumps(shapes, indent=1) + "\n")
    trees = grown()
    save_file(head_tensors(trees), str(folder / "clip_heads_forest.safetensors"))
    np.save(folder / f"clip_heads_{systems.FOREST}.npy", trees.probabilities(embeddings.mean(dim=1).numpy()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
