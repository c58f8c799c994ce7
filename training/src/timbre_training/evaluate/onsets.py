"""How late the onset of an event is by class: the estimate of the daemon (`SegmentEdges`) against the truth."""

from collections import defaultdict

import numpy as np

from ..data.corpus import RATE
from .events import smooth
from .figures import Settings, believe
from ..data.labels import HOP, PRESENT
from .recordings import Heard
from .settings import runs
from ..data.taxonomy import CLASSES

#: As in the daemon: shares of the `on` threshold below which a rise begins, and seconds in which it is looked for.
LOW = (0.05, 0.1, 0.25, 0.5)
REACH = 1.2
#: An entry counts that comes after at least so many hops without the class, and is reported at most so many later.
BEFORE, LATE = 26, 86
#: A class is drawn to all classes as if these had given it so many entries.
PRIOR = 5


def rise(level: np.ndarray, threshold: float, decision: int) -> int:
    """The hop at which the rise began that was believed at hop `decision`; `level` is the smoothed activity [T] of a class."""
    earliest = decision - int(REACH * RATE / HOP)
    for share in LOW:
        below = np.flatnonzero(level[max(0, earliest):decision] < share * threshold)
        if len(below):
            return int(below[-1]) + max(0, earliest) + 1
    return decision


def onset_errors(clips: list[Heard], settings: Settings) -> dict[str, list[float]]:
    """Estimated minus true onset in milliseconds, by class, of the entries that were reported."""
    on, errors = settings.column("on"), defaultdict(list)
    for heard in clips:
        states, level = believe(heard.activity, settings), smooth(heard.activity, settings.smoothing, RATE / HOP)
        for k, name in enumerate(CLASSES):
            for _, first, last in zip(*runs((heard.labels[:, k] == PRESENT)[None])):
                if first < BEFORE or last - first < 8 or (heard.labels[first - BEFORE:first, k] == PRESENT).any() or states[first - BEFORE:first, k].any():
                    continue
                heard_at = np.flatnonzero(states[first:first + LATE, k])
                if len(heard_at):
                    errors[name].append((rise(level[:, k], on[k], first + int(heard_at[0])) - first) * 1000 * HOP / RATE)
    return dict(errors)


def delays(errors: dict[str, list[float]]) -> list[float]:
    """`delay_ms` of every class: its median error, drawn to the median of all where it has few entries."""
    everything = [e for row in errors.values() for e in row]
    common = float(np.median(everything)) if everything else 0.0
    medians = [(len(errors.get(name, [])), float(np.median(errors[name])) if errors.get(name) else 0.0) for name in CLASSES]
    return [round((count * median + PRIOR * common) / (count + PRIOR), 1) for count, median in medians]
