"""What the pitch estimator hears, by mir_eval's multipitch measures (Bay, Ehmann & Downie 2009)."""

import mir_eval
import numpy as np

from ..data.corpus import RATE
from ..data.labels import HOP, LOWEST_KEY, PRESENT, UNKNOWN
from ..evaluate.metrics import frame_scores

#: Of so many hops one is judged: mir_eval matches frame by frame.
EVERY = 8
#: Equal-tempered frequencies of the keys, in hertz.
FREQUENCIES = 440 * 2 ** ((LOWEST_KEY + np.arange(88) - 69) / 12)


def pooled(probabilities: np.ndarray, labels: np.ndarray) -> dict:
    """F1 over all keys at one threshold, the best of the candidates (named oracle), known frames only."""
    row = frame_scores(probabilities[..., None].reshape(-1, 1, 1), labels[..., None].reshape(-1, 1, 1))[0]
    return {"oracle_f1": row["f1"], "pooled_ap": row["ap"], "threshold": row["threshold"]}


def multipitch(probabilities: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Precision, recall, accuracy and those of the chroma, means over the clips [clips, T, 88] in which a key sounds.

    The threshold of a clip comes from the other half of the clips. Frames in which the pitch is unknown are left out.
    """
    even, rows = np.arange(len(labels)) % 2 == 0, []
    thresholds = [pooled(probabilities[half], labels[half])["threshold"] for half in (~even, even)]
    for clip in range(len(labels)):
        known = np.flatnonzero((labels[clip] != UNKNOWN).all(axis=1))[::EVERY]
        truth, called = labels[clip][known] == PRESENT, probabilities[clip][known] > thresholds[clip % 2]
        if truth.any():
            rows.append(measures(known * HOP / RATE, truth, called))
    return {key: float(np.mean([row[key] for row in rows])) for key in rows[0]} | {"clips": len(rows)}


def measures(times: np.ndarray, truth: np.ndarray, called: np.ndarray) -> dict[str, float]:
    """mir_eval's figures for keys [T, 88] at `times` in seconds."""
    found = mir_eval.multipitch.evaluate(times, [FREQUENCIES[row] for row in truth], times, [FREQUENCIES[row] for row in called])
    return {name: float(found[name]) for name in ("Precision", "Recall", "Accuracy", "Chroma Precision", "Chroma Recall", "Chroma Accuracy")}
