"""Measures a trained network that looks in glimpses: leaves in its run's folder what `measure` leaves in those of the others."""

import csv
import json
from pathlib import Path

import numpy as np

from ..errors import TrainingError
from ..data.taxonomy import CLASSES
from ..train.resume import loaded
from .dataset import Clips
from .evaluate import evaluate
from .export import export, load
from .glimpses import GLIMPSE_ARCHITECTURES
from .measure import cost
from .train import predict

TITLES = {("sightreader", "bce"): "Sightreader (SR16)", ("sightreader", "focal"): "Sightreader, focal loss (SR16-FL)",
          ("ram_rnn", "bce"): "RAM16-RNN", ("ram_gru", "bce"): "RAM16-GRU"}
PAPER = "Watcharasupat et al. 2020"


def recordings(run: Path) -> np.ndarray:
    """Probabilities [recordings, classes] that `evaluate` wrote, in the order of their names."""
    with open(run / "realset.csv", newline="") as file:
        found = {row["clip"]: [float(row[name]) for name in CLASSES] for row in csv.DictReader(file)}
    return np.array([found[name] for name in sorted(found)], np.float32)


def looks_around(run: Path) -> bool:
    """Whether a run's network looks in glimpses."""
    file = run / "best.pt"
    return file.exists() and loaded(file)["configuration"]["architecture"] in GLIMPSE_ARCHITECTURES


def measure(run: Path, valid: Path, realset: Path | None, timbre: str | None, benchmarks: str) -> dict:
    """Evaluates and exports the best network of a run; `valid` is the folder of the validation shards."""
    if realset is None:
        raise TrainingError(f"{run}: glimpses are taken of spectrograms; give the real recordings with --realset")
    network, state = load(run)
    configuration, log = state["configuration"], [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    evaluate(run, valid, realset, timbre)
    export(run, run / "model.safetensors")
    probabilities, labels = predict(network, Clips(valid), network.patches)
    np.savez(run / "outputs.npz", valid=probabilities.astype(np.float32), realset=recordings(run), labels=labels)
    kind = configuration["architecture"], configuration["loss"]
    parameters = sum(value.numel() for value in network.tensors().values())
    result = {"name": run.name, "title": TITLES.get(kind, f"{kind[0]}, {kind[1]}"), "paper": PAPER, "parameters": parameters, "trained": parameters,
              **cost(benchmarks, run / "model.safetensors"), "loss": kind[1],
              "epochs": state["epoch"], "epochs_run": log[-1]["epoch"], "stopped": log[-1]["epoch"] - state["epoch"] >= configuration["patience"],
              "cpu_seconds": log[-1]["cpu_seconds"], "seed": configuration["seed"]}
    (run / "result.json").write_text(json.dumps(result, indent=1))
    return result
