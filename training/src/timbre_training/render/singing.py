"""Makes sung phrases out of recorded speech: the WORLD vocoder with a melody, vibrato and stretched vowels.

The corpus has choirs and short vowels but hardly a sung line; prompts spoken by real people have real throats.
"""

import numpy as np
import pyworld
import scipy.signal
import soxr

from ..data.corpus import RATE
from .music import SCALES

SPEECH_RATE = 16000
FRAME_MS = 5.0


def extend_band(rng, audio: np.ndarray) -> np.ndarray:
    """Adds breath and sibilance above the 7 kHz where wide-band telephony ends: noise that follows the 4-7 kHz band."""
    band = scipy.signal.butter(4, [4000, 7000], "bandpass", fs=RATE, output="sos")
    top = scipy.signal.butter(4, 6800, "highpass", fs=RATE, output="sos")
    smooth = scipy.signal.butter(2, 60, fs=RATE, output="sos")
    envelope = np.maximum(0, scipy.signal.sosfilt(smooth, np.abs(scipy.signal.sosfilt(band, audio))))
    noise = scipy.signal.sosfilt(top, rng.standard_normal(len(audio)))
    return (audio + rng.uniform(0.2, 1.2) * envelope * noise).astype(np.float32)


def tune(rng, frames: int, centre: float) -> np.ndarray:
    """F0 of an improvised line in Hz, one value a WORLD frame: scale steps, glides, vibrato on what is held."""
    scale, step, position = SCALES[rng.integers(len(SCALES))], 0, 0
    degrees = np.array([12 * octave + s for octave in (-1, 0, 1) for s in scale])
    degrees = degrees[np.abs(degrees) <= 9]
    index = int(rng.integers(len(degrees)))
    semitones = np.zeros(frames)
    vibrato, speed = rng.uniform(0.0, 0.6), rng.uniform(4.8, 6.8)
    while position < frames:
        length = int(rng.uniform(0.18, 1.4) * 1000 / FRAME_MS)
        index = int(np.clip(index + rng.integers(-2, 3), 0, len(degrees) - 1))
        note = slice(position, min(frames, position + length))
        time = np.arange(note.stop - note.start) * FRAME_MS / 1000
        swell = np.clip((time - 0.25) / 0.3, 0, 1)
        semitones[note] = degrees[index] + vibrato * swell * np.sin(2 * np.pi * speed * time)
        position += length
        step += 1
    glide = int(rng.uniform(4, 16))
    semitones = np.convolve(np.pad(semitones, glide, mode="edge"), np.ones(2 * glide + 1) / (2 * glide + 1), "valid")
    return centre * 2 ** (semitones / 12)


def sing(rng, speech: np.ndarray) -> np.ndarray:
    """One sung version of an utterance, mono at 44.1 kHz."""
    audio = soxr.resample(speech, RATE, SPEECH_RATE).astype(np.float64)
    pitch, time = pyworld.dio(audio, SPEECH_RATE, frame_period=FRAME_MS)
    pitch = pyworld.stonemask(audio, pitch, time, SPEECH_RATE)
    envelope = pyworld.cheaptrick(audio, pitch, time, SPEECH_RATE)
    aperiodicity = pyworld.d4c(audio, pitch, time, SPEECH_RATE)
    speed = np.where(pitch > 0, rng.uniform(1.2, 3.0), rng.uniform(0.8, 1.3))
    where = np.interp(np.arange(int(speed.sum())), np.cumsum(speed), np.arange(len(pitch)))
    near = np.clip(np.round(where).astype(int), 0, len(pitch) - 1)
    voiced = pitch[near] > 0
    low, high = (95, 260) if rng.random() < 0.5 else (190, 560)
    melody = np.where(voiced, tune(rng, len(near), rng.uniform(low, high)), 0)
    warp = rng.uniform(0.85, 1.2)
    bins = np.clip(np.arange(envelope.shape[1]) * warp, 0, envelope.shape[1] - 1).astype(int)
    sung = pyworld.synthesize(melody, np.ascontiguousarray(envelope[near][:, bins]),
                              np.ascontiguousarray(aperiodicity[near][:, bins] * rng.uniform(0.5, 1)), SPEECH_RATE, FRAME_MS)
    return extend_band(rng, soxr.resample(sung.astype(np.float32), SPEECH_RATE, RATE))
