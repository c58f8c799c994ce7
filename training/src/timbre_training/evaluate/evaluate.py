"""Judges a network through the causal path, one output a hop: on rendered validation music and on real recordings."""

import csv
import itertools
import json
import math
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..data.corpus import RATE, decode
from ..data.dataset import Shards
from ..errors import TrainingError
from .events import EventSettings, believed, smooth, segments
from ..model.features import FrontEnd
from ..data.labels import ABSENT, HOP, PRESENT, UNKNOWN, hop_power
from .metrics import frame_scores, predict, predict_shards
from ..model.network import Network
from ..data.taxonomy import CLASSES

#: Frames between two rows of the prediction files.
STEP = 4
GATE_DBFS = -85.0
#: An event that is not there annoys more than one that is missed: precision counts twice as much as recall.
BETA = 0.5
#: Noise raises a threshold at most to this.
CEILING = 0.98
#: ... and no event begins below this: where a class can hardly be told, the best F of a search is reached by guessing.
LEAST = 0.2


def clip_score(activity: np.ndarray) -> np.ndarray:
    """One number a class from the activities of a clip: the mean of its highest tenth (best of seven shares on validation)."""
    count = max(1, len(activity) // 10)
    return np.sort(activity, axis=0)[-count:].mean(axis=0)


def gated(activity: np.ndarray, audio: np.ndarray) -> np.ndarray:
    """Activities with the frames below the gate at zero."""
    level = 10 * np.log10(hop_power(audio, len(activity)) + 1e-20)
    return activity * (level > GATE_DBFS)[:, None]


def realset_activities(network: Network, front_end: FrontEnd, realset: Path) -> dict[str, np.ndarray]:
    """Activities [T, classes] of every clip."""
    result = {}
    for path in tqdm(sorted((realset / "audio").iterdir()), desc="realset", mininterval=5):
        audio = decode(path)
        features = front_end(audio)
        result[path.stem] = gated(predict(network, features[None], strided=False)[0], audio)
    if not result:
        raise TrainingError(f"{realset}/audio: no recordings; give the folder with --realset")
    return result


def write_clips(path: Path, rows: dict[str, np.ndarray]) -> None:
    """clip,<classes> with empty fields for NaN."""
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["clip", *CLASSES])
        for name, values in rows.items():
            writer.writerow([name, *("" if np.isnan(v) else f"{v:.5f}" for v in values)])


def write_frames(path: Path, activities: dict[str, np.ndarray], step: int = STEP, first: int = 0) -> None:
    """clip,t,<classes>; t is the end of the newest sample that the row knows."""
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["clip", "t", *CLASSES])
        for name, values in activities.items():
            for k in range(first, len(values), step):
                writer.writerow([name, f"{(k + 1) * HOP / RATE:.4f}", *(f"{v:.4f}" for v in values[k])])


