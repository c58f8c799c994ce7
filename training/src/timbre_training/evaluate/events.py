"""The daemon's decisions in numpy: exponential smoothing and the two-threshold trigger with minimum times."""

import math
from dataclasses import dataclass

import numpy as np
import scipy.signal


@dataclass(frozen=True)
class EventSettings:
    """Thresholds per class; times in milliseconds, those of on and off for all classes or per class; `rate` in frames a second."""

    on: np.ndarray
    off: np.ndarray
    smoothing: float
    minimum_on: float | np.ndarray
    minimum_off: float | np.ndarray
    rate: float = 44100 / 512


def smooth(activity: np.ndarray, milliseconds: float, rate: float, axis: int = 0) -> np.ndarray:
    """y += (1 - exp(-T / tau)) (x - y), from 0."""
    if milliseconds <= 0:
        return activity
    weight = 1 - math.exp(-1000 / (milliseconds * rate))
    return scipy.signal.lfilter([weight], [1, weight - 1], activity, axis=axis)


def supported(level: np.ndarray, support: np.ndarray) -> np.ndarray:
    """Levels whose log odds are raised by `support`: to compare them is to compare with thresholds that it lowers."""
    return level / (level + (1 - level) * np.exp(-support))


def believed(activity: np.ndarray, settings: EventSettings, support: np.ndarray | None = None) -> np.ndarray:
    """Which classes are reported as sounding at each frame; `activity` is [..., T, classes], one row a hop.

    `support`, of the same shape, is what tags say for each class, in log odds.
    """
    time = activity.ndim - 2
    levels = smooth(activity, settings.smoothing, settings.rate, time)
    levels = np.moveaxis(levels if support is None else supported(levels, support), time, 0)
    shortest = np.ceil(np.asarray(settings.minimum_on) * settings.rate / 1000)
    gap = np.ceil(np.asarray(settings.minimum_off) * settings.rate / 1000)
    triggered = np.zeros(levels.shape[1:], bool)
    reported, lasted = triggered.copy(), np.zeros(triggered.shape, int)
    result = np.zeros(levels.shape, bool)
    for frame, level in enumerate(levels):
        wanted = level >= np.where(triggered, settings.off, settings.on)
        lasted = np.where(wanted == triggered, lasted + 1, 1)
        triggered = wanted
        reported = np.where((triggered != reported) & (lasted >= np.where(triggered, shortest, gap)), triggered, reported)
        result[frame] = reported
    return np.moveaxis(result, 0, time)


def segments(believed: np.ndarray) -> list[tuple[int, int, int]]:
    """(class, frame of the on, frame of the off) of one clip [T, classes]."""
    edges = np.diff(np.pad(believed, ((1, 1), (0, 0))).astype(np.int8), axis=0)
    return [(column, int(a), int(b)) for column in range(believed.shape[1])
            for a, b in zip(np.flatnonzero(edges[:, column] > 0), np.flatnonzero(edges[:, column] < 0))]
