"""Reads a checkpoint to go on from, and says what of the configuration must be as it was."""

import pickle
from collections.abc import Iterable, Mapping
from pathlib import Path

import torch

from ..errors import TrainingError

#: What decides the weights of a run from its first step on.
RECIPE = ("seed", "loss", "optimizer", "batch", "average", "outputs", "known", "system", "class_weights")


def loaded(file: Path, device: torch.device | str = "cpu") -> dict:
    """The state in a checkpoint file."""
    if not file.exists():
        raise TrainingError(f"{file}: no checkpoint; train first")
    try:
        return torch.load(file, weights_only=True, map_location=device)
    except (RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise TrainingError(f"{file}: no checkpoint can be read from it ({error}); delete it and train again") from error


def same_recipe(file: Path, begun: Mapping, asked: Mapping, keys: Iterable[str] = RECIPE) -> None:
    """Refuses to go on with a run that was begun by another configuration: its result would be that of neither."""
    for key in keys:
        if begun.get(key) != asked.get(key):
            raise TrainingError(f"{file}: the run was begun with '{key}' {begun.get(key)!r}, the configuration has {asked.get(key)!r}; "
                                "choose another --run folder")
