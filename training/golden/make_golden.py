"""Writes the parity fixture: a tiny random network with every layer type, an input and what must come out.

    python training/golden/make_golden.py [FOLDER]

tiny.safetensors   the model file                 tiny_streaming.npy  [T, 5] one output a hop, after the sigmoid
tiny_input.npy     [T, 24] features               tiny_strided.npy    [T/9, 5] pools with stride, as in training
All float32. Row k of the strided output is row 9k+8 of the streaming one.
"""

import sys
from pathlib import Path

import numpy as np
import torch

from timbre_training.model import export
from timbre_training.model.network import Network

LAYERS = [
    {"type": "standardize", "name": "input"}, {"type": "batch_norm", "name": "head.0", "repeat": 2},
    {"type": "interleave", "planes": 2},
    {"type": "conv_2d", "name": "head.8", "bins": 12, "outputs": 3, "span": 5, "kernel": 3, "stride": 1},
    {"type": "batch_norm", "name": "head.9", "repeat": 12}, {"type": "relu"},
    {"type": "conv_2d", "name": "head.10", "bins": 12, "outputs": 4, "span": 3, "kernel": 2, "stride": 2},
    {"type": "conv", "name": "head.1", "outputs": 10, "kernel": 3, "dilation": 1},
    {"type": "residual", "name": "head.2", "outputs": 14, "dilation": 1}, {"type": "max_pool", "size": 3},
    {"type": "residual", "name": "head.3", "outputs": 12, "dilation": 2}, {"type": "max_pool", "size": 3},
    {"type": "residual", "name": "head.4", "outputs": 12, "dilation": 1}, {"type": "batch_norm", "name": "head.5"},
    {"type": "relu"}, {"type": "conv", "name": "head.6", "outputs": 9, "kernel": 5, "dilation": 2}, {"type": "relu"},
    {"type": "conv", "name": "head.7", "outputs": 5, "kernel": 1, "dilation": 1}, {"type": "sigmoid"}]
FRONT_END = {"sample_rate": 44100, "hop": 512, "minimum_frequency": 55.0, "bins": 12, "bins_per_octave": 12, "harmonics": 5}
CLASSES = ["bass", "drums", "flute", "piano", "violin"]
HOPS = 270


def main(folder: Path) -> None:
    """Everything from one seed."""
    torch.manual_seed(20)
    network = Network({"inputs": 24, "layers": LAYERS}).eval()
    with torch.no_grad():
        network.layers[0].mean.uniform_(0.1, 0.5)
        network.layers[0].std.uniform_(0.1, 0.4)
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm1d):
                module.running_mean.normal_(0, 0.5)
                module.running_var.uniform_(0.3, 3)
                module.weight.uniform_(0.5, 1.5)
                module.bias.normal_(0, 0.3)
            if isinstance(module, (torch.nn.Conv1d, torch.nn.Conv2d)):
                module.bias.normal_(0, 0.2)
        export.round_kernels(network)
        features = torch.rand(HOPS, 24)
        streaming = torch.sigmoid(network(features.T[None], strided=False))[0].T
        strided = torch.sigmoid(network(features.T[None]))[0].T
    settings = {"on": [0.5, 0.4, 0.3, 0.6, 0.5], "off": [0.3, 0.2, 0.2, 0.4, 0.3], "smoothing_ms": 50,
                "minimum_on_ms": 20, "minimum_off_ms": 100}
    description = export.describe(network, "tiny", FRONT_END, CLASSES, settings, {"data": "random weights, for parity tests only"})
    folder.mkdir(parents=True, exist_ok=True)
    export.write(folder / "tiny.safetensors", network, description)
    for name, value in (("input", features), ("streaming", streaming), ("strided", strided)):
        np.save(folder / f"tiny_{name}.npy", np.ascontiguousarray(value.numpy(), np.float32))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
