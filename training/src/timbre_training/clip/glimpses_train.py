"""Trains a network that looks in glimpses: as any clip model, but for what it learns from."""

import torch

from .glimpses_loss import hybrid_loss
from .train import Trainer


class GlimpseTrainer(Trainer):
    """A run whose network draws the places at which it looks."""

    def loss(self, x, y, mask, balance: torch.Tensor) -> torch.Tensor:
        """Classification and the choice of places."""
        with torch.autocast("cpu", torch.bfloat16, enabled=self.configuration.get("half", False)):
            looks = self.network.look(x, drawn=True)
        return hybrid_loss(looks, y, mask, self.configuration["loss"], balance)
