"""Sightreader and the recurrent attention models beside it (Watcharasupat, Gururani & Lerch 2020; Mnih et al. 2014).

A window of log-mel is never seen whole: sixteen times the network looks at patches of it around one place, and decides from
what it has seen where to look next. Where the paper leaves something open, it is here as follows.

* The musically motivated shapes are those of musicnn, whose network the paper names: 7 frames by 0.7 and 0.4 of the bands,
  and 128, 64 and 32 frames by one band. RAM has one patch of 12 by 12.
* Places are centres in -1...1 by -1...1 (time, then bands) and are rounded to the nearest frame and band; what lies outside
  the window is silence. Values enter as their distance from silence, over four, which brings them near 0...2.
* The sensor and the place each pass a dense layer of 128 and a ReLU; their sum a dense layer of 256 and a ReLU, as in Mnih
  et al. The core has 256 units; the plain one is h = relu(W x + U h), as theirs. With another `width` than 256 all scale.
* The location network is tanh of a dense layer. No gradient flows from it into the core: it learns from reward alone.
* The first nominal place is the centre of the window. In training every place is drawn around the nominal one; otherwise the
  network looks at the nominal places, so that nothing is left to chance and no seed is needed.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from ..errors import TrainingError
from .network import BANDS

GLIMPSES = 16
#: Standard deviation of the places in training, of a half window.
SIGMA = 0.17
#: Frames by bands of the patches of one glimpse.
SHAPES = {"sightreader": ((7, 44), (7, 25), (128, 1), (64, 1), (32, 1)), "ram_rnn": ((12, 12),), "ram_gru": ((12, 12),)}
GLIMPSE_ARCHITECTURES = tuple(SHAPES)
SILENCE = float(np.float32(np.log(0.01)))
SCALE = 0.25


@dataclass
class Looks:
    """What a network did with a batch of windows, glimpse by glimpse."""

    #: Where it looked, in -1...1: [N, 16, 2], time then bands.
    places: torch.Tensor
    #: Frames and bands of the centres: [N, 16, 2] whole numbers.
    centres: torch.Tensor
    #: What it would have said after each glimpse, [N, 16, classes] probabilities.
    opinions: torch.Tensor
    #: Log-probability of each place and the reward that was expected of it, [N, 16], without the constants of the former.
    log_probabilities: torch.Tensor
    expected: torch.Tensor


class Glimpses(nn.Module):
    """Windows [N, patches, 96, 64] (or [N, frames, 64]) to probabilities [N, classes]."""

    def __init__(self, architecture: str, width: int, classes: int, patches: int = 10):
        super().__init__()
        if architecture not in SHAPES:
            raise TrainingError(f"unknown architecture '{architecture}' ({', '.join(SHAPES)})")
        if width < 2 or width % 2:
            raise TrainingError(f"the width {width} of '{architecture}' cannot be halved")
        self.architecture, self.width, self.classes, self.patches = architecture, width, classes, patches
        self.shapes = SHAPES[architecture]
        self.margin = tuple(max(shape[axis] for shape in self.shapes) for axis in (0, 1))
        self.sensor = nn.Linear(sum(frames * bands for frames, bands in self.shapes), width // 2)
        self.location = nn.Linear(2, width // 2)
        self.glimpse = nn.Linear(width // 2, width)
        gates = 1 if architecture == "ram_rnn" else 3
        self.input, self.hidden = nn.Linear(width, gates * width), nn.Linear(width, gates * width)
        self.next, self.classifier = nn.Linear(width, 2), nn.Linear(width, classes)
        self.baseline = nn.Linear(width, 1)
        for layer in (self.sensor, self.location, self.glimpse):
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The opinion after the last glimpse, at the nominal places."""
        return self.look(x, drawn=False).opinions[:, -1]

    def look(self, x: torch.Tensor, drawn: bool) -> Looks:
        """All glimpses, at places `drawn` around the nominal ones or at these themselves."""
        x = x.reshape(len(x), -1, BANDS)
        extents = torch.tensor([x.shape[1] - 1, BANDS - 1], dtype=torch.float32)
        time, bands = self.margin
        padded = F.pad(x.detach(), (bands, bands, time, time), value=SILENCE)
        stride, offsets = padded.shape[2], self.offsets(padded.shape[2])
        padded = padded.reshape(len(x), -1)
        state = x.new_zeros(len(x), self.width)
        nominal, found = x.new_zeros(len(x), 2), []
        for _ in range(GLIMPSES):
            place = nominal.detach()
            if drawn:
                place = place + SIGMA * torch.randn_like(place)
            log_probability = -((place - nominal) ** 2).sum(dim=1) / (2 * SIGMA ** 2)
            expected = self.baseline(state.detach())[:, 0]
            place = place.clamp(-1, 1)
            centre = torch.floor((place + 1) * 0.5 * extents + 0.5).long()
            patches = padded.gather(1, (centre[:, :1] * stride + centre[:, 1:]) + offsets)
            state = self.step(self.sense((patches - SILENCE) * SCALE, place), state)
            nominal = torch.tanh(self.next(state.detach()))
            found.append((place, centre, torch.sigmoid(self.classifier(state)), log_probability, expected))
        return Looks(*(torch.stack(column, dim=1) for column in zip(*found)))

    def offsets(self, stride: int) -> torch.Tensor:
        """From a centre's index, as if there were no margin, to the values of its patches in a padded window."""
        parts = []
        for frames, bands in self.shapes:
            rows = torch.arange(frames) - frames // 2 + self.margin[0]
            columns = torch.arange(bands) - bands // 2 + self.margin[1]
            parts.append((rows[:, None] * stride + columns[None]).flatten())
        return torch.cat(parts)[None]

    def sense(self, patches: torch.Tensor, place: torch.Tensor) -> torch.Tensor:
        """What was seen and where, equations 6 and 7."""
        return F.relu(self.glimpse(F.relu(self.sensor(patches)) + F.relu(self.location(place))))

    def step(self, seen: torch.Tensor, state: torch.Tensor) -> torch.Tensor:
        """The core: relu(W x + U h), or a gated recurrent unit in PyTorch's form and order of gates."""
        if self.architecture == "ram_rnn":
            return F.relu(self.input(seen) + self.hidden(state))
        x, h = self.input(seen).chunk(3, dim=1), self.hidden(state).chunk(3, dim=1)
        reset, update = torch.sigmoid(x[0] + h[0]), torch.sigmoid(x[1] + h[1])
        return (1 - update) * torch.tanh(x[2] + reset * h[2]) + update * state

    def tensors(self) -> dict[str, torch.Tensor]:
        """The weights by their names in the model file; the baseline is of use in training alone."""
        found = {f"{name}.{kind}": getattr(getattr(self, name), kind) for kind in ("weight", "bias")
                 for name in ("sensor", "location", "glimpse", "next", "classifier")}
        for name, letters in (("input", "ih"), ("hidden", "hh")):
            layer = getattr(self, name)
            found[f"core.weight_{letters}_l0"], found[f"core.bias_{letters}_l0"] = layer.weight, layer.bias
        return {name: value.detach().float().contiguous() for name, value in found.items()}

    @property
    def multiply_adds(self) -> int:
        """Of one window; how long that is does not matter."""
        layers = (self.sensor, self.location, self.glimpse, self.input, self.hidden, self.next)
        return GLIMPSES * sum(layer.weight.numel() for layer in layers) + self.classifier.weight.numel()
