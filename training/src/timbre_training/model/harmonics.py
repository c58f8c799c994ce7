"""Harmonic-series features HSF-n: where the partials of the pitches that sound must lie.

One definition with Sources/Features/HarmonicSeries.swift: Hung & Yang 2018, section 4.2.2, twelve bins to the octave.
"""

import numpy as np

#: Semitones from a fundamental up to its partials 2...6, rounded as published.
PARTIALS = (12, 19, 24, 28, 31)


def harmonic_series(pitch: np.ndarray, harmonics: int) -> np.ndarray:
    """HSF-n of a salience [..., bins] in 0...1, divided by n + 1 in place of the minimum and maximum of a whole song."""
    series = pitch.astype(np.float32)
    for shift in PARTIALS[:harmonics]:
        series[..., shift:] += pitch[..., :-shift]
    return series / (harmonics + 1)
