"""Judges a clip model on rendered validation clips and on real recordings."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from ..data.corpus import decode
from ..errors import TrainingError
from ..evaluate.evaluate import write_clips
from ..data.labels import PRESENT, UNKNOWN
from ..evaluate.metrics import CANDIDATES
from ..data.taxonomy import CLASSES
from .dataset import Clips
from .export import load, rounded
from .features import LogMel
from .glimpses import Glimpses
from .metrics import clip_scores
from .network import BANDS, PATCH, AttentionMIC
from .train import predict

#: A tag that is not there annoys more than one that is missed: precision counts twice as much as recall.
BETA = 0.5
#: Thresholds lie between these.
LEAST, MOST = 0.2, 0.95


def choose_thresholds(probabilities: np.ndarray, labels: np.ndarray) -> list[float]:
    """The best of 99 candidates by F-beta for every class, from validation alone."""
    chosen = []
    for column in range(labels.shape[1]):
        known = labels[:, column] != UNKNOWN
        truth, score = labels[known, column] == PRESENT, probabilities[known, column]
        hits = np.array([(truth & (score > c)).sum() for c in CANDIDATES])
        called = np.array([(score > c).sum() for c in CANDIDATES])
        f = (1 + BETA ** 2) * hits / np.maximum(1, called + BETA ** 2 * truth.sum())
        chosen.append(float(np.clip(CANDIDATES[int(np.argmax(f))], LEAST, MOST)))
    return chosen


def tag(network: AttentionMIC | Glimpses, spectrum: np.ndarray) -> np.ndarray:
    """Probabilities of a recording: the highest over its windows, each as the daemon would send it.

    A recording shorter than a patch, or than the window where the model takes no other, is lengthened with silence.
    """
    least = PATCH * (network.patches if isinstance(network, Glimpses) or network.architecture == "fc" else 1)
    if len(spectrum) < least:
        spectrum = np.concatenate([spectrum, np.full((least - len(spectrum), BANDS), np.log(0.01), np.float32)])
    patches = torch.from_numpy(spectrum[:len(spectrum) // PATCH * PATCH].copy()).reshape(-1, PATCH, BANDS)
    with torch.no_grad():
        windows = [network(patches[max(0, end - network.patches):end][None])[0].numpy()
                   for end in range(min(len(patches), network.patches), len(patches) + 1)]
    return np.max(windows, axis=0)


def realset_scores(network: AttentionMIC | Glimpses, realset: Path, out: Path, timbre: str | None, thresholds: list[float]) -> dict:
    """The scorer's figures; thresholds come from validation, never from these recordings."""
    front_end, rows = LogMel(timbre), {}
    for path in tqdm(sorted((realset / "audio").iterdir()), desc="realset", mininterval=10):
        rows[path.stem] = tag(network, front_end(decode(path)))
    if not rows:
        raise TrainingError(f"{realset}/audio: no recordings; give the folder with --realset")
    write_clips(out / "realset.csv", rows)
    done = subprocess.run([sys.executable, str(realset / "score.py"), "--labels", str(realset / "labels.csv"), "--pred",
                           str(out / "realset.csv"), "--json", str(out / "realset.json")], capture_output=True, text=True)
    if done.returncode:
        raise TrainingError(f"score.py failed: {done.stderr[-500:]}")
    (out / "realset.txt").write_text(done.stdout)
    score = json.loads((out / "realset.json").read_text())["clip"]
    noise = {name: [c for c, p, t in zip(CLASSES, row, thresholds) if p >= t] for name, row in rows.items() if name.startswith("noise_")}
    return {"realset_map": score["mAP"], "realset_auc": score["AUC"], "realset_top1": score["top1"],
            "noise_clips": len(noise), "noise_with_tag": {name: tags for name, tags in noise.items() if tags}}


def evaluate(run: Path, valid: Path, realset: Path | None, timbre: str | None) -> dict:
    """Scores the shipped form of a run's best network and writes evaluation.json beside it."""
    network, state = load(run)
    network = rounded(network)
    probabilities, labels = predict(network, Clips(valid), network.patches)
    scores = clip_scores(probabilities, labels)
    thresholds = choose_thresholds(probabilities, labels)
    result = {"epoch": state["epoch"], "thresholds": thresholds, "classes": scores["classes"],
              "figures": {f"validation_{key}": value for key, value in scores["mean"].items()}}
    if realset:
        real = realset_scores(network, realset, run, timbre, thresholds)
        result["figures"] |= {key: value for key, value in real.items() if key.startswith("realset_")}
        result["noise"] = {key: value for key, value in real.items() if key.startswith("noise_")}
    (run / "evaluation.json").write_text(json.dumps(result, indent=1))
    return result


def summary(result: dict) -> str:
    """A few lines for the terminal."""
    lines = [f"epoch {result['epoch']}", *(f"  {key} {value:.3f}" for key, value in result["figures"].items())]
    if "noise" in result:
        lines.append(f"  noise clips with a tag: {len(result['noise']['noise_with_tag'])} of {result['noise']['noise_clips']} "
                     f"{result['noise']['noise_with_tag']}")
    return "\n".join(lines)
