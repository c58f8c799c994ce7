"""Log-mel spectrograms from the daemon's own front end, called as a command, and shards of them."""

import os
import shlex
import subprocess
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..data.corpus import RATE
from ..errors import TrainingError
from ..atomic import atomically
from .network import BANDS

#: Seconds from one frame to the next.
HOP_SECONDS = 0.01


class LogMel:
    """Runs `timbre features --log-mel`; the command comes from the argument or the environment variable TIMBRE."""

    def __init__(self, command: str | None = None):
        words = shlex.split(command or os.environ.get("TIMBRE", ".build/release/timbre features"))
        self.command = [*words, "--log-mel", "--rate", str(RATE)]

    def __call__(self, audio: np.ndarray) -> np.ndarray:
        """[frames, 64] float32 of mono samples at 44.1 kHz."""
        try:
            done = subprocess.run(self.command, input=np.ascontiguousarray(audio, "<f4").tobytes(), capture_output=True,
                                  check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            detail = getattr(error, "stderr", b"") or b""
            raise TrainingError(f"the feature command {' '.join(self.command)} failed ({error}) {detail.decode()[-200:]}; "
                                "build it (swift build -c release) or set TIMBRE") from error
        return np.frombuffer(done.stdout, "<f4").reshape(-1, BANDS)


def extract(source: Path, target: Path, front_end: LogMel) -> int:
    """Spectrograms (float16) of every finished shard of `source` that `target` lacks; returns how many were made."""
    target.mkdir(parents=True, exist_ok=True)
    made = 0
    for record in sorted(source.glob("[0-9]*.json")):
        file = target / f"{record.stem}.logmel.npy"
        if file.exists():
            continue
        audio = np.load(source / f"{record.stem}.audio.npy", mmap_mode="r")
        spectra = [front_end(clip.astype(np.float32) / 32768) for clip in tqdm(audio, desc=record.stem, mininterval=10)]
        np.save(target / f"{record.stem}.labels.npy", np.load(source / f"{record.stem}.labels.npy"))
        with atomically(file) as stream:
            np.save(stream, np.stack(spectra).astype(np.float16))
        made += 1
    return made
