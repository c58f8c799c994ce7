"""F1 of frame decisions with thresholds from other clips, and how sure one can be of it: a bootstrap over clips, and starts of the training."""

import numpy as np
from scipy import stats
from sklearn.metrics import average_precision_score

from ..data.labels import PRESENT, UNKNOWN
from ..evaluate.metrics import frame_scores

#: Resamplings of the clips.
RESAMPLES = 1000


def thresholds(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The published search over 99 candidates, class by class."""
    return np.array([row["threshold"] for row in frame_scores(probabilities, labels)])


def counts(probabilities: np.ndarray, labels: np.ndarray, threshold: np.ndarray) -> np.ndarray:
    """Hits, positives called and positives there of every clip and class, known frames only: [clips, classes, 3]."""
    known, truth = labels != UNKNOWN, labels == PRESENT
    called = (probabilities > threshold) & known
    return np.stack([(called & truth).sum(axis=1), called.sum(axis=1), truth.sum(axis=1)], axis=-1).astype(np.int64)


def held_out_counts(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The counts of every clip at thresholds that were chosen on the other half of the clips."""
    result = np.zeros((len(labels), labels.shape[-1], 3), np.int64)
    even = np.arange(len(labels)) % 2 == 0
    for mine in (even, ~even):
        result[mine] = counts(probabilities[mine], labels[mine], thresholds(probabilities[~mine], labels[~mine]))
    return result


def f1(totals: np.ndarray) -> np.ndarray:
    """F1 of summed counts [..., 3]; not a number where nothing was there."""
    hits, called, there = np.moveaxis(totals.astype(float), -1, 0)
    return np.where(there > 0, 2 * hits / np.maximum(1, called + there), np.nan)


def draws(clips: int, seed: int = 7) -> np.ndarray:
    """How often each clip is drawn in each resampling; the same for every system, so that differences are paired."""
    return np.random.default_rng(seed).multinomial(clips, np.full(clips, 1 / clips), size=RESAMPLES)


def resampled_f1(per_clip: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Macro F1 of every resampling, over the classes that occur at all."""
    occurring = per_clip[..., 2].sum(axis=0) > 0
    totals = np.einsum("rc,cki->rki", weights, per_clip[:, occurring])
    return np.nanmean(f1(totals), axis=1)


def resampled_map(truth: np.ndarray, score: np.ndarray, weights: np.ndarray, least: int = 5) -> np.ndarray:
    """Clip-level mAP of every resampling: truth and score are [clips, classes], unknown truth not a number."""
    columns = [c for c in range(truth.shape[1]) if np.nansum(truth[:, c]) >= least and (truth[:, c] == 0).any()]
    result = np.zeros((len(weights), len(columns)))
    for position, column in enumerate(columns):
        known = ~np.isnan(truth[:, column])
        for number, weight in enumerate(weights):
            drawn = known & (weight > 0)
            y = truth[drawn, column]
            result[number, position] = (average_precision_score(y, score[drawn, column], sample_weight=weight[drawn])
                                        if y.any() else np.nan)
    return np.nanmean(result, axis=1)


def interval(values: np.ndarray) -> tuple[float, float]:
    """The middle 95 % of a bootstrap."""
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def paired(better: dict[int, float], worse: dict[int, float]) -> tuple[float, float, float] | None:
    """The mean difference over the seeds of both with its 95 % interval by Student's t; None for fewer than two."""
    differences = np.array([better[seed] - worse[seed] for seed in better if seed in worse])
    if len(differences) < 2:
        return None
    half = stats.t.ppf(0.975, len(differences) - 1) * differences.std(ddof=1) / np.sqrt(len(differences))
    return float(differences.mean()), float(differences.mean() - half), float(differences.mean() + half)


def verdict(low: float, high: float) -> str:
    """What an interval says of a claim that the difference is positive."""
    return "repeats" if low > 0 else "contradicted" if high < 0 else "undecided"
