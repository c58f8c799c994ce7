"""What a person sees of the events, in figures: who is named on a single source, what is never reported, delays, flicker, false frames."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from ..data.corpus import RATE
from .evaluate import clip_score
from .events import EventSettings, believed, segments
from ..data.labels import ABSENT, HOP, PRESENT
from .recordings import Heard
from .settings import Choice, between_strokes, runs
from ..data.taxonomy import CLASSES

#: A class without positives in what settings are chosen on keeps these.
UNKNOWN_CHOICE = Choice(0.5, 0.3, 60.0, 150.0, float("nan"))


@dataclass(frozen=True)
class Settings:
    """Smoothing in milliseconds and one choice a class."""

    smoothing: float
    choices: dict[str, Choice]

    def column(self, field: str) -> np.ndarray:
        """One number a class."""
        return np.array([getattr(self.choices.get(name, UNKNOWN_CHOICE), field) for name in CLASSES])


def believe(activity: np.ndarray, settings: Settings) -> np.ndarray:
    """Which classes are reported at each frame of one clip [T, classes]."""
    times = {key: settings.column(key) for key in ("on", "off", "minimum_on", "minimum_off")}
    return believed(activity, EventSettings(**times, smoothing=settings.smoothing, rate=RATE / HOP))


def clip_truth(heard: Heard) -> np.ndarray:
    """1 present, 0 absent in every frame, NaN unknown."""
    present, absent = (heard.labels == PRESENT).any(axis=0), (heard.labels == ABSENT).all(axis=0)
    return np.where(present, 1.0, np.where(absent, 0.0, np.nan))


def f1(hits: float, called: float, real: float) -> float:
    """2 hits / (called + real)."""
    return 2 * hits / (called + real) if called + real else float("nan")


def mean(values: list) -> float:
    """The mean, NaN of nothing."""
    return float(np.mean(values)) if values else float("nan")


def ranking(clips: list[Heard], least: int = 5) -> dict:
    """mAP, macro AUC and top-1 of single sources from clip scores; classes with `least` positives."""
    scores = np.stack([clip_score(c.activity) for c in clips])
    truth = np.stack([clip_truth(c) for c in clips])
    rows = {}
    for k, name in enumerate(CLASSES):
        known = ~np.isnan(truth[:, k])
        y, s = truth[known, k] == 1, scores[known, k]
        if y.sum() >= least and (~y).any():
            rows[name] = {"positives": int(y.sum()), "ap": float(average_precision_score(y, s)), "auc": float(roc_auc_score(y, s))}
    right, confusion = [], {}
    for heard, t, s in zip(clips, truth, scores):
        if heard.kind == "solo" and (t == 1).sum() == 1:
            highest, real = int(np.argmax(np.where(np.isnan(t), -1, s))), int(np.flatnonzero(t == 1)[0])
            right.append(highest == real)
            confusion.setdefault(CLASSES[real], Counter())[CLASSES[highest]] += 1
    return {"map": mean([r["ap"] for r in rows.values()]), "auc": mean([r["auc"] for r in rows.values()]), "top1": mean(right), "classes": rows,
            "confusion": {name: dict(row.most_common()) for name, row in sorted(confusion.items())}}


def event_figures(clips: list[Heard], reported: list[np.ndarray], least: int = 5) -> dict:
    """Figures of the reported states [T, classes] of clips."""
    truth = np.stack([clip_truth(c) for c in clips])
    named = np.stack([r.any(axis=0) for r in reported])
    hits = np.zeros(len(CLASSES)); called = hits.copy(); real = hits.copy(); absent = hits.copy(); false = hits.copy()
    found = total = 0
    delays, events, true_events, seconds = [], 0, 0, 0.0
    for heard, states_ in zip(clips, reported):
        rate = RATE / HOP
        seconds += len(states_) / rate
        for k, name in enumerate(CLASSES):
            labels = between_strokes(heard.labels[:, k], name)
            present, off, on = labels == PRESENT, labels == ABSENT, states_[:, k]
            hits[k] += (on & present).sum(); called[k] += (on & (present | off)).sum(); real[k] += present.sum()
            absent[k] += off.sum(); false[k] += (on & off).sum()
            if not (present | off).any():
                continue
            for _, first, last in zip(*runs(present[None])):
                if last - first < 8:
                    continue
                total += 1
                true_events += 1
                within = np.flatnonzero(on[first:max(last, first + 43)])
                if len(within):
                    found += 1
                    if first and not on[first - 1]:
                        delays.append(within[0] / rate * 1000)
        events += sum(1 for c, a, b in segments(states_) if (heard.labels[a:b, c] == PRESENT).any() or (heard.labels[:, c] == ABSENT).all())
    single = {"only right": 0, "right and wrong": 0, "only wrong": 0, "nothing": 0}
    for heard, t, n in zip(clips, truth, named):
        if heard.kind == "solo" and (t == 1).sum() == 1:
            right, wrong = n[t == 1].any(), n[t == 0].any()
            single["right and wrong" if right and wrong else "only right" if right else "only wrong" if wrong else "nothing"] += 1
    count = max(1, sum(single.values()))
    per_clip = [f1(*(float(v) for v in ((named[:, k] & (truth[:, k] == 1)).sum(), (named[:, k] & ~np.isnan(truth[:, k])).sum(), (truth[:, k] == 1).sum())))
                for k in range(len(CLASSES)) if (truth[:, k] == 1).sum() >= least]
    frame = {name: f1(hits[k], called[k], real[k]) for k, name in enumerate(CLASSES) if real[k] > 0}
    of_kind = lambda kind: [n[t == 0].any() for c, t, n in zip(clips, truth, named) if c.kind == kind]
    lit = {c.name: [CLASSES[k] for k in np.flatnonzero(n & (t == 0))] for c, t, n in zip(clips, truth, named)
           if c.kind in ("noise", "speech") and (n & (t == 0)).any()}
    return {"lit": lit, "clip_f1": mean(per_clip), "frame_f1": mean(list(frame.values())), "frame_classes": frame,
            "frame_micro_f1": f1(hits.sum(), called.sum(), real.sum()), "false_frames": float(false.sum() / max(1, absent.sum())),
            "single": {k: v / count for k, v in single.items()}, "singles": sum(single.values()),
            "never_reported": 1 - found / max(1, total), "entries": total,
            "median_delay_ms": float(np.median(delays)) if delays else float("nan"),
            "events_per_true_event": events / max(1, true_events),
            "noise": [int(np.sum(of_kind("noise"))), len(of_kind("noise"))], "other": [int(np.sum(of_kind("other"))), len(of_kind("other"))],
            "speech": [int(np.sum(of_kind("speech"))), len(of_kind("speech"))]}


def lines(title: str, rank: dict, events: dict) -> str:
    """The figures for the terminal."""
    single = ", ".join(f"{k} {100 * v:.0f} %" for k, v in events["single"].items())
    return "\n".join([
        f"{title}: mAP {rank['map']:.3f}, AUC {rank['auc']:.3f}, top-1 {rank['top1']:.3f} ({len(rank['classes'])} classes)",
        f"  events: clip F1 {events['clip_f1']:.3f}, frame F1 {events['frame_f1']:.3f} (micro {events['frame_micro_f1']:.3f}), "
        f"false frames {events['false_frames']:.4f}",
        f"  single sources ({events['singles']}): {single}",
        f"  never reported {100 * events['never_reported']:.0f} % of {events['entries']}, median delay {events['median_delay_ms']:.0f} ms, "
        f"events for one of the truth {events['events_per_true_event']:.2f}",
        f"  something named on noise {events['noise']}, other instruments {events['other']}, speech {events['speech']}"])


def old_settings(description: dict) -> Settings:
    """The settings in a model file."""
    spread = lambda value: value if isinstance(value, list) else [value] * len(description["classes"])
    rows = zip(description["classes"], description["thresholds"]["on"], description["thresholds"]["off"],
               spread(description["minimum_on_ms"]), spread(description["minimum_off_ms"]))
    return Settings(description["smoothing_ms"], {name: Choice(a, b, c, d, float("nan")) for name, a, b, c, d in rows})
