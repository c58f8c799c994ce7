"""Writes the golden log-mel spectrogram of Tests/FeaturesTests: a sound, and VGGish's definition evaluated with numpy.

    python training/golden/make_log_mel.py Tests/FeaturesTests/Golden

log_mel.wav  1.2 s at 16 kHz: a rising tone with partials, clicks, noise, and silence at the end
log_mel.npy  [118, 64] float32
"""

import sys
from pathlib import Path

import numpy as np
import soundfile

RATE, WINDOW, HOP, POINTS, BANDS, LOW, HIGH, OFFSET = 16000, 400, 160, 512, 64, 125.0, 7500.0, 0.01


def mel(hertz):
    """HTK's mel scale."""
    return 1127 * np.log(1 + hertz / 700)


def log_mel(audio: np.ndarray) -> np.ndarray:
    """[frames, bands] in double precision."""
    frames = np.lib.stride_tricks.sliding_window_view(audio, WINDOW)[::HOP]
    shape = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    magnitudes = np.abs(np.fft.rfft(frames * shape, POINTS))
    points = mel(np.arange(POINTS // 2 + 1) * RATE / POINTS)
    edges = np.linspace(mel(LOW), mel(HIGH), BANDS + 2)
    rising = (points[:, None] - edges[None, :-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[None, 2:] - points[:, None]) / (edges[2:] - edges[1:-1])
    weights = np.maximum(0, np.minimum(rising, falling))
    weights[0] = 0
    return np.log(magnitudes @ weights + OFFSET)


def sound() -> np.ndarray:
    """16-bit samples."""
    rng = np.random.default_rng(3)
    t = np.arange(int(1.2 * RATE)) / RATE
    phase = 2 * np.pi * np.cumsum(110 * 2 ** (4 * t / 1.2)) / RATE
    audio = sum(np.sin(k * phase) / k * (k * 110 * 2 ** (4 * t / 1.2) < 7800) for k in range(1, 12)) * 0.2
    audio += rng.normal(0, 0.02, len(t)) * (t > 0.5)
    audio[::2000] += 0.5
    audio[t > 1.1] = 0
    return np.clip(np.round(audio * 32767), -32768, 32767).astype(np.int16)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    samples = sound()
    soundfile.write(folder / "log_mel.wav", samples, RATE, subtype="PCM_16")
    np.save(folder / "log_mel.npy", np.ascontiguousarray(log_mel(samples / 32768), np.float32))
