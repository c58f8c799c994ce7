"""Measures one trained system of the frozen stack: outputs on validation clips and real recordings, model file, time in the daemon's code.

Every run's folder then holds what the table reads: `outputs.npz` with probabilities `valid` [clips, classes] and `realset` [recordings,
classes] (recordings in the order of their names), `model.safetensors`, and `result.json`.
"""

import json
import subprocess
from pathlib import Path

import numpy as np
import torch

from ..errors import TrainingError
from ..data.taxonomy import CLASSES
from . import systems
from .evaluate import choose_thresholds
from .forest import Forest
from .frozen import PATCHES, Heard, same_model
from .frozen_train import load, predict, scores
from .head_export import export
from .hierarchy import Linked


def answer(network: torch.nn.Module | Forest, heard: torch.Tensor) -> np.ndarray:
    """Probabilities [N, outputs] of windows [N, patches, ...]."""
    if isinstance(network, Forest):
        return network.probabilities(heard.mean(dim=1).numpy())
    with torch.no_grad():
        return systems.answer(network, heard).numpy()


def recording(network: torch.nn.Module | Forest, heard: torch.Tensor, fixed: bool, silence: torch.Tensor) -> np.ndarray:
    """Probabilities of a recording [patches, ...]: the highest over its windows, each as the daemon would send it.

    A system that takes full windows alone hears silence behind a recording that is shorter.
    """
    if fixed and len(heard) < PATCHES:
        heard = torch.cat([heard, silence.expand(PATCHES - len(heard), *silence.shape[1:])])
    ends = range(min(len(heard), PATCHES), len(heard) + 1)
    return np.max([answer(network, heard[max(0, end - PATCHES):end][None])[0] for end in ends], axis=0)


def recordings(network: torch.nn.Module | Forest, file: Path, form: str, fixed: bool) -> np.ndarray:
    """Probabilities [recordings, outputs] of the cached real recordings."""
    if not file.exists():
        raise TrainingError(f"{file}: not found; give `frozen` the real recordings with --realset")
    with np.load(file) as stored:
        rows, counts = torch.from_numpy(stored[form].astype(np.float32)), stored["counts"].tolist()
    *parts, silence = rows.split([*counts, 1])
    return np.stack([recording(network, part, fixed, silence) for part in parts])


def cost(benchmarks: str, model: Path) -> dict:
    """Seconds and multiply-adds of a window computed afresh, by the daemon's own code."""
    try:
        done = subprocess.run([*benchmarks.split(), "--clip", str(model)], capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise TrainingError(f"{benchmarks} --clip {model} failed ({error}) {getattr(error, 'stderr', '') or ''}; "
                            "build it with `swift build -c release --product benchmarks`") from error
    found = json.loads(done.stdout)
    share = PATCHES / found["patches"]
    return {"seconds_per_clip": found["seconds"] * share, "multiply_adds": round(found["multiply_adds"] * share)}


def measure(run: Path, frozen: Path, benchmarks: str) -> dict:
    """Writes all that the table needs to know of a run."""
    network, state = load(run)
    configuration = state["configuration"]
    architecture, model = configuration["architecture"], Path(configuration["model"])
    same_model(model, frozen)
    form, count = systems.form(architecture), len(CLASSES)
    valid = Heard(frozen / "valid", form, families=systems.has_families(architecture))
    numbers = np.arange(len(valid))
    judged = answer(network, valid.inputs(numbers)) if isinstance(network, Forest) else predict(network, valid)
    real = recordings(network, frozen / "realset.npz", form, architecture in systems.FIXED)
    outputs = {"valid": judged[:, :count], "realset": real[:, :count], "labels": valid.labels[:, :count]}
    if systems.has_families(architecture):
        outputs |= {"families": judged[:, count:], "families_realset": real[:, count:]}
    if isinstance(network, Linked):
        with torch.no_grad():
            outputs["attention"] = network.link.weights(*network.fine.attended(valid.inputs(numbers))).mean(dim=0).numpy()
    np.savez(run / "outputs.npz", **outputs)
    found = {key: round(value, 4) for key, value in scores(judged, valid.labels).items()}
    weights = export(network, state, choose_thresholds(outputs["valid"], outputs["labels"]), found, run / "model.safetensors")
    result = {"name": run.name, "title": configuration["title"], "paper": configuration["paper"], "parameters": weights,
              **cost(benchmarks, run / "model.safetensors"), "seed": configuration["seed"]}
    if isinstance(network, Forest):
        result |= {"loss": "Gini impurity"}
    else:
        log = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
        result |= {"loss": configuration["loss"], "trained": sum(p.numel() for p in network.parameters() if p.requires_grad),
                   "epochs": state["epoch"], "epochs_run": log[-1]["epoch"], "cpu_seconds": log[-1]["cpu_seconds"],
                   "stopped": log[-1]["epoch"] - state["epoch"] >= configuration["patience"]}
    (run / "result.json").write_text(json.dumps(result, indent=1))
    return result
