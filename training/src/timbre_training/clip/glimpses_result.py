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


def recordings(realset: Path, run: Path) -> np.ndarray:
    """Probabilities [items, classes] that `evaluate` wrote, in the order of the labels."""
    with open(realset / "labels.csv", newline="") as file:
        names = [row["clip"] for row in csv.DictReader(file)]
    with open(run / "realset.csv", newline="") as file:
        found = {row["clip"]: [float(row[name]) for name in CLASSES] for row in csv.DictReader(file)}
    missing = [name for name in names if name not in found]
    if missing:
        raise TrainingError(f"{run / 'realset.csv'}: lacks '{missing[0]}' of {realset / 'labels.csv'}; evaluate the run again")
    return np.array([found[name] for name in names], np.float32)


def seconds(benchmarks: Path, model: Path) -> float:
    """CPU seconds that the engine takes for a window of ten patches, front end excluded."""
    done = subprocess.run([str(benchmarks), "--clip", str(model)], capture_output=True, text=True)
    if done.returncode:
        raise TrainingError(f"{benchmarks} --clip {model} failed: {done.stderr[-300:]}")
    return float(json.loads(done.stdout)["seconds"])


def write(run: Path, valid: Path, realset: Path, timbre: str | None, benchmarks: Path | None) -> dict:
    """Evaluates, exports and measures the best network of a run."""
    network, state = load(run)
    configuration, log = state["configuration"], [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    evaluate(run, valid, realset, timbre)
    export(run, run / "model.safetensors")
    probabilities, _ = predict(network, Clips(valid), network.patches)
    np.savez_compressed(run / "outputs.npz", valid=probabilities.astype(np.float32), realset=recordings(realset, run))
    kind = configuration["architecture"], configuration["loss"]
    result = {"name": f"{kind[0]}-{kind[1]}", "title": TITLES.get(kind, f"{kind[0]}, {kind[1]}"), "paper": PAPER,
              "parameters": sum(value.numel() for value in network.tensors().values()), "multiply_adds": network.multiply_adds,
              "seconds_per_clip": seconds(benchmarks, run / "model.safetensors") if benchmarks else None,
              "loss": kind[1], "epochs": state["epoch"], "epochs_run": log[-1]["epoch"], "cpu_seconds": log[-1]["cpu_seconds"],
              "seed": configuration["seed"]}
    (run / "result.json").write_text(json.dumps(result, indent=1) + "\n")
    return result
