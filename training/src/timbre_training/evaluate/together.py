"""Whether tags help events: the daemon's decisions with thresholds that tags may move, by how far they may move them.

What is heard comes from the daemon's own path (`timbre replay`), what is decided from `events`, which does as the daemon does.
"""

import csv
import json
import os
import shlex
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import safetensors
import soundfile
from tqdm import tqdm

from ..data.corpus import RATE
from ..errors import TrainingError
from .evaluate import onset_delays, state_f1
from .events import EventSettings, believed, segments
from ..data.labels import ABSENT, HOP, PRESENT, UNKNOWN
from ..data.taxonomy import CLASSES

#: How far tags may move the log odds of a threshold; 0 is without them.
LIMITS = (0.0, 0.5, 1.0, 2.0, 4.0)
#: Frames for which tags count: 2.88 s.
PATIENCE = round(2.88 * RATE / HOP)
#: Neither the gate nor the smoothing: both are done here, or not wanted.
SETTINGS = "[events]\nactivity_rate = 1000\nsmoothing_ms = 0\n[tags]\nmodel = {clip}\nsupport_events = false\n"


@dataclass(frozen=True)
class Heard:
    """Of one recording: activities [T, classes], and how far the log odds of each tag in force lie above its threshold."""

    activity: np.ndarray
    evidence: np.ndarray


