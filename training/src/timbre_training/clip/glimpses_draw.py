"""Draws the way of a glimpse network over the spectrogram of a window."""

from pathlib import Path

import matplotlib
import numpy as np
import torch

from ..data.corpus import RATE, decode
from ..errors import TrainingError
from ..data.taxonomy import CLASSES
from .export import load
from .features import HOP_SECONDS, LogMel
from .glimpses import SILENCE, Glimpses
from .network import BANDS, PATCH

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402 (after the choice of a backend that needs no screen)


def window(spectrum: np.ndarray, frames: int) -> np.ndarray:
    """The first `frames` of a spectrogram, silence behind it where it is shorter."""
    return np.pad(spectrum[:frames], ((0, max(0, frames - len(spectrum))), (0, 0)), constant_values=SILENCE)


def draw(run: Path, clip: Path, start: float, out: Path, timbre: str | None) -> None:
    """A picture of the window of `clip` that begins at `start` seconds, with the patches of all sixteen glimpses in it."""
    network, _ = load(run)
    if not isinstance(network, Glimpses):
        raise TrainingError(f"{run}: '{network.architecture}' does not look in glimpses")
    spectrum = window(LogMel(timbre)(decode(clip)[int(start * RATE):]), network.patches * PATCH)
    with torch.no_grad():
        looks = network.look(torch.from_numpy(spectrum)[None], drawn=False)
    path, said = looks.centres[0].numpy(), looks.opinions[0, -1].numpy()
    figure, axes = plt.subplots(figsize=(11, 4.2), layout="constrained")
    axes.imshow(spectrum.T, origin="lower", aspect="auto", cmap="gray_r", interpolation="nearest",
                extent=(-0.5, len(spectrum) - 0.5, -0.5, BANDS - 0.5))
    colours = plt.get_cmap("viridis")(np.linspace(0, 0.95, len(path)))
    axes.plot(path[:, 0], path[:, 1], color="0.35", linewidth=0.8)
    for number, ((frame, band), colour) in enumerate(zip(path, colours), 1):
        for frames, bands in network.shapes:
            corner = (frame - frames // 2 - 0.5, band - bands // 2 - 0.5)
            axes.add_patch(plt.Rectangle(corner, frames, bands, fill=False, edgecolor=colour, linewidth=0.9))
        axes.annotate(str(number), (frame, band), color="white", fontsize=7, ha="center", va="center",
                      bbox={"boxstyle": "circle,pad=0.25", "facecolor": colour, "edgecolor": "white", "linewidth": 0.5})
    seconds = np.arange(0, len(spectrum) * HOP_SECONDS + 0.01, 1)
    axes.set_xticks(seconds / HOP_SECONDS, [f"{value:.0f}" for value in seconds])
    axes.set(xlim=(-0.5, len(spectrum) - 0.5), ylim=(-0.5, BANDS - 0.5), xlabel="seconds", ylabel="mel band")
    best = ", ".join(f"{CLASSES[k]} {said[k]:.2f}" for k in np.argsort(-said)[:4])
    axes.set_title(f"{network.architecture}, {clip.name}: {best}", fontsize=9)
    figure.savefig(out, dpi=110)
    plt.close(figure)
