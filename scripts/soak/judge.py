"""Judges the samples of a soak: a figure that grows with time is a fault, however slowly it grows."""

import dataclasses
import itertools
import math
import statistics


@dataclasses.dataclass(frozen=True)
class Limit:
    """What a figure may grow in an hour: `absolute`, or that part of its median, whichever is more.

    A figure that `follows_load` moves with the machine: what follows from the machine's own lateness is taken off first.
    """

    figure: str
    unit: str
    absolute: float
    relative: float = 0.0
    follows_load: bool = False


LIMITS = [
    Limit("memory_mb", "MB", 1.0),
    Limit("descriptors", "", 0.5),
    Limit("threads", "", 0.5),
    Limit("cpu_of_heard_percent", "%", 0.2, 0.1, follows_load=True),
    Limit("delay_ms", "ms", 2.0, 0.1, follows_load=True),
    # A device may be 250 millionths faster or slower than the machine; a backlog that grows is more.
    Limit("wall_offset_ms", "ms", 900.0, follows_load=True),
    Limit("answer_ms", "ms", 2.0, 0.1, follows_load=True),
]

# The beginning does not count: caches fill, the first clients of each kind come.
WARM_UP_SECONDS = 900


def without_load(values: list[float], lateness: list[float]) -> list[float]:
    """The values less what they rise by with the machine's lateness, by the median of the slopes between pairs."""
    rise = slope(lateness, values)
    return [value - rise * late for value, late in zip(values, lateness, strict=True)]


def slope(hours: list[float], values: list[float]) -> float:
    """The median of the slopes through all pairs of points (Theil and Sen), a unit an hour; outliers do not move it."""
    slopes = [
        (later - earlier) / (end - begin)
        for (begin, earlier), (end, later) in itertools.combinations(zip(hours, values, strict=True), 2)
        if end != begin
    ]
    return statistics.median(slopes) if slopes else 0.0


def probability_of_chance(values: list[float]) -> float:
    """How likely values without any trend would rise as much as these do (Mann and Kendall, one-sided)."""
    count = len(values)
    if count < 8:
        return 1.0
    score = sum((b > a) - (b < a) for a, b in itertools.combinations(values, 2))
    ties = statistics_of_ties(values)
    variance = (count * (count - 1) * (2 * count + 5) - ties) / 18
    if variance <= 0 or score <= 0:
        return 1.0
    return 0.5 * math.erfc((score - 1) / math.sqrt(2 * variance))


def statistics_of_ties(values: list[float]) -> int:
    """What equal values take from the variance of Kendall's score."""
    sizes = [len(list(group)) for _, group in itertools.groupby(sorted(values))]
    return sum(size * (size - 1) * (2 * size + 5) for size in sizes)


def judge(samples: list[dict]) -> list[dict]:
    """For each limit: median, slope an hour, what is allowed, and whether the figure `grows`.

    It grows when it rises by more than is allowed and that is no chance (p < 0.001). Samples from the warm-up are left out
    unless too few would remain.
    """
    settled = [sample for sample in samples if sample["seconds"] >= WARM_UP_SECONDS]
    if len(settled) < 8:
        settled = samples
    verdicts = []
    for limit in LIMITS:
        points = [sample for sample in settled if sample.get(limit.figure) is not None]
        if limit.follows_load:
            felt = [sample for sample in points if sample.get("lateness_ms") is not None]
            points = felt if len(felt) >= 8 else points
        hours = [sample["seconds"] / 3600 for sample in points]
        measured = values = [sample[limit.figure] for sample in points]
        median = statistics.median(values) if values else 0.0
        if limit.follows_load and points and points[0].get("lateness_ms") is not None:
            values = without_load(values, [sample["lateness_ms"] for sample in points])
        rise = slope(hours, values)
        allowed = max(limit.absolute, limit.relative * median)
        chance = probability_of_chance(values)
        verdicts.append(
            {
                "figure": limit.figure, "unit": limit.unit, "samples": len(values), "median": median,
                "least": min(measured, default=0.0), "most": max(measured, default=0.0), "slope_per_hour": rise,
                "allowed_per_hour": allowed, "chance": chance, "grows": rise > allowed and chance < 0.001,
            })
    return verdicts