class Daemon:
    """Replays recordings through the daemon's path with a frame model and a clip model."""

    def __init__(self, model: Path, clip: Path, command: str | None = None):
        self.words = shlex.split(command or os.environ.get("TIMBRE_TOOL", ".build/release/timbre"))
        self.folder = tempfile.TemporaryDirectory(prefix="together-")
        self.configuration = Path(self.folder.name) / "timbred.conf"
        self.configuration.write_text(SETTINGS.format(clip=clip.resolve()))
        self.model = model
        thresholds = np.array(description(clip)["thresholds"])
        self.odds = np.log(thresholds / (1 - thresholds))
        self.settings = settings_of(model)

    def hear(self, recording: Path) -> Heard:
        """What both models make of a recording."""
        words = [*self.words, "replay", str(recording), "-m", str(self.model), "-c", str(self.configuration), "-a", "1000", "-q"]
        try:
            done = subprocess.run(words, capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            detail = getattr(error, "stderr", "") or ""
            raise TrainingError(f"{' '.join(words)} failed ({error}) {detail[-200:]}; build it (swift build -c release) or set "
                                "TIMBRE_TOOL") from error
        return read(done.stdout.splitlines(), self.odds)

    def hear_samples(self, samples: np.ndarray) -> Heard:
        """The same of 16-bit samples."""
        file = Path(self.folder.name) / "clip.wav"
        soundfile.write(file, samples, RATE, subtype="PCM_16")
        return self.hear(file)


def description(model: Path) -> dict:
    """What a model file says about itself."""
    with safetensors.safe_open(model, "np") as file:
        return json.loads(file.metadata()["description"])


def settings_of(model: Path) -> EventSettings:
    """The model's thresholds and times."""
    d = description(model)
    return EventSettings(np.array(d["thresholds"]["on"]), np.array(d["thresholds"]["off"]), d["smoothing_ms"],
                         d["minimum_on_ms"], d["minimum_off_ms"])


def read(lines: list[str], odds: np.ndarray) -> Heard:
    """From the lines of a replay. Tags count from the hop behind them on, and for `PATIENCE` frames."""
    activity, evidence, newest, age = [], [], None, 0
    for line in lines:
        event = json.loads(line)
        if event["type"] == "activity":
            activity.append([event["levels"][name] for name in CLASSES])
            evidence.append(newest if newest is not None and age < PATIENCE else np.zeros(len(CLASSES)))
            age += 1
        elif event["type"] == "tags":
            p = np.clip([tag["probability"] for tag in event["tags"]], 1e-6, 1 - 1e-6)
            newest, age = np.log(p / (1 - p)) - odds, 0
    return Heard(np.array(activity, np.float32), np.array(evidence, np.float32))


def rendered(daemon: Daemon, folder: Path) -> dict:
    """Figures on rendered clips of held-out sources, by limit."""
    names = sorted(file.stem for file in folder.glob("[0-9]*.json"))
    if not names:
        raise TrainingError(f"{folder}: no rendered shards; run `render` first")
    truth = np.concatenate([np.load(folder / f"{name}.labels.npy") for name in names])
    records = [r for name in names for r in json.loads((folder / f"{name}.json").read_text())]
    quiet = np.array([not r["classes"] for r in records])
    clips = [clip for name in names for clip in np.load(folder / f"{name}.audio.npy", mmap_mode="r")]
    heard = [daemon.hear_samples(clip) for clip in tqdm(clips, desc=folder.name, mininterval=10)]
    frames = min(truth.shape[1], *(len(h.activity) for h in heard))
    activity, evidence = (np.stack([getattr(h, part)[:frames] for h in heard]) for part in ("activity", "evidence"))
    truth, result = truth[:, :frames], {}
    for limit in LIMITS:
        states = believed(activity, daemon.settings, np.clip(evidence, -limit, limit))
        false = states[quiet] & (truth[quiet] == ABSENT)
        delays = onset_delays(states, truth)
        result[limit] = {"state F1": state_f1(states, truth), "empty clips lit": int(false.any(axis=(1, 2)).sum()),
                         "empty clips": int(quiet.sum()), "false events": sum(len(segments(clip)) for clip in false),
                         "median delay, ms": float(np.median(delays)) if len(delays) else float("nan"), "entries": len(delays)}
    return result


def real(daemon: Daemon, realset: Path) -> dict:
    """The same on real recordings, whose truth is known in part."""
    with open(realset / "labels.csv") as file:
        rows = list(csv.DictReader(file))
    heard = {row["clip"]: daemon.hear(next((realset / "audio").glob(f"{row['clip']}.*")))
             for row in tqdm(rows, desc="realset", mininterval=10)}
    result = {}
    for limit in LIMITS:
        hits, called, present = (np.zeros(len(CLASSES)) for _ in range(3))
        false, absent, lit, empty = 0, 0, 0, 0
        for row in rows:
            what = heard[row["clip"]]
            states = believed(what.activity, daemon.settings, np.clip(what.evidence, -limit, limit))
            truth = frame_truth(realset / "frames" / f"{row['clip']}.csv", row, len(states))
            if not any(row[name] == "1" for name in CLASSES) and row["clip"].startswith("noise_"):
                empty += 1
                lit += bool(states.any(axis=0)[[row[name] == "0" for name in CLASSES]].any())
            if truth is None:
                continue
            known, is_present = truth != UNKNOWN, truth == PRESENT
            hits += (states & is_present).sum(axis=0)
            called += (states & known).sum(axis=0)
            present += is_present.sum(axis=0)
            false += (states & (truth == ABSENT)).sum()
            absent += (truth == ABSENT).sum()
        judged = present > 0
        result[limit] = {"frame F1": float((2 * hits / np.maximum(1, called + present))[judged].mean()),
                         "false frames": float(false / absent), "noise clips lit": lit, "noise clips": empty}
    return result


def frame_truth(file: Path, row: dict, frames: int) -> np.ndarray | None:
    """Labels [frames, classes] of a recording with frame truth."""
    if not file.exists():
        return None
    truth = np.tile([ABSENT if row[name] == "0" else UNKNOWN for name in CLASSES], (frames, 1)).astype(np.uint8)
    time = (np.arange(frames) + 1) * HOP / RATE
    with open(file) as lines:
        spans = list(csv.DictReader(lines))
    for name in {span["class"] for span in spans}:
        truth[:, CLASSES.index(name)] = ABSENT
    for span in spans:
        truth[(time >= float(span["start"])) & (time < float(span["end"])), CLASSES.index(span["class"])] = PRESENT
    return truth


def table(figures: dict) -> str:
    """Markdown of the figures by limit."""
    names = list(next(iter(figures.values())))
    show = lambda v: f"{v:.3f}" if isinstance(v, float) and v < 10 else f"{v:.0f}"
    lines = ["| limit | " + " | ".join(names) + " |", "| --- " * (len(names) + 1) + "|"]
    return "\n".join(lines + [f"| {limit:g} | " + " | ".join(show(row[name]) for name in names) + " |"
                              for limit, row in figures.items()])
