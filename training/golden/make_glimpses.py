"""Writes the parity fixtures of the glimpse networks: tiny random ones, what they say and where they look.

    python training/golden/make_glimpses.py Tests/ModelsTests/Golden

ARCHITECTURE.safetensors  the model file of each (width 8, two classes, a window of three patches)
glimpses_out.npy          [3, 2] probabilities of clip_tiny_in.npy, which make_clip.py wrote there
glimpses_path.npy         [3, 16, 2] frames and bands of the glimpses' centres
"""

import sys
from pathlib import Path

import numpy as np
import torch

from timbre_training.clip import export
from timbre_training.clip.glimpses import GLIMPSE_ARCHITECTURES, Glimpses
from timbre_training.clip.network import BANDS, PATCH

CLASSES, PATCHES, WIDTH = ["piano", "violin"], 3, 8
#: No centre may lie as near to the border between two frames or bands that single precision decides where it falls.
MARGIN = 0.01


def wander(network: Glimpses) -> None:
    """Weights that lead through the whole window."""
    with torch.no_grad():
        for name, value in network.core.named_parameters():
            value.mul_(2) if name.startswith("weight") else value.normal_(0, 0.3)
        network.next.weight.mul_(4)
        network.classifier.weight.mul_(3)


def main(folder: Path) -> None:
    """Everything from one seed. The first centre is exact in both languages, whatever the border."""
    torch.manual_seed(4)
    x = torch.from_numpy(np.load(folder / "clip_tiny_in.npy"))[None]
    said, paths = [], []
    for architecture in GLIMPSE_ARCHITECTURES:
        network = Glimpses(architecture, WIDTH, len(CLASSES), PATCHES).eval()
        wander(network)
        with torch.no_grad():
            looks = network.look(x, drawn=False)
        exact = (looks.places[0, 1:].double() + 1) / 2 * torch.tensor([PATCHES * PATCH - 1, BANDS - 1])
        assert ((exact - exact.floor() - 0.5).abs() > MARGIN).all(), "choose another seed"
        said.append(looks.opinions[0, -1].numpy())
        paths.append(looks.centres[0].numpy())
        description = export.describe(network, "tiny", CLASSES, [0.4, 0.6], {"data": "random weights, for parity tests only"})
        export.write(folder / f"{architecture}.safetensors", network, description)
    np.save(folder / "glimpses_out.npy", np.stack(said).astype(np.float32))
    np.save(folder / "glimpses_path.npy", np.stack(paths).astype(np.float32))
    print(np.stack(said), np.stack(paths))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
