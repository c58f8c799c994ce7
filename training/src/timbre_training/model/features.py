"""Features from the one front end there is: the daemon's own, called as a command."""

import json
import os
import shlex
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..errors import TrainingError
from ..atomic import atomically

FRONT_END = {"sample_rate": 44100, "hop": 512, "minimum_frequency": 27.5, "bins": 112, "bins_per_octave": 12, "harmonics": 5}


def planes(front_end: dict) -> int:
    """Constant-Q alone, or with the harmonic series."""
    return 1 if front_end.get("harmonics") is None else 2


class FrontEnd:
    """Runs `timbre features`; the command comes from the argument or the environment variable TIMBRE."""

    def __init__(self, front_end: dict = FRONT_END, command: str | None = None):
        self.front_end = front_end
        self.width = planes(front_end) * front_end["bins"]
        self.command = shlex.split(command or os.environ.get("TIMBRE", ".build/release/timbre features"))
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name) / "front_end.json"
        self.file.write_text(json.dumps(front_end))

    def __call__(self, audio: np.ndarray) -> np.ndarray:
        """[T, planes*bins] float32 of mono samples at the front end's rate; T = floor(samples / hop)."""
        try:
            done = subprocess.run([*self.command, "--front-end", str(self.file)],
                                  input=np.ascontiguousarray(audio, "<f4").tobytes(), capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            detail = getattr(error, "stderr", b"") or b""
            raise TrainingError(f"the feature command {' '.join(self.command)} failed ({error}) {detail.decode()[-200:]}; "
                                "build it (swift build -c release) or set TIMBRE") from error
        frames = np.frombuffer(done.stdout, "<f4").reshape(-1, self.width)
        if len(frames) != len(audio) // self.front_end["hop"]:
            raise TrainingError(f"the feature command gave {len(frames)} frames for {len(audio)} samples")
        return frames


def extract(folder: Path, front_end: FrontEnd, out: Path | None = None) -> int:
    """Features (float16) of every finished shard that has none yet, beside it or in `out`; returns how many were made."""
    made = 0
    if out:
        out.mkdir(parents=True, exist_ok=True)
    for record in sorted(folder.glob("[0-9]*.json")):
        target = (out or folder) / (record.stem + ".features.npy")
        if target.exists():
            continue
        source = record.with_name(record.stem + ".audio.npy")
        if not source.exists():
            raise TrainingError(f"{source}: not found; delete {record.name} beside it to have the shard rendered again")
        audio = np.load(source, mmap_mode="r")
        features = np.stack([front_end(clip.astype(np.float32) / 32767) for clip in tqdm(audio, desc=record.stem, mininterval=10)])
        with atomically(target) as file:
            np.save(file, features.astype(np.float16))
        made += 1
    return made
