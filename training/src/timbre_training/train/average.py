"""The average of a network's weights over the steps of its training."""

from collections.abc import Mapping

import torch


def follow(average: torch.nn.Module, network: torch.nn.Module, configuration: Mapping, step: int) -> None:
    """Moves the weights of `average` towards those of `network` after a step.

    `average` of the configuration is how much of the old ones stays at a step, in [0, 1); less in the first steps, so that the start is soon forgotten.
    """
    keep = min(configuration.get("average", 0.0), (1 + step) / (10 + step))
    with torch.no_grad():
        new = network.state_dict()
        for name, old in average.state_dict().items():
            if old.dtype.is_floating_point:
                old.lerp_(new[name], 1 - keep)
            else:
                old.copy_(new[name])
