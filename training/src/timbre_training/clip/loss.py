"""Losses over the known labels alone."""

import numpy as np
import torch


def known_loss(probabilities: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor, kind: str,
               balance: torch.Tensor) -> torch.Tensor:
    """Mean binary cross-entropy, or focal loss (Lin et al. 2017) with gamma 2 and a weight for each class.

    The mean is over all known labels of the batch, as in Gururani et al. 2019; equation 8 of Watcharasupat et al. 2020 takes
    the mean of each recording's known labels first, then that over the recordings.
    """
    p = probabilities.clamp(1e-6, 1 - 1e-6)
    right = torch.where(targets > 0, p, 1 - p)
    losses = -torch.log(right)
    if kind == "focal":
        losses = losses * (1 - right) ** 2 * balance
    return (losses * mask).sum() / mask.sum().clamp(min=1)


def inverse_frequency(positives: np.ndarray) -> torch.Tensor:
    """Weights of the classes, rarer ones more, with a mean of 1."""
    inverse = 1 / np.maximum(1, positives)
    return torch.tensor(inverse / inverse.mean(), dtype=torch.float32)
