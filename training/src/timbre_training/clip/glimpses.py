"""Sightreader and the recurrent attention models beside it (Watcharasupat, Gururani & Lerch 2020; Mnih et al. 2014).

A window of log-mel is never seen whole: sixteen times the network looks at patches of it around one place, and decides from
what it has seen where to look next. Where the paper leaves something open, it is here as follows.

* The musically motivated shapes are those of musicnn, whose network the paper names: 7 frames by 0.7 and 0.4 of the bands,
  and 128, 64 and 32 frames by one band. RAM has one patch of 12 by 12.
* Places are centres in -1...1 by -1...1 (time, then bands) and are rounded to the nearest frame and band; what lies outside
  the window is silence. Values enter standardised by the mean and the deviation of rendered music over all bands.
* The sensor and the place each pass a dense layer of 128 and a ReLU; their sum a dense layer of 256 and a ReLU, as in Mnih
  et al. The core has 256 units; the plain one has ReLUs, as theirs. With another `width` than 256 all scale.
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
#: What silence is in log-mel, and by what values are standardised.
SILENCE, MEAN, DEVIATION = float(np.float32(np.log(0.01))), -1.6, 2.0


@dataclass
class Looks:
    """What a network did with a batch of windows, glimpse by glimpse."""

    #: Where it looked, in -1...1: [N, 16, 2], time then bands.
    places: torch.Tensor
    #: Frames and bands of the centres: [N, 16, 2] whole numbers.
    centres: torch.Tensor
    #: What it would have said after each glimpse, [N, 16, classes] probabilities.
    opinions: torch.Tensor
    #: Log-probability of each place, but for a constant, and the reward that was expected before it: [N, 16].
    log_probabilities: torch.Tensor
    expected: torch.Tensor
    #: What the nominal places are the tanh of, from the second on: [N, 15, 2].
    leanings: torch.Tensor


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
        self.core = (nn.RNN(width, width, nonlinearity="relu", batch_first=True) if architecture == "ram_rnn"
                     else nn.GRU(width, width, batch_first=True))
        self.next, self.classifier = nn.Linear(width, 2), nn.Linear(width, classes)
        self.baseline = nn.Linear(width, 1)
        for layer in (self.sensor, self.location, self.glimpse):
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The opinion after the last glimpse, at the nominal places."""
        return self.look(x, drawn=False).opinions[:, -1]

    def look(self, x: torch.Tensor, drawn: bool) -> Looks:
        """All glimpses, at places `drawn` around the nominal ones or at these themselves.

        Where to look is settled first, without gradients; then all glimpses are taken at once, which is much cheaper.
        """
        patches, drawn_places, centres = self.wander(x.reshape(len(x), -1, BANDS), drawn)
        places = drawn_places.clamp(-1, 1)
        states, _ = self.core(self.sense(patches, places))
        before = F.pad(states.detach()[:, :-1], (0, 0, 1, 0))
        leanings = self.next(before[:, 1:])
        nominal = torch.cat([torch.zeros_like(places[:, :1]), torch.tanh(leanings)], dim=1)
        log_probabilities = -((drawn_places - nominal) ** 2).sum(dim=2) / (2 * SIGMA ** 2)
        return Looks(places, centres, torch.sigmoid(self.classifier(states).float()), log_probabilities,
                     self.baseline(before)[..., 0].float(), leanings)

    @torch.no_grad()
    def wander(self, x: torch.Tensor, drawn: bool) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Patches [N, 16, values], places as drawn (before they are kept within the window) and centres."""
        extents = torch.tensor([x.shape[1] - 1, BANDS - 1], dtype=torch.float32)
        time, bands = self.margin
        padded = F.pad(x, (bands, bands, time, time), value=SILENCE)
        stride, offsets = padded.shape[2], self.offsets(padded.shape[2])
        padded, state, place, found = padded.reshape(len(x), -1), None, x.new_zeros(len(x), 2), []
        for _ in range(GLIMPSES):
            if drawn:
                place = place + SIGMA * torch.randn_like(place)
            kept = place.clamp(-1, 1)
            centre = torch.floor((kept + 1) * 0.5 * extents + 0.5).long()
            patches = (padded.gather(1, (centre[:, :1] * stride + centre[:, 1:]) + offsets) - MEAN) / DEVIATION
            found.append((patches, place, centre))
            output, state = self.core(self.sense(patches, kept)[:, None], state)
            place = torch.tanh(self.next(output[:, 0])).float()
        return tuple(torch.stack(column, dim=1) for column in zip(*found))

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

    def tensors(self) -> dict[str, torch.Tensor]:
        """The weights by their names in the model file; the baseline is of use in training alone."""
        return {name: value.detach().float().contiguous() for name, value in self.state_dict().items()
                if not name.startswith("baseline.")}

    @property
    def multiply_adds(self) -> int:
        """Of one window; how long that is does not matter."""
        layers = (self.sensor.weight, self.location.weight, self.glimpse.weight, self.core.weight_ih_l0,
                  self.core.weight_hh_l0, self.next.weight)
        return GLIMPSES * sum(weight.numel() for weight in layers) + self.classifier.weight.numel()
