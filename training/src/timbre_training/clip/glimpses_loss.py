"""The hybrid loss of the glimpse networks: classification after the last glimpse, and REINFORCE for where to look."""

import torch
from torch.nn import functional as F

from .glimpses import Looks
from .loss import known_loss


#: Weight of the squares of what places are the tanh of. Without it they drift into a corner of the window, where tanh has no slope
#: to bring them back: so it went with Sightreader, both losses, after a few epochs.
UPRIGHT = 0.05


def rewards(opinions: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Cumulative reward [N, glimpses]: the accuracy over the known labels after each glimpse, summed so far (section III.C).

    A clip of which nothing is known gives none.
    """
    right = ((opinions >= 0.5) == (targets > 0)[:, None]).float() * mask[:, None]
    return (right.sum(dim=2) / mask.sum(dim=1).clamp(min=1)[:, None]).cumsum(dim=1)


def hybrid_loss(looks: Looks, targets: torch.Tensor, mask: torch.Tensor, kind: str, balance: torch.Tensor) -> torch.Tensor:
    """Classification, REINFORCE and the baseline's error, in equal parts: they reach different weights.

    The baseline tells from the state before a glimpse what reward stands to come, so that it takes out of the gradient's
    variance and not of its mean. Places that lean far out cost a little (ours, not the paper's).
    """
    reward = rewards(looks.opinions.detach(), targets, mask)
    advantage = reward - looks.expected
    chosen = -(looks.log_probabilities * advantage.detach()).sum(dim=1).mean()
    return known_loss(looks.opinions[:, -1], targets, mask, kind, balance) + chosen + F.mse_loss(looks.expected, reward) + UPRIGHT * looks.leanings.square().sum(dim=(1, 2)).mean()
