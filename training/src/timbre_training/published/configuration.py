"""Reads the configuration of a published system and says what it is made of."""

import json
from pathlib import Path

from ..errors import TrainingError
from ..data.taxonomy import CLASSES
from .architecture import describe

#: What stands under `system`, and what each key may be.
CHOICES = {"network": ("plain", "residual", "residual-frequency", "pitch"), "pitch": ("none", "true", "estimated"),
           "padding": ("causal", "centred"), "harmonics": (0, 1, 2, 3, 4, 5)}


def read(path: Path, recipe: Path | None = None) -> dict:
    """A configuration with what it `extends` (or `recipe` instead) under it; that of a published system gets its network."""
    try:
        values = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path}: no configuration can be read from it ({error})") from error
    if "extends" in values:
        extended = path.with_name(values.pop("extends"))
        base = read(recipe or extended)
        values = base | values
    if "system" in values:
        for key, choices in CHOICES.items():
            if values["system"].get(key) not in choices:
                raise TrainingError(f"{path}: '{key}' of the system is {values['system'].get(key)!r}; "
                                    f"it can be {', '.join(map(str, choices))}")
        values["network"] = describe(values["system"], len(CLASSES))
    return values
