"""The committed parity fixture is what its script makes."""

import runpy
from pathlib import Path

import numpy as np
import torch

from timbre_training.model import export

GOLDEN = Path(__file__).parent.parent / "golden"


def test_the_fixture_is_reproduced(tmp_path):
    runpy.run_path(str(GOLDEN / "make_golden.py"))["main"](tmp_path)
    for name in ("input", "streaming", "strided"):
        made, kept = (np.load(folder / f"tiny_{name}.npy") for folder in (tmp_path, GOLDEN))
        assert np.allclose(made, kept, atol=1e-5)


def test_the_file_gives_the_streaming_output():
    network, description = export.read(GOLDEN / "tiny.safetensors")
    with torch.no_grad():
        x = torch.from_numpy(np.load(GOLDEN / "tiny_input.npy")).T[None]
        out = torch.sigmoid(network(x, strided=False))[0].T.numpy()
    assert np.allclose(out, np.load(GOLDEN / "tiny_streaming.npy"), atol=1e-5)
    assert description["thresholds"]["on"][0] == 0.5