def write_truth(folder: Path, labels: np.ndarray) -> None:
    """Rendered labels in the realset's formats: labels.csv and frames/<clip>.csv."""
    (folder / "frames").mkdir(parents=True, exist_ok=True)
    clips = {}
    for number, truth in enumerate(labels):
        present, unknown = (truth == PRESENT), (truth == UNKNOWN)
        vague = unknown.mean(axis=0) > 0.1
        value = np.where(present.sum(axis=0) >= 43, 1.0, np.where(present.any(axis=0) | vague, np.nan, 0.0))
        clips[f"valid_{number:04d}"] = value
        with open(folder / "frames" / f"valid_{number:04d}.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["start", "end", "class"])
            for column in np.flatnonzero(present.any(axis=0) & ~vague):
                edges = np.flatnonzero(np.diff(np.pad(present[:, column], 1).astype(np.int8)))
                for start, end in zip(edges[::2], edges[1::2]):
                    writer.writerow([f"{start * HOP / RATE:.3f}", f"{end * HOP / RATE:.3f}", CLASSES[column]])
    write_clips(folder / "labels.csv", clips)


def raw_labels(shards: Shards) -> np.ndarray:
    """Labels without the ignored zones around edges."""
    return np.concatenate([np.load(shards.folder / f"{name}.labels.npy") for name in shards.names])


def reached(level: np.ndarray, frames: int, off_ratio: float) -> np.ndarray:
    """The highest threshold at which each class would still come on: [clips, T, classes] to [clips, classes].

    It comes on at x where the level reaches x and then stays above off_ratio * x until `frames` have passed.
    """
    lowest = level.copy()
    for lag in range(1, frames):
        lowest[:, :-lag] = np.minimum(lowest[:, :-lag], level[:, lag:])
    return np.minimum(level, lowest / off_ratio).max(axis=1)


def choose_settings(probabilities: np.ndarray, labels: np.ndarray, quiet: np.ndarray) -> tuple[EventSettings, list[dict]]:
    """Thresholds, smoothing and minimum times from validation alone.

    `on` is the best of 99 candidates by frame F-beta, raised, within `LEAST` and `CEILING`, above everything that would
    light an absent class in a clip of `quiet` (noise, silence, speech). Times and the ratio of off to on are those of the
    best state F1, tried from the quickest on: a slower smoothing must gain half a point.
    """
    best, answer = -1.0, None
    absent = (labels[quiet] == ABSENT).all(axis=1)
    for smoothing in (30.0, 60.0, 100.0):
        level = smooth(probabilities, smoothing, RATE / HOP, axis=1)
        rows = frame_scores(level, labels, BETA)
        least = np.maximum(LEAST, [row["threshold"] for row in rows])
        for minimum_on, off_ratio in itertools.product((30.0, 100.0), (0.4, 0.6)):
            highest = np.where(absent, reached(level[quiet], math.ceil(minimum_on * RATE / HOP / 1000), off_ratio), 0)
            on = np.maximum(least, np.minimum(highest.max(axis=0, initial=0) + 0.005, CEILING))
            settings = EventSettings(on, on * off_ratio, smoothing, minimum_on, 150.0)
            score = state_f1(believed(probabilities, settings), labels)
            if score > best + 0.005:
                best, answer = score, (settings, rows)
    return answer


def state_f1(states: np.ndarray, labels: np.ndarray) -> float:
    """Macro F1 of the believed states over the known frames."""
    known, truth = labels != UNKNOWN, labels == PRESENT
    hits = (states & truth & known).sum(axis=(0, 1))
    return float(np.mean(2 * hits / np.maximum(1, (states & known).sum(axis=(0, 1)) + (truth & known).sum(axis=(0, 1)))))


def per_hour(states) -> float:
    """Events an hour in clips [T, classes] of which none should raise one."""
    hours = sum(len(clip) for clip in states) * HOP / RATE / 3600
    return sum(len(segments(clip)) for clip in states) / hours if hours else float("nan")


def onset_delays(states: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Milliseconds from each entry after half a second of absence to its `on`, for the entries found within 2 s."""
    delays = []
    for clip, truth in zip(states, labels):
        found = segments(clip)
        for column in range(truth.shape[1]):
            present, absent = truth[:, column] == PRESENT, truth[:, column] == 0
            for start in np.flatnonzero(present[1:] & ~present[:-1]) + 1:
                if start >= 43 and absent[start - 43:start].all():
                    near = [a for c, a, _ in found if c == column and start - 4 <= a <= start + 172]
                    if near:
                        delays.append((min(near) - start) * 1000 * HOP / RATE)
    return np.array(delays)


def evaluate(network: Network, front_end: FrontEnd, valid: Path, realset: Path | None, out: Path) -> dict:
    """All figures of a network; writes score.py's files to `out` and runs it."""
    out.mkdir(parents=True, exist_ok=True)
    shards = Shards(valid)
    probabilities, labels = predict_shards(network, shards, strided=False)
    truth = raw_labels(shards)
    records = [r for name in shards.names for r in json.loads((valid / f"{name}.json").read_text())]
    talk = np.array([r["kind"] == "talk" for r in records])
    quiet = np.array([not r["classes"] for r in records])
    settings, rows = choose_settings(probabilities, labels, quiet | talk)
    states = believed(probabilities, settings)
    false = states[quiet] & (truth[quiet] == ABSENT)
    others = states[talk] & (truth[talk] == ABSENT).all(axis=1, keepdims=True)
    delays = onset_delays(states, truth)
    result = {
        "validation": {
            "clips": len(labels), "map": float(np.nanmean([r["ap"] for r in rows])),
            "f1": float(np.nanmean([r["f1"] for r in rows])), "event_f1": state_f1(states, labels),
            "classes": {name: row for name, row in zip(CLASSES, rows)},
            "empty_clips_with_event": [int(false.any(axis=(1, 2)).sum()), int(quiet.sum())],
            "talk_clips_with_other": [int(others.any(axis=(1, 2)).sum()), int(talk.sum())],
            "empty_events_per_hour": per_hour(false), "talk_events_per_hour": per_hour(others),
            "median_delay_ms": float(np.median(delays)) if len(delays) else float("nan"), "entries_found": len(delays)},
        "settings": {"on": settings.on.tolist(), "off": settings.off.tolist(), "smoothing_ms": settings.smoothing,
                     "minimum_on_ms": settings.minimum_on, "minimum_off_ms": settings.minimum_off},
    }
    if realset:
        write_truth(out / "dev", truth)
        names = [f"valid_{k:04d}" for k in range(len(labels))]
        write_clips(out / "dev" / "pred.csv", {n: clip_score(p) for n, p in zip(names, probabilities)})
        write_frames(out / "dev" / "frames.csv", dict(zip(names, probabilities)), step=8)
        result["realset"] = evaluate_realset(realset_activities(network, front_end, realset), settings, realset, out)
    (out / "result.json").write_text(json.dumps(result, indent=1))
    return result


def evaluate_realset(activities: dict[str, np.ndarray], settings: EventSettings, realset: Path, out: Path) -> dict:
    """score.py's figures, the events on noise and speech, and who is taken for whom."""
    levels = {name: smooth(a, settings.smoothing, settings.rate) for name, a in activities.items()}
    write_clips(out / "pred.csv", {name: clip_score(a) for name, a in activities.items()})
    write_frames(out / "frames.csv", levels)
    done = subprocess.run([sys.executable, str(realset / "score.py"), "--labels", str(realset / "labels.csv"), "--pred", str(out / "pred.csv"),
                           "--dev-labels", str(out / "dev" / "labels.csv"), "--dev-pred", str(out / "dev" / "pred.csv"),
                           "--frames", str(realset / "frames"), "--frame-pred", str(out / "frames.csv"),
                           "--dev-frames", str(out / "dev" / "frames"), "--dev-frame-pred", str(out / "dev" / "frames.csv"),
                           "--json", str(out / "score.json")], capture_output=True, text=True)
    if done.returncode:
        raise TrainingError(f"score.py failed: {done.stderr[-500:]}")
    (out / "score.txt").write_text(done.stdout)
    score = json.loads((out / "score.json").read_text())
    with open(realset / "labels.csv") as file:
        truth = {row["clip"]: row for row in csv.DictReader(file)}
    false = {name: believed(a, settings) & np.array([truth[name][c] == "0" for c in CLASSES]) for name, a in activities.items()}
    absent = lambda name: [CLASSES[c] for c in np.flatnonzero(false[name].any(axis=0))]
    noise = [name for name in activities if name.startswith("noise_")]
    speech = [name for name in activities if name.startswith("speech_") or "speech" in name]
    confusion: dict[str, Counter] = {}
    for name, row in truth.items():
        ones = [c for c in CLASSES if row[c] == "1"]
        if len(ones) == 1 and sum(row[c] == "" for c in CLASSES) <= 3 and name in activities:
            known = [c for c in CLASSES if row[c] != ""]
            scores = dict(zip(CLASSES, clip_score(activities[name])))
            confusion.setdefault(ones[0], Counter())[max(known, key=scores.get)] += 1
    clip, frame = score["clip"], score["frame"]
    return {"map": clip["mAP"], "auc": clip["AUC"], "top1": clip["top1"], "f1_half": clip["F1"], "f1_dev": clip["F1dev"],
            "classes": {n: {k: r.get(k) for k in ("pos", "neg", "AP", "AUC", "F1dev")} for n, r in clip["classes"].items() if r["pos"]},
            "false_alarms_half": clip["FA"], "false_alarms_dev": clip["FAdev"],
            "frame": frame["macro"], "frame_classes": {n: {k: r[k] for k in ("AUC", "F1", "F1dev")} for n, r in frame["classes"].items()},
            "noise_with_event": {n: absent(n) for n in noise if absent(n)}, "noise_clips": len(noise),
            "speech_with_other": {n: absent(n) for n in speech if absent(n)}, "speech_clips": len(speech),
            "noise_events_per_hour": per_hour([false[n] for n in noise]), "speech_events_per_hour": per_hour([false[n] for n in speech]),
            "confusion": {k: dict(v.most_common()) for k, v in sorted(confusion.items())}}


def summary(result: dict) -> str:
    """A few lines for the terminal."""
    v = result["validation"]
    lines = [f"validation: frame mAP {v['map']:.3f}, F1 {v['f1']:.3f}, event F1 {v['event_f1']:.3f}, "
             f"empty clips with an event {v['empty_clips_with_event']}, median delay {v['median_delay_ms']:.0f} ms"]
    if "realset" in result:
        r = result["realset"]
        lines += [f"realset: mAP {r['map']:.3f}, AUC {r['auc']:.3f}, top-1 {r['top1']:.3f}, F1@dev {r['f1_dev']:.3f}",
                  f"  frames: F1@dev {r['frame']['F1dev']:.3f}, AUC {r['frame']['AUC']:.3f}, false frames {r['frame']['false framesdev']:.3f}",
                  f"  noise clips with an event {len(r['noise_with_event'])} of {r['noise_clips']}: {r['noise_with_event']}",
                  f"  speech clips with another class {len(r['speech_with_other'])} of {r['speech_clips']}: {r['speech_with_other']}"]
    return "\n".join(lines)
