"""Writes what the published networks must answer, for the Swift parity tests.

    python training/golden/make_published.py [FOLDER]

For each architecture NAME: published/NAME.json (the layers), NAME_streaming.npy (one output a hop, causal) and
NAME_offline.npy (pools with stride, centred padding, as published), after the sigmoid. Weights and input are not kept:
they are drawn by name, from the same generator as `randomTensors` of Tests/TestSupport/RandomWeights.swift.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch

from timbre_training.model import export
from timbre_training.model.network import Network
from timbre_training.published import architecture, offline
from timbre_training.data.taxonomy import CLASSES

HOPS, SEED, COUNT = 54, 18, len(CLASSES)
BOTH = architecture.residual(COUNT, 2)
FREQUENCY = architecture.residual(COUNT, 2, shared=False)
ARCHITECTURES = {
    "plain": architecture.plain(COUNT), "residual": architecture.residual(COUNT, 1), "residual-planes": BOTH,
    "residual-frequency": FREQUENCY, "pitch": architecture.pitch_estimator(),
    "pitch-channel": architecture.with_estimator(BOTH, 0), "pitch-frequency": architecture.with_estimator(FREQUENCY, 0),
    **{f"hsf-{n}": architecture.with_estimator(BOTH, n) for n in range(1, 6)}}


def tied(name: str, shape) -> np.ndarray:
    """Numbers in -1..<1 by name: 24 bits each of SplitMix64, begun at the FNV-1a hash of the name."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    z = np.uint64(state ^ SEED) + np.arange(1, int(np.prod(shape)) + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return ((z >> np.uint64(40)).astype(np.float32) / np.float32(8388608) - 1).reshape(shape)


def draw(network: Network) -> None:
    """Fills every tensor, rounded to half precision."""
    with torch.no_grad():
        for key, target in export.tensors(network).items():
            kind = key.rsplit(".", 1)[1]
            scale, centre = {"running_mean": (0.3, 0), "running_var": (0.5, 1), "mean": (0.3, 0), "std": (0.3, 1), "bias": (0.3, 0),
                             "weight": (0.3, 1) if target.ndim == 1 else (1.7 / np.sqrt(np.float32(np.prod(target.shape[1:]))), 0)}[kind]
            values = np.float32(centre) + np.float32(scale) * tied(key, tuple(target.shape))
            target.copy_(torch.from_numpy(values.astype(np.float16).astype(np.float32)))


def main(folder: Path) -> None:
    """Every architecture."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, description in ARCHITECTURES.items():
        network = Network(description).eval()
        draw(network)
        x = torch.from_numpy(np.abs(tied("input", (HOPS, description["inputs"])))).T[None]
        with torch.no_grad():
            streaming = torch.sigmoid(network(x, strided=False))[0].T
            published = torch.sigmoid(offline.evaluate(network, x))[0].T
        shipped = {**description, "layers": [row for row in description["layers"] if row["type"] != "dropout"]}
        (folder / f"{name}.json").write_text(json.dumps(shipped) + "\n")
        for kind, value in (("streaming", streaming), ("offline", published)):
            np.save(folder / f"{name}_{kind}.npy", np.ascontiguousarray(value.numpy(), np.float32))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "published")
