"""Writes a trained system of the frozen stack as a model file that the daemon loads."""

import datetime
import json
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from ..errors import TrainingError
from ..model.export import FORMAT
from ..seal import seal
from ..data.taxonomy import CLASSES, FAMILIES
from . import systems
from .export import fold, is_half
from .forest import Forest
from .network import AttentionMIC


def head_tensors(network: torch.nn.Module | Forest) -> dict[str, torch.Tensor]:
    """What stands behind the embeddings, by its names in the file."""
    if isinstance(network, Forest):
        return {f"forest.{name}": torch.from_numpy(values) for name, values in network.arrays.items()}
    return {f"head.{name}": value.detach().float().contiguous() for name, value in network.state_dict().items()
            if not name.endswith("num_batches_tracked")}


def frozen_tensors(model: Path) -> tuple[dict[str, torch.Tensor], int]:
    """The tensors of a model file up to the embedded instances, as they are there, and their width."""
    with safe_open(model, "pt") as file:
        names = [name for name in file.keys() if name.split(".")[0] not in ("attention", "classifier")]
        return {name: file.get_tensor(name) for name in names}, json.loads(file.metadata()["description"])["width"]


def describe(configuration: dict, width: int, thresholds: list[float], provenance: dict, classes=tuple(CLASSES), families=tuple(FAMILIES)) -> dict:
    """The description that travels in the file."""
    architecture = configuration["architecture"]
    told = {"families": list(families)} if systems.has_families(architecture) else {}
    return {"name": configuration["title"], "task": "clip", "front_end": "vggish_log_mel", "architecture": architecture, "width": width,
            "window_patches": configuration["window_patches"], "classes": list(classes), **told,
            "thresholds": [round(float(v), 4) for v in thresholds], "provenance": provenance}


def tensors(network: torch.nn.Module | Forest, model: Path) -> tuple[dict[str, torch.Tensor], int]:
    """Everything that the file of a system holds, and the width of its stack."""
    if isinstance(network, AttentionMIC):
        return {name: value.half() if is_half(name) else value for name, value in fold(network).items()}, network.width
    frozen, width = frozen_tensors(model)
    return frozen | head_tensors(network), width


def write(path: Path, stored: dict[str, torch.Tensor], description: dict) -> None:
    """Saves the file whole or not at all."""
    if len(description["thresholds"]) != len(description["classes"]):
        raise TrainingError(f"{path}: {len(description['thresholds'])} thresholds for {len(description['classes'])} classes")
    part = path.with_suffix(".part")
    save_file(stored, str(part), metadata={"format": FORMAT, "description": json.dumps(description)})
    seal(part)
    part.chmod(0o644)
    part.rename(path)


def export(network: torch.nn.Module | Forest, state: dict, thresholds: list[float], scores: dict, out: Path) -> int:
    """The model file of a run; returns its number of weights."""
    configuration = state["configuration"]
    provenance = {"date": datetime.date.today().isoformat(), "configuration": configuration, "epoch": state["epoch"], "scores": scores,
                  "data": "sampled instruments mixed by timbre_training; see models/default.md for sources and licences"}
    stored, width = tensors(network, Path(configuration["model"]))
    write(out, stored, describe(configuration, width, thresholds, provenance))
    return int(np.sum([value.numel() for value in stored.values()]))
