"""A tiny corpus of synthetic tones, built once for all tests: real files, real decoding, real bank."""

import contextlib
import csv
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from timbre_training.data import bank
from timbre_training.clip.network import BANDS
from timbre_training.data.corpus import RATE
from timbre_training.data.labels import PRESENT
from timbre_training.data.taxonomy import CLASSES

# Threads that wait for each other on a busy machine take longer than one alone.
torch.set_num_threads(1)

ROWS = [("flute", "one", "note", 72, "train"), ("flute", "two", "note", 74, "valid"), ("cello", "one", "note", 50, "train"),
        ("cello", "three", "note", 48, "valid"), ("drums", "kit", "hit", "", "train"), ("drums", "kit2", "hit", "", "valid"),
        ("noise", "street", "noise", "", "train"), ("noise", "fan", "noise", "", "valid"), ("ir", "hall", "ir", "", "train")]


def tone(pitch, seconds=1.5):
    """A decaying harmonic tone, or a noise burst."""
    time = np.arange(int(seconds * RATE)) / RATE
    if pitch == "":
        return np.random.default_rng(3).standard_normal(len(time)) * np.exp(-12 * time) * 0.3
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    return sum(np.sin(2 * np.pi * frequency * h * time) / h for h in range(1, 5)) * 0.2 * np.exp(-time)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """A corpus folder with an index, one file a row."""
    folder = tmp_path_factory.mktemp("corpus")
    with open(folder / "index.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("path class source kind midi articulation dynamics seconds licence split".split())
        for number, (name, source, kind, pitch, split) in enumerate(ROWS):
            path = f"{name}-{number}.flac"
            soundfile.write(folder / path, tone(pitch), RATE)
            writer.writerow([path, name, source, kind, pitch, "plain", "", 1.5, "CC0", split])
    return folder


@pytest.fixture(scope="session")
def work(corpus, tmp_path_factory):
    """A work folder whose bank holds the tiny corpus."""
    folder = tmp_path_factory.mktemp("work")
    bank.build(folder / "bank", corpus, [], None, 0)
    return folder


@pytest.fixture
def front_end_command(tmp_path):
    """A stand-in with the feature command's interface: log powers of each hop, so that tests need no Swift build."""
    script = tmp_path / "front_end.py"
    script.write_text(
        "import json, sys, numpy as np\n"
        "c = json.load(open(sys.argv[sys.argv.index('--front-end') + 1]))\n"
        "x = np.frombuffer(sys.stdin.buffer.read(), '<f4')\n"
        "h, n = c['hop'], c['bins'] * (1 if c.get('harmonics') is None else 2)\n"
        "x = x[:len(x) // h * h].reshape(-1, h)\n"
        "p = np.abs(np.fft.rfft(x, axis=1))[:, 1:n + 1]\n"
        "p = np.clip(1 + np.log10(p + 1e-9) / 4, 0, 1).astype('<f4'); sys.stdout.buffer.write(p.tobytes())\n")
    return f"{sys.executable} {script}"


@pytest.fixture
def configuration():
    """A network with every layer type, small enough to train in a second."""
    return json.loads(json.dumps({
        "name": "tiny", "front_end": {"sample_rate": 44100, "hop": 512, "minimum_frequency": 27.5, "bins": 12,
                                      "bins_per_octave": 12, "harmonics": 5},
        "network": {"inputs": 24, "layers": [
            {"type": "standardize", "name": "input"}, {"type": "batch_norm", "name": "head.0", "repeat": 2},
            {"type": "conv", "name": "head.1", "outputs": 6, "kernel": 3, "dilation": 1},
            {"type": "residual", "name": "head.2", "outputs": 8, "dilation": 1}, {"type": "dropout", "rate": 0.2},
            {"type": "max_pool", "size": 3}, {"type": "residual", "name": "head.3", "outputs": 8, "dilation": 2},
            {"type": "max_pool", "size": 3}, {"type": "batch_norm", "name": "head.4"}, {"type": "relu"},
            {"type": "conv", "name": "head.5", "outputs": 24, "kernel": 3, "dilation": 1}, {"type": "sigmoid"}]},
        "seed": 5, "batch": 4, "outputs": 8, "skip_outputs": 1, "steps": 8, "average": 0.9, "label_smoothing": 0.01,
        "optimizer": {"kind": "adamw", "rate": 0.003, "decay": 0.01, "schedule": "one_cycle"},
        "augmentation": {"transpose": 1, "equalise": 0.5, "equalise_db": 3, "band_mask": 0.0, "time_mask": 0.3, "noise": 0.01,
                         "overlay": 0.5, "overlay_db": 6},
        "refresh_steps": 1000, "validate_steps": 4, "validate_clips": 2, "checkpoint_seconds": 0}))


@pytest.fixture
def torn(monkeypatch):
    """Has every array or checkpoint whose file is named like that be half written when the program is killed."""
    def tear(name: str):
        def breaking(write, at: int):
            def killed(*arguments, **others):
                file = arguments[at]
                if name not in str(getattr(file, "name", file)):
                    return write(*arguments, **others)
                with open(file, "wb") if isinstance(file, Path) else contextlib.nullcontext(file) as out:
                    out.write(b"half")
                raise KeyboardInterrupt
            return killed

        for module, function, at in ((np, "save", 0), (np, "savez", 0), (torch, "save", 1)):
            monkeypatch.setattr(module, function, breaking(getattr(module, function), at))
    return tear


@pytest.fixture
def flute_shards(tmp_path):
    """Writes one shard of eight clips for training and for validation; the flute is in half of them, as a range of bands."""
    def write(frames: int, hops: int, bands: slice):
        spectra = np.random.default_rng(1).normal(-3, 0.5, (8, frames, BANDS)).astype(np.float16)
        labels = np.zeros((8, hops, len(CLASSES)), np.uint8)
        spectra[::2, :, bands] += 4
        labels[::2, :, CLASSES.index("flute")] = PRESENT
        for split in ("train", "valid"):
            (tmp_path / split).mkdir()
            np.save(tmp_path / split / "0000.logmel.npy", spectra)
            np.save(tmp_path / split / "0000.labels.npy", labels)
        return tmp_path
    return write
