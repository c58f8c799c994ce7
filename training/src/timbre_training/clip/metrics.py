"""Scores of clip probabilities over the known labels."""

import numpy as np
from sklearn.metrics import average_precision_score

from ..data.labels import PRESENT, UNKNOWN
from ..evaluate.metrics import CANDIDATES, f_curve
from ..data.taxonomy import CLASSES


def f_score(truth: np.ndarray, called: np.ndarray) -> float:
    """F1 of the class that is true."""
    hits = (truth & called).sum()
    return float(2 * hits / max(1, truth.sum() + called.sum()))


def clip_scores(probabilities: np.ndarray, labels: np.ndarray, names: list[str] | tuple[str, ...] = CLASSES) -> dict:
    """Per class and mean: average precision, F1 of presence at 0.5, the two-class mean of F1 that Gururani et al. report
    as macro F1, and the best threshold of 99."""
    rows = {}
    for column, name in enumerate(names):
        known = labels[:, column] != UNKNOWN
        truth, score = labels[known, column] == PRESENT, probabilities[known, column]
        if not truth.any() or truth.all():
            continue
        curve = f_curve(truth, score)
        rows[name] = {"positives": int(truth.sum()), "negatives": int((~truth).sum()),
                      "ap": float(average_precision_score(truth, score)), "f1": f_score(truth, score >= 0.5),
                      "f1_macro": (f_score(truth, score >= 0.5) + f_score(~truth, score < 0.5)) / 2,
                      "f1_best": float(curve.max()), "threshold": float(CANDIDATES[int(np.argmax(curve))])}
    means = {key: float(np.mean([row[key] for row in rows.values()])) for key in ("ap", "f1", "f1_macro", "f1_best")}
    return {"mean": means, "classes": rows}
