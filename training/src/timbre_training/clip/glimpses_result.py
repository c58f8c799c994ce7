"""Leaves in a run's folder what the table of clip systems reads."""

import csv
import json
import subprocess
from pathlib import Path

import numpy as np

from ..errors import TrainingError
from ..taxonomy import CLASSES
from .dataset import Clips
from .evaluate import evaluate
from .export import export, load
from .train import predict

TITLES = {("sightreader", "bce"): "Sightreader (SR16)", ("sightreader", "focal"): "Sightreader, focal loss (SR16-FL)",
          ("ram_rnn", "bce"): "RAM16-RNN", ("ram_gru", "bce"): "RAM16-GRU"}
PAPER = "Watcharasupat, Gururani & Lerch 2020"


def recordings(run: Path) -> np.ndarray:
    """Probabilities [recordings, classes] that `evaluate` wrote, in the order of their names."""
    with open(run / "realset.csv", newline="") as file:
        found = {row["clip"]: [float(row[name]) for name in CLASSES] for row in csv.DictReader(file)}
    return np.array([found[name] for name in sorted(found)], np.float32)


def seconds(benchmarks: str, model: Path) -> float:
    """CPU seconds that the engine takes for a window, front end excluded."""
    try:
        done = subprocess.run([*benchmarks.split(), "--clip", str(model)], capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise TrainingError(f"{benchmarks} --clip {model} failed ({error}) {getattr(error, 'stderr', '') or ''}; "
                            "build it with `swift build -c release --product benchmarks`") from error
    return float(json.loads(done.stdout)["seconds"])


def write(run: Path, valid: Path, realset: Path, timbre: str | None, benchmarks: str) -> dict:
    """Evaluates, exports and measures the best network of a run."""
    network, state = load(run)
    configuration, log = state["configuration"], [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    evaluate(run, valid, realset, timbre)
    export(run, run / "model.safetensors")
    probabilities, labels = predict(network, Clips(valid), network.patches)
    np.savez(run / "outputs.npz", valid=probabilities.astype(np.float32), realset=recordings(run), labels=labels)
    kind = configuration["architecture"], configuration["loss"]
    parameters = sum(value.numel() for value in network.tensors().values())
    result = {"name": run.name, "title": TITLES.get(kind, f"{kind[0]}, {kind[1]}"), "paper": PAPER, "parameters": parameters, "trained": parameters,
              "multiply_adds": network.multiply_adds, "seconds_per_clip": seconds(benchmarks, run / "model.safetensors"), "loss": kind[1],
              "epochs": state["epoch"], "epochs_trained": log[-1]["epoch"], "stopped": log[-1]["epoch"] - state["epoch"] >= configuration["patience"],
              "cpu_seconds": log[-1]["cpu_seconds"], "seed": configuration["seed"]}
    (run / "result.json").write_text(json.dumps(result, indent=1))
    return result
