"""Finds the programs that the tests run, and makes sounds for them to hear."""

from __future__ import annotations

import array
import functools
import math
import os
import signal
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DEMO = ROOT / "demo" / "demo.flac"
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))


def built(name: str) -> Path | None:
    """A program of this checkout: the one that was built last."""
    kinds = ("debug", "release", "test/release")
    candidates = [path for path in (ROOT / ".build" / kind / name for kind in kinds) if path.exists()]
    named = os.environ.get(name.upper())
    return Path(named) if named else max(candidates, key=lambda path: path.stat().st_mtime, default=None)


@pytest.fixture(autouse=True)
def timbre(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program `timbre`, which the package finds as well; without it the tests that want it are skipped."""
    found = built("timbre")
    if found is None:
        pytest.skip("timbre is not built: swift build")
    monkeypatch.setenv("TIMBRE", str(found))
    # Spark's workers find the package where an installation would have put it.
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[1] / "src"))
    return found


def tone(path: Path, seconds: float, hertz: float = 440.0, rate: int = 44_100) -> Path:
    """A file with a tone of a few harmonics, which swells and fades."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(tone_samples(seconds, hertz, rate))
    return path


@functools.cache
def tone_samples(seconds: float, hertz: float, rate: int) -> bytes:
    """The samples of `tone`, computed once for all tests that want the same."""
    samples = array.array("h")
    for index in range(int(seconds * rate)):
        time = index / rate
        swell = min(1.0, 4 * time, 4 * (seconds - time))
        value = sum(math.sin(2 * math.pi * hertz * part * time) / part for part in (1, 2, 3, 4))
        samples.append(int(9000 * swell * value / 2))
    return samples.tobytes()


class Daemon:
    """A real daemon that hears a test tone."""

    def __init__(self, folder: Path) -> None:
        program = built("timbred")
        if program is None:
            pytest.skip("timbred is not built: swift build")
        self.socket = folder / "timbred.sock"
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [str(self.program), "--source", "tone:440", "--socket", str(self.socket)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)
            self.process = None


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    daemon = Daemon(tmp_path)
    daemon.start()
    yield daemon
    daemon.stop()


@pytest.fixture
def tones(tmp_path: Path) -> Callable[[str, float], Path]:
    """Makes tones by name and length."""

    def make(name: str, seconds: float) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return tone(path, seconds, hertz=220.0 + 55 * len(name))

    return make


@pytest.fixture
def sounds(tones: Callable[[str, float], Path], tmp_path: Path) -> Path:
    """Five short recordings, one of them in a folder, and one file that is none."""
    for index in range(4):
        tones(f"in/{'x' * (index + 1)}.wav", 1.5 + index / 2)
    tones("in/more/y.wav", 2)
    (tmp_path / "in" / "poison.flac").write_bytes(b"no audio")
    (tmp_path / "in" / "notes.txt").write_text("not a recording")
    return tmp_path / "in"
