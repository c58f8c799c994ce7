"""Frame scores on rendered shards and the published threshold search."""

import numpy as np
import torch
from sklearn.metrics import average_precision_score

from ..data.labels import PRESENT, UNKNOWN
from ..model.network import Network

CANDIDATES = np.arange(0.01, 1.0, 0.01)


def predict(network: Network, features: np.ndarray, strided: bool) -> np.ndarray:
    """Probabilities [N, K, classes] of features [N, T, channels]."""
    network.eval()
    with torch.no_grad():
        device = next(network.parameters()).device
        x = torch.from_numpy(np.array(features, np.float32)).to(device).permute(0, 2, 1)
        return torch.sigmoid(network(x, strided=strided)).permute(0, 2, 1).cpu().numpy()


def predict_shards(network: Network, shards, limit: int | None = None, strided: bool = True):
    """Probabilities and labels over the clips of shards: [clips, K, classes] each."""
    step = network.stride if strided else 1
    probabilities, labels = [], []
    left = limit or shards.clips
    for features, truth in zip(shards.features, shards.labels):
        for first in range(0, min(len(features), left), 15):
            part = slice(first, min(first + 15, left))
            probabilities.append(predict(network, features[part], strided))
            labels.append(truth[part, step - 1::step][:, :probabilities[-1].shape[1]])
        left -= min(left, len(features))
    return np.concatenate(probabilities), np.concatenate(labels)


def f_curve(truth: np.ndarray, score: np.ndarray, beta: float = 1.0) -> np.ndarray:
    """F-beta at every candidate threshold (Hung & Yang's 99-candidate search, theirs with beta 1)."""
    positive, everything = np.sort(score[truth]), np.sort(score)
    hits = len(positive) - np.searchsorted(positive, CANDIDATES, side="right")
    called = len(everything) - np.searchsorted(everything, CANDIDATES, side="right")
    return (1 + beta ** 2) * hits / np.maximum(1, called + beta ** 2 * len(positive))


def frame_scores(probabilities: np.ndarray, labels: np.ndarray, beta: float = 1.0) -> list[dict]:
    """Per class over the known frames: average precision, best F1, and the threshold of the best F-beta."""
    rows = []
    for column in range(labels.shape[-1]):
        known = labels[..., column] != UNKNOWN
        truth, score = labels[..., column][known] == PRESENT, probabilities[..., column][known]
        if not truth.any():
            rows.append({"ap": float("nan"), "f1": float("nan"), "threshold": 0.5})
            continue
        rows.append({"ap": float(average_precision_score(truth, score)), "f1": float(f_curve(truth, score).max()),
                     "threshold": float(CANDIDATES[int(np.argmax(f_curve(truth, score, beta)))])})
    return rows


def frame_report(network: Network, shards, limit: int | None = None) -> dict:
    """Macro scores for the training log."""
    rows = frame_scores(*predict_shards(network, shards, limit))
    return {"map": float(np.nanmean([r["ap"] for r in rows])), "f1": float(np.nanmean([r["f1"] for r in rows]))}
