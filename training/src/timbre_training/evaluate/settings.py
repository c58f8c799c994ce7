"""Thresholds and times of events, chosen on labelled recordings, real ones above all: for every class, drawn to what all have in common."""

import itertools
from dataclasses import dataclass

import numpy as np

from ..data.labels import ABSENT, PRESENT, UNKNOWN, close_gaps
from ..data.taxonomy import CLASSES, INDEX, RINGING
from .events import EventSettings, believed

#: What is tried: thresholds of `on`, `off` as a share of it, and times in milliseconds.
ON = np.concatenate([np.linspace(0.15, 0.9, 16), [0.93, 0.95, 0.97, 0.98]])
OFF_RATIO = (0.3, 0.5, 0.75)
MINIMUM_ON = (0.0, 60.0)
MINIMUM_OFF = {"struck": (300.0, 600.0, 1000.0), "held": (150.0, 300.0)}
#: Classes that are struck or plucked: between the strokes of one rhythm they go on.
STRUCK = RINGING | {"drums", "cymbals"}
#: Pauses of struck classes up to so many hops say neither yes nor no.
RHYTHM_HOPS = 86
#: A frame that is not there annoys more than one that is missed.
BETA = 0.8
#: How many clips with a class it takes until they weigh as much as what all classes of its kind have in common. Chosen class by class
#: alone, settings fit the recordings at hand and no others.
PRIOR = 60.0


@dataclass(frozen=True)
class Choice:
    """Settings of one class and what they reach: frame and entry figures on the clips they were chosen on."""

    on: float
    off: float
    minimum_on: float
    minimum_off: float
    score: float


def between_strokes(labels: np.ndarray, name: str) -> np.ndarray:
    """Labels [T] of one class of a clip, with the pauses of a rhythm unknown."""
    if name not in STRUCK:
        return labels
    present = labels == PRESENT
    bridged = close_gaps(present, RHYTHM_HOPS)
    result = labels.copy()
    result[bridged & ~present] = UNKNOWN
    if present.any():
        last = np.flatnonzero(present)[-1]
        result[last + 1:last + RHYTHM_HOPS] = np.where(result[last + 1:last + RHYTHM_HOPS] == ABSENT, UNKNOWN,
                                                       result[last + 1:last + RHYTHM_HOPS])
    return result


def runs(present: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Clip, first and last + 1 of every run in [clips, T]."""
    edges = np.diff(np.pad(present, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    clips, firsts = np.nonzero(edges > 0)
    return clips, firsts, np.nonzero(edges < 0)[1]


def counted(present: np.ndarray) -> np.ndarray:
    """How many of [clips, T] are true before each frame: [clips, T + 1]."""
    return np.pad(np.cumsum(present, axis=1, dtype=np.int32), ((0, 0), (1, 0)))


def judge(believed: np.ndarray, labels: np.ndarray, weights: np.ndarray, late: int = 43) -> float:
    """The measure that settings are chosen by: half frame F-beta, half F1 of entries.

    `believed` and `labels` are [clips, T]. An entry is found if the class is reported within half a second of it, or while it lasts; an
    event is right if it overlaps a presence or what is unknown. Clips weigh as `weights` says.
    """
    known, truth = labels != UNKNOWN, labels == PRESENT
    hits, called, real = (weights @ np.count_nonzero(frames, axis=1) for frames in (believed & truth, believed & known, truth))
    f = (1 + BETA ** 2) * hits / max(1e-9, called + BETA ** 2 * real)
    clip, first, last = runs(truth)
    long = last - first >= 8
    clip, first, last = clip[long], first[long], last[long]
    reported = counted(believed)
    until = np.minimum(labels.shape[1], np.maximum(last, first + late))
    found = weights[clip] @ (reported[clip, until] > reported[clip, first])
    recall = found / max(1e-9, weights[clip].sum())
    clip, first, last = runs(believed)
    possible = counted(labels != ABSENT)
    right = weights[clip] @ (possible[clip, last] > possible[clip, np.maximum(0, first - 9)])
    precision = right / max(1e-9, weights[clip].sum())
    event_f = (1 + BETA ** 2) * precision * recall / max(1e-9, BETA ** 2 * precision + recall)
    return 0.5 * f + 0.5 * event_f


def timings(name: str) -> list[tuple[float, float, float]]:
    """What is tried for a class: `off` as a share of `on`, minimum time on, minimum time off."""
    return list(itertools.product(OFF_RATIO, MINIMUM_ON, MINIMUM_OFF["struck" if name in STRUCK else "held"]))


def candidates(name: str, level: np.ndarray, labels: np.ndarray, weights: np.ndarray, rate: float) -> tuple[np.ndarray, float]:
    """The measure of every candidate for one class, [timings, ON], and the weight of the clips that hold the class.

    `level` (smoothed) and `labels` are [clips, T]; a clip shorter than T is UNKNOWN at its end.
    """
    labels = np.stack([between_strokes(row, name) for row in labels])
    quiet = ~(labels == PRESENT).any(axis=1)
    evidence = float(weights[~quiet].sum())
    # Clips in which nothing comes near the lowest candidate need no closer look.
    busy = ~quiet | (level.max(axis=1) >= ON[0])
    level, labels, weights = level[busy], labels[busy], weights[busy]
    # Every candidate for `on` stands where a class would.
    levels = np.broadcast_to(level[:, :, None], (*level.shape, len(ON)))
    rows = []
    for ratio, shortest, gap in timings(name):
        found = believed(levels, EventSettings(ON, ON * ratio, 0.0, shortest, gap, rate))
        scores = np.array([judge(found[:, :, k], labels, weights) for k in range(len(ON))])
        # The middle of a plateau generalises better than its edge.
        rows.append(np.convolve(np.pad(scores, 1, mode="edge"), [0.25, 0.5, 0.25], "valid"))
    return np.stack(rows), evidence


def chosen(found: dict[str, tuple[np.ndarray, float]], prior: float = PRIOR) -> dict[str, Choice]:
    """The best candidate of every class, whose measure is drawn to the mean of its kind as if `prior` clips had said so."""
    result = {}
    for kind in (True, False):
        rows = {name: row for name, row in found.items() if (name in STRUCK) == kind}
        if not rows:
            continue
        common = np.mean([scores for scores, _ in rows.values()], axis=0)
        for name, (scores, evidence) in rows.items():
            drawn = (evidence * scores + prior * common) / (evidence + prior)
            timing, k = np.unravel_index(int(np.argmax(drawn)), drawn.shape)
            ratio, shortest, gap = timings(name)[timing]
            result[name] = Choice(float(ON[k]), float(ON[k] * ratio), shortest, gap, float(scores[timing, k]))
    return {name: result[name] for name in found}


def pack(clips: list[np.ndarray], fill: float) -> np.ndarray:
    """Clips [T_i, classes] of unequal length as one array [clips, T, classes]."""
    longest = max(len(c) for c in clips)
    return np.stack([np.pad(c, ((0, longest - len(c)), (0, 0)), constant_values=fill) for c in clips])


def choose(levels: list[np.ndarray], labels: list[np.ndarray], weights: list[float], rate: float) -> dict[str, Choice]:
    """Settings of every class that has a presence in the clips."""
    level, label, weight = pack(levels, 0.0), pack(labels, UNKNOWN), np.asarray(weights)
    return chosen({name: candidates(name, level[:, :, INDEX[name]], label[:, :, INDEX[name]], weight, rate)
                   for name in CLASSES if (label[:, :, INDEX[name]] == PRESENT).any()})
