"""Writes the parity fixtures of the clip models: a tiny random AttentionMIC and what its four variants say.

    python training/golden/make_clip.py Tests/ModelsTests/Golden

clip_tiny.safetensors  the model file (att_tf_id, width 2, two classes); the other variants use parts of its tensors
clip_tiny_in.npy       [3 * 96, 64] log-mel values
clip_tiny_out.npy      [4, 2] probabilities of att_tf, att_tf_id, att_t and fc
The classifier of fc has the weight sin(i) / 50 at its i-th place and the bias -0.2, +0.2.
"""

import sys
from pathlib import Path

import numpy as np
import torch

from timbre_training.clip import export
from timbre_training.clip.network import ARCHITECTURES, BANDS, PATCH, AttentionMIC

CLASSES, PATCHES, WIDTH = ["piano", "violin"], 3, 2


def randomise(network: AttentionMIC) -> None:
    """Statistics as after training, biases that are not zero."""
    for module in network.modules():
        if isinstance(module, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
            module.weight.data.uniform_(0.7, 1.4)
            module.bias.data.normal_(0, 0.2)
    network.segments.bias.data.normal_(0, 0.2)
    network.attention.weight.data.mul_(4)
    network.classifier.weight.data.mul_(4)


def variant(base: AttentionMIC, architecture: str) -> AttentionMIC:
    """Another variant with the weights of `base` where they fit."""
    network = AttentionMIC(architecture, WIDTH, len(CLASSES), PATCHES)
    own = network.state_dict()
    for name, value in base.state_dict().items():
        if name in own:
            own[name] = value[:, :128] if name in ("attention.weight", "classifier.weight") and architecture != "att_tf_id" else value
    if architecture == "fc":
        shape = network.classifier.weight.shape
        own["classifier.weight"] = (torch.sin(torch.arange(shape.numel(), dtype=torch.double)) / 50).float().reshape(shape)
        own["classifier.bias"] = torch.tensor([-0.2, 0.2])
    network.load_state_dict(own)
    return network


def main(folder: Path) -> None:
    """Everything from one seed."""
    torch.manual_seed(11)
    base = AttentionMIC("att_tf_id", WIDTH, len(CLASSES), PATCHES).eval()
    randomise(base)
    rng = np.random.default_rng(5)
    spectrum = np.clip(rng.normal(0, 1, (PATCHES * PATCH, BANDS)).cumsum(axis=0) * 0.2 - 1, -4.6, 3).astype(np.float16).astype(np.float32)
    x = torch.from_numpy(spectrum).reshape(1, PATCHES, PATCH, BANDS)
    with torch.no_grad():
        rows = [export.rounded(variant(base, name))(x)[0].numpy() for name in ARCHITECTURES]
    description = export.describe(base, "tiny", CLASSES, [0.4, 0.6], {"data": "random weights, for parity tests only"})
    export.write(folder / "clip_tiny.safetensors", base, description)
    np.save(folder / "clip_tiny_in.npy", spectrum)
    np.save(folder / "clip_tiny_out.npy", np.stack(rows).astype(np.float32))
    print(np.stack(rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
