"""Frame truth from sound: a part is present while its own stem sounds, unknown where it is inaudible."""

import numpy as np

HOP = 512
#: The piano's keys, on which pitches are labelled; the first is MIDI note 21 (A0).
KEYS, LOWEST_KEY = 88, 21
ABSENT, PRESENT, UNKNOWN = 0, 1, 2
#: From here on a label is a probability that a teacher gave: SOFT for 0, SOFT + 250 for 1.
SOFT = 3
#: A part sounds while it lies within this of its own 95th percentile.
RANGE_DB = 45.0
#: A recording has a floor of its own: less of its decay is sure.
RECORDED_RANGE_DB = 35.0
#: ... below this against everything else that sounds it is inaudible: unknown.
MASKED_DB = -25.0
#: Below this level the truth is unknown too: a quiet recording still holds its music, but far down.
FLOOR_DBFS = -75.0
#: Pauses shorter than this belong to the playing.
GAP_FRAMES = 13


def hop_power(audio: np.ndarray, hops: int) -> np.ndarray:
    """Mean power over the two newest hops (23 ms) at each frame end (j+1)*512."""
    power = (audio[:hops * HOP].astype(np.float64) ** 2).reshape(hops, HOP).mean(axis=1)
    return 0.5 * (power + np.concatenate([[0], power[:-1]]))


def close_gaps(active: np.ndarray, longest: int) -> np.ndarray:
    """Fills inner pauses of at most `longest` frames."""
    result = active.copy()
    edges = np.flatnonzero(np.diff(active.astype(np.int8)))
    for left, right in zip(edges[:-1], edges[1:]):
        if active[left] and right - left <= longest:
            result[left + 1:right + 1] = True
    return result


def label_part(stem_power: np.ndarray, total_power: np.ndarray, room_power: np.ndarray | None,
               range_db: float = RANGE_DB) -> np.ndarray:
    """ABSENT, PRESENT or UNKNOWN for every frame; present is what lies within `range_db` of the part's 95th percentile.

    `stem_power` is the part dry, `room_power` the same with the room's tail, `total_power` all that is heard; powers
    are per frame at the final level, full scale 1.
    """
    labels = np.full(len(stem_power), ABSENT, np.uint8)
    sounding = stem_power[stem_power > 1e-12]
    if not len(sounding):
        return labels
    top = np.percentile(sounding, 95)
    floor = top * 10 ** (-range_db / 10)
    active = close_gaps(stem_power > floor, GAP_FRAMES)
    labels[active] = PRESENT
    if room_power is not None:
        labels[~active & (room_power > floor)] = UNKNOWN
    else:
        labels[~active & (stem_power > floor * 0.1)] = UNKNOWN
    if range_db < RANGE_DB:
        labels[~active & (stem_power > top * 10 ** (-RANGE_DB / 10))] = UNKNOWN
    masked = stem_power < total_power * 10 ** (MASKED_DB / 10)
    labels[active & (masked | (stem_power < 10 ** (FLOOR_DBFS / 10)))] = UNKNOWN
    return labels


def merge(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Two parts of one class: present wins, then unknown."""
    return np.where((old == PRESENT) | (new == PRESENT), PRESENT, np.maximum(old, new)).astype(np.uint8)


def soft_labels(probability: np.ndarray) -> np.ndarray:
    """Probabilities as labels; NaN is UNKNOWN."""
    known = ~np.isnan(probability)
    return np.where(known, SOFT + np.round(250 * np.where(known, probability, 0)), UNKNOWN).astype(np.uint8)


def pitch_labels(sounded: list[tuple[int, int, int | None]], hops: int) -> np.ndarray:
    """Which of the 88 keys from A0 sound in each frame: [hops, 88]; a frame with a sound of unknown pitch is UNKNOWN."""
    labels = np.full((hops, KEYS), ABSENT, np.uint8)
    for start, end, pitch in sorted(sounded, key=lambda row: row[2] is None):
        where = slice(start // HOP, end // HOP + 1)
        if pitch is None:
            labels[where] = UNKNOWN
        elif 0 <= pitch - LOWEST_KEY < KEYS:
            labels[where, pitch - LOWEST_KEY] = PRESENT
    return labels
