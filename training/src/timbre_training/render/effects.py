"""What lies between an instrument and the daemon: room, equaliser, compressor, clipping, codec, hum and noise."""

import io

import numpy as np
import scipy.fft
import soundfile
import soxr

from ..data.corpus import RATE
from ..data.labels import HOP


def synthetic_room(rng) -> np.ndarray:
    """A direct sound and an exponentially decaying, slowly darkening noise tail."""
    decay = rng.uniform(0.08, 1.6)
    time = np.arange(int(decay * 1.1 * RATE)) / RATE
    tail = rng.standard_normal(len(time)).astype(np.float32) * np.exp(-6.9 * time / decay)
    dark = rng.uniform(0.05, 0.9)
    spectrum = scipy.fft.rfft(tail)
    spectrum *= 1 / (1 + (np.linspace(0, RATE / 2, len(spectrum)) / (1500 + 12000 * (1 - dark))) ** 2)
    tail = scipy.fft.irfft(spectrum, len(tail)).astype(np.float32)
    tail[:int(rng.uniform(0.001, 0.02) * RATE)] = 0
    tail *= 10 ** (rng.uniform(-25, 3) / 20) / (np.sqrt(np.sum(tail ** 2)) + 1e-9)
    tail[0] = 1
    return tail


def recorded_room(rng, impulse: np.ndarray) -> np.ndarray:
    """A recorded impulse response, mixed with the direct sound."""
    impulse = impulse[:int(2.5 * RATE)] / (np.sqrt(np.sum(impulse ** 2)) + 1e-9)
    wet = 10 ** (rng.uniform(-18, 3) / 20)
    room = wet * impulse
    room[0] += 1
    return room


def room_power(stem_power: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Power of a part with its tail, from powers per hop alone."""
    hops = -(-len(room) // HOP)
    tail = (np.pad(room, (0, hops * HOP - len(room))) ** 2).reshape(hops, HOP).sum(axis=1)
    return np.convolve(stem_power, tail)[:len(stem_power)]


def equaliser(rng, frequencies: np.ndarray) -> np.ndarray:
    """Gain per frequency: tilt, up to three broad bells, sometimes a narrow band as of a phone or a small speaker."""
    octaves = np.log2(np.maximum(frequencies, 20) / 1000)
    decibels = rng.normal(0, 1.5) * octaves
    for _ in range(rng.integers(0, 4)):
        decibels += rng.normal(0, 5) * np.exp(-0.5 * ((octaves - rng.uniform(-4.5, 4)) / rng.uniform(0.3, 1.5)) ** 2)
    decibels = np.clip(decibels, -24, 24)
    if rng.random() < 0.25:
        low, high = rng.uniform(30, 300), rng.uniform(3500, 16000)
        decibels -= 10 * np.log10(1 + (low / np.maximum(frequencies, 1)) ** 4) + 10 * np.log10(1 + (frequencies / high) ** 8)
    return 10 ** (decibels / 20)


def filtered(rng, mix: np.ndarray, room: np.ndarray | None, shape: bool) -> np.ndarray:
    """Room and equaliser in one pass through the frequency domain."""
    if room is None and not shape:
        return mix
    size = scipy.fft.next_fast_len(len(mix) + (len(room) if room is not None else 0), real=True)
    spectrum = scipy.fft.rfft(mix, size)
    if room is not None:
        spectrum *= scipy.fft.rfft(room.astype(np.float32), size)
    if shape:
        frequencies = np.linspace(0, RATE / 2, len(spectrum))
        spectrum *= np.interp(frequencies, grid := np.geomspace(20, RATE / 2, 200), equaliser(rng, grid)).astype(np.float32)
    return scipy.fft.irfft(spectrum, size)[:len(mix)].astype(np.float32)


#: Highest frequency of a telephone, of wide-band speech, of old sound cards and of half the usual rate, and how often.
BANDS = ((3400, 0.35), (5500, 0.15), (7800, 0.35), (11000, 0.15))


def band_limited(rng, mix: np.ndarray) -> np.ndarray:
    """What a narrow channel leaves: nothing above its band, and for a telephone nothing below 300 Hz."""
    high = BANDS[rng.choice(len(BANDS), p=[share for _, share in BANDS])][0] * rng.uniform(0.95, 1.1)
    low = rng.uniform(150, 320) if high < 4000 and rng.random() < 0.5 else 0.0
    spectrum = scipy.fft.rfft(mix)
    frequencies = np.linspace(0, RATE / 2, len(spectrum))
    steep = rng.uniform(0.02, 0.1) * high
    gain = np.clip((high + steep - frequencies) / steep, 0, 1) * (np.clip((frequencies - low * 0.7) / (0.3 * low), 0, 1) if low else 1)
    return scipy.fft.irfft(spectrum * gain.astype(np.float32), len(mix)).astype(np.float32)


def compress(rng, mix: np.ndarray) -> np.ndarray:
    """A feed-forward compressor on the level of each hop."""
    level = np.sqrt(np.maximum(1e-10, (mix ** 2).reshape(-1, HOP).mean(axis=1)))
    decibels = 20 * np.log10(level / level.max())
    over = np.maximum(0, decibels - rng.uniform(-35, -12)) * (1 - 1 / rng.uniform(2, 8))
    smooth = np.convolve(np.pad(over, 2, mode="edge"), np.ones(5) / 5, "valid")
    centres = (np.arange(len(smooth)) + 0.5) * HOP
    return mix * np.interp(np.arange(len(mix)), centres, 10 ** (-smooth / 20)).astype(np.float32)


def clip(rng, mix: np.ndarray) -> np.ndarray:
    """Overdriven input, soft or hard, by at most a few decibels."""
    peak = np.abs(mix).max() + 1e-9
    drive = 10 ** (rng.uniform(0, 8) / 20)
    return peak * (np.tanh(drive * mix / peak) if rng.random() < 0.5 else np.clip(drive * mix / peak, -1, 1))


#: Container, codec, sample rate, and the range of libsndfile's compression level: Opus from 12 to 60 kbit/s, the others from 40 up.
CODECS = [("MP3", "MPEG_LAYER_III", RATE, (0.3, 0.95)), ("OGG", "VORBIS", RATE, (0.3, 0.95)), ("OGG", "OPUS", 48000, (0.8, 0.98))]


def codec(rng, mix: np.ndarray) -> np.ndarray:
    """There and back through MP3, Vorbis or Opus at a random quality."""
    form, subtype, rate, levels = CODECS[rng.choice(len(CODECS), p=[0.45, 0.2, 0.35])]
    peak = np.abs(mix).max() + 1e-9
    buffer = io.BytesIO()
    sound = mix / peak * 0.9
    soundfile.write(buffer, sound if rate == RATE else soxr.resample(sound, RATE, rate), rate, format=form, subtype=subtype,
                    compression_level=rng.uniform(*levels))
    buffer.seek(0)
    back = soundfile.read(buffer, dtype="float32")[0] * peak / 0.9
    back = back if rate == RATE else soxr.resample(back, rate, RATE)
    return np.pad(back, (0, max(0, len(mix) - len(back))))[:len(mix)]


def calls(rng, frames: int) -> np.ndarray:
    """Gliding tones that no instrument plays: whistles, chirps, howls, moans, sirens and squeaking machines, between silences."""
    bed, start = np.zeros(frames, np.float32), int(rng.uniform(0, 1.5) * RATE)
    low, high = np.sort(np.exp(rng.uniform(np.log(80), np.log(6000), 2)))
    typical, rough = np.exp(rng.uniform(np.log(0.08), np.log(3.0))), rng.random() < 0.4
    partials = int(rng.choice([1, 1, 2, 4, 10]))
    strengths = rng.random(partials) * np.arange(1, partials + 1) ** -rng.uniform(0.3, 1.5)
    while start < frames:
        count = min(frames - start, int(typical * rng.uniform(0.5, 2) * RATE))
        time = np.linspace(0, 1, max(2, count))
        knots = np.exp(rng.uniform(np.log(low), np.log(high * 1.01), int(rng.integers(2, 6))))
        pitch = np.exp(np.interp(time, np.linspace(0, 1, len(knots)), np.log(knots)))
        pitch *= 1 + rng.uniform(0, 0.06) * np.sin(2 * np.pi * rng.uniform(3, 40) * time * count / RATE)
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        sound = sum(a * np.sin((k + 1) * phase) * ((k + 1) * pitch < 18000) for k, a in enumerate(strengths))
        if rough:
            sound = sound + rng.uniform(0.05, 1.0) * rng.standard_normal(len(time)) * np.abs(sound)
        envelope = np.minimum(1, np.minimum(time, 1 - time) / rng.uniform(0.02, 0.5)) * rng.uniform(0.3, 1)
        bed[start:start + count] += (sound * envelope)[:count].astype(np.float32)
        start += count + int(rng.exponential(0.6) * typical * RATE) + 64
    return bed


def another(rng, sound: np.ndarray) -> np.ndarray:
    """A sound like the given one, which few recordings of noise must stand in for: slower or faster, now and then backwards."""
    if rng.random() < 0.6:
        sound = np.interp(np.arange(0, len(sound) - 1, np.exp(rng.uniform(-0.5, 0.5))), np.arange(len(sound)), sound).astype(np.float32)
    return sound[::-1] if rng.random() < 0.15 else sound


def hum(rng, frames: int) -> np.ndarray:
    """Mains hum with its harmonics, unit RMS."""
    mains = rng.choice([50.0, 60.0]) * (1 + rng.normal(0, 2e-4))
    time = np.arange(frames) / RATE
    wave = np.zeros(frames, np.float32)
    for harmonic in range(1, int(rng.integers(2, 12))):
        level = rng.random() / harmonic ** rng.uniform(0.5, 1.5) * (1.0 if harmonic % 2 else rng.random())
        wave += (level * np.sin(2 * np.pi * mains * harmonic * time + rng.uniform(0, 6.3))).astype(np.float32)
    return wave / (np.sqrt(np.mean(wave ** 2)) + 1e-9)


def coloured_noise(rng, frames: int) -> np.ndarray:
    """Noise between white and brown, sometimes banded, sometimes swelling; unit RMS."""
    noise = rng.standard_normal(frames, dtype=np.float32)
    spectrum = scipy.fft.rfft(noise)
    frequencies = np.maximum(20, np.linspace(0, RATE / 2, len(spectrum)))
    gain = frequencies ** -rng.uniform(0, 1.1)
    if rng.random() < 0.4:
        centre, width = np.exp(rng.uniform(np.log(80), np.log(9000))), rng.uniform(0.2, 2)
        gain *= np.exp(-0.5 * (np.log2(frequencies / centre) / width) ** 2) + 1e-3
    noise = scipy.fft.irfft(spectrum * gain.astype(np.float32), frames).astype(np.float32)
    if rng.random() < 0.4:
        points = rng.uniform(-25, 0, size=int(rng.integers(3, 12)))
        noise *= 10 ** (np.interp(np.arange(frames), np.linspace(0, frames, len(points)), points) / 20).astype(np.float32)
    return noise / (np.sqrt(np.mean(noise ** 2)) + 1e-9)
