"""The one table of all clip systems and what of the papers' findings repeats, written as docs/clip-systems.md."""

import json
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score

from ..evaluate.card import table
from ..errors import TrainingError
from ..data.labels import ABSENT, PRESENT, UNKNOWN
from ..published.statistics import counts, draws, f1, held_out_counts, interval, resampled_f1, resampled_map, thresholds
from ..published.table import read_clips
from ..data.taxonomy import CLASSES, FAMILIES, INDEX
from .frozen import family_labels
from .table_text import FAMILIES_HEAD, FINDINGS, FINDINGS_HEAD, HEAD, REAL_HEAD

#: Classes with fewer real recordings are left out of the means there.
LEAST = 5
#: Resamplings where average precision, which is slow, is resampled.
FEW = 300


def both(per_clip: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The counts of presence and of absence, [clips, classes, 3] each, from those of presence."""
    hits, called, there = np.moveaxis(per_clip, -1, 0)
    known = (labels != UNKNOWN).astype(np.int64)
    return np.stack([per_clip, np.stack([known - called - there + hits, known - called, known - there], axis=-1)])


class Judged:
    """Probabilities [clips, columns] with their labels, judged at 0.5 and at thresholds from the other half of the clips."""

    def __init__(self, probabilities: np.ndarray, labels: np.ndarray):
        # The frame statistics serve for clips of one frame.
        frames, truth = probabilities[:, None].astype(np.float32), labels[:, None]
        self.labels, self.probabilities = labels, probabilities
        self.at_half = counts(frames, truth, np.full(labels.shape[1], 0.5, np.float32))
        self.held_out = held_out_counts(frames, truth)
        self.thresholds = thresholds(frames, truth)
        self.truth = np.where(labels == UNKNOWN, np.nan, (labels == PRESENT).astype(float))

    def f1(self, per_clip: np.ndarray) -> float:
        """Mean F1 of presence."""
        return float(np.nanmean(f1(per_clip.sum(axis=0))))

    def two_class(self, per_clip: np.ndarray) -> float:
        """Mean over the classes of the mean F1 of presence and absence."""
        return float(np.nanmean(f1(both(per_clip, self.labels).sum(axis=1))))

    def average_precision(self, least: int = 1) -> float:
        """Mean over the classes that occur at least so often and are absent somewhere."""
        return mean_average_precision(self.truth, self.probabilities, least)


def mean_average_precision(truth: np.ndarray, score: np.ndarray, least: int) -> float:
    """mAP over the columns with enough positives; unknown truth is not a number."""
    values = []
    for column in range(truth.shape[1]):
        known = ~np.isnan(truth[:, column])
        if truth[known, column].sum() >= least and not truth[known, column].all():
            values.append(average_precision_score(truth[known, column], score[known, column]))
    return float(np.mean(values))


class Measured:
    """The files that a run's folder holds."""

    def __init__(self, run: Path, labels: np.ndarray):
        if not (run / "result.json").exists() or not (run / "outputs.npz").exists():
            raise TrainingError(f"{run}: no result.json or outputs.npz; measure this system first")
        self.result = json.loads((run / "result.json").read_text())
        with np.load(run / "outputs.npz") as stored:
            outputs = dict(stored)
        if outputs["valid"].shape != labels.shape:
            raise TrainingError(f"{run}/outputs.npz: 'valid' has the shape {outputs['valid'].shape} where the clips have {labels.shape}")
        self.fine, self.real, self.attention = Judged(outputs["valid"], labels), outputs["realset"], outputs.get("attention")
        by_rule = np.stack([outputs["valid"][:, [INDEX[name] for name in members]].max(axis=1) for members in FAMILIES.values()], axis=1)
        self.tells_families = "families" in outputs
        self.coarse = Judged(outputs.get("families", by_rule), family_labels(labels))


def write(runs: list[Path], labels: np.ndarray, realset: Path, notes: str = "") -> str:
    """The whole page from the folders of all runs; `labels` are those of the validation clips."""
    systems = {run.name: Measured(run, labels) for run in runs}
    truth = read_clips(realset / "labels.csv")
    real = np.stack([truth[name] for name in sorted(truth)])
    for name, s in systems.items():
        if s.real.shape != real.shape:
            raise TrainingError(f"{name}/outputs.npz: 'realset' has the shape {s.real.shape} where the recordings have {real.shape}")
    parts = [HEAD.format(clips=len(labels)), notes.strip(), "", "## Validation clips", "", validation(systems), "", "## Real recordings", "",
             REAL_HEAD.format(recordings=len(real)), "", recordings(systems, real), "", "## Families", "", FAMILIES_HEAD, "", families(systems), "",
             *attended(systems), "## Cost", "", cost(systems), "", "## Training", "", training(systems), "",
             "## Which findings repeat", "", FINDINGS_HEAD, "", findings(systems, real), "", "## Per instrument", "",
             "F1 of presence on validation clips, thresholds from the other half of them.", "", per_instrument(systems, False), "",
             "The mean of the F1 of presence and of absence, likewise.", "", per_instrument(systems, True), ""]
    return "\n".join(parts)


def validation(systems: dict[str, Measured]) -> str:
    """Mean figures of all systems."""
    rows, weights = [], None
    for s in systems.values():
        j = s.fine
        weights = draws(len(j.labels)) if weights is None else weights
        low, high = interval(resampled_f1(j.held_out, weights))
        rows.append([s.result["title"], s.result["paper"], j.f1(j.at_half), j.two_class(j.at_half), j.f1(j.held_out), f"{low:.3f} to {high:.3f}",
                     j.two_class(j.held_out), j.average_precision()])
    some = next(iter(systems.values())).fine
    present = (some.labels == PRESENT).sum(axis=0) / np.maximum(1, (some.labels != UNKNOWN).sum(axis=0))
    always = float(np.mean(2 * present / (1 + present)))
    rows.append(["always present", "", always, always / 2, always, "-", always / 2, float(present.mean())])
    return table(["system", "paper", "F1 at 0.5", "two-class F1 at 0.5", "F1", "95 %", "two-class F1", "mAP"], rows)


def recordings(systems: dict[str, Measured], truth: np.ndarray) -> str:
    """Figures on real recordings, with thresholds from validation clips."""
    labels = np.where(np.isnan(truth), UNKNOWN, np.where(truth == 1, PRESENT, ABSENT)).astype(np.uint8)
    columns = [c for c in range(truth.shape[1]) if np.nansum(truth[:, c]) >= LEAST]
    rows = []
    for s in systems.values():
        judged = Judged(s.real[:, columns], labels[:, columns])
        called = counts(s.real[:, None, columns], labels[:, None, columns], s.fine.thresholds[columns])
        rows.append([s.result["title"], judged.average_precision(LEAST), judged.f1(called), judged.two_class(called), judged.f1(judged.at_half)])
    return table(["system", "mAP", "F1, thresholds from validation", "two-class F1, likewise", "F1 at 0.5"], rows)


def families(systems: dict[str, Measured]) -> str:
    """The coarse level of all systems."""
    rows = [[s.result["title"], "its own" if s.tells_families else "the most probable member", s.coarse.f1(s.coarse.held_out),
             s.coarse.average_precision(), s.fine.f1(s.fine.held_out), s.fine.average_precision()] for s in systems.values()]
    return table(["system", "families from", "family F1", "family mAP", "instrument F1", "instrument mAP"], rows)


def attended(systems: dict[str, Measured]) -> list[str]:
    """Where the learnt connection of families to instruments lies."""
    found = next((s for s in systems.values() if s.attention is not None), None)
    if found is None:
        return []
    rows = []
    for family, (name, members) in zip(found.attention, FAMILIES.items()):
        best = [f"{CLASSES[k]} {family[k]:.2f}" for k in np.argsort(-family)[:4]]
        rows.append([name, float(family[[INDEX[m] for m in members]].sum()), len(members) / len(CLASSES), ", ".join(best)])
    return ["Where the learnt attention of each family lay, mean over the validation clips:", "",
            table(["family", "share on its own members", "share if it were even", "most"], rows), ""]


def cost(systems: dict[str, Measured]) -> str:
    """Size, arithmetic and time."""
    rows = [[s.result["title"], s.result["parameters"], s.result.get("trained"), f"{s.result['multiply_adds'] / 1e6:.0f} M",
             f"{1000 * s.result['seconds_per_clip']:.2f} ms" if s.result["seconds_per_clip"] else None] for s in systems.values()]
    return table(["system", "numbers in the file", "of them trained here", "multiply-adds a clip", "CPU time a clip"], rows)


def training(systems: dict[str, Measured]) -> str:
    """How long each was trained."""
    rows = []
    for s in systems.values():
        r = s.result
        ended = None if "stopped" not in r else "early" if r["stopped"] else "at the limit"
        rows.append([r["title"], r["loss"], r.get("epochs"), r.get("epochs_run"), ended,
                     f"{r['cpu_seconds'] / 60:.1f} min" if r.get("cpu_seconds") else None, r["seed"]])
    return table(["system", "loss", "best epoch", "epochs", "stopped", "CPU time", "seed"], rows)


def findings(systems: dict[str, Measured], real: np.ndarray) -> str:
    """Differences between pairs of systems with their paired intervals."""
    rows, known = [], {}

    def resampled(name: str, level: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if (name, level) not in known:
            s = systems[name]
            judged = s.fine if level == "instruments" else s.coarse
            weights = draws(len(judged.labels))
            known[name, level] = (resampled_f1(judged.held_out, weights), resampled_map(judged.truth, judged.probabilities, weights[:FEW], 1),
                                  resampled_map(real, s.real, draws(len(real))[:FEW], LEAST))
        return known[name, level]

    for claim, better, worse, level in FINDINGS:
        if better not in systems or worse not in systems:
            continue
        row = [claim if level == "instruments" else f"{claim}: {level}"]
        judged = [systems[n].fine if level == "instruments" else systems[n].coarse for n in (better, worse)]
        here = [judged[0].f1(judged[0].held_out) - judged[1].f1(judged[1].held_out), judged[0].average_precision() - judged[1].average_precision()]
        for value, a, b in zip(here, resampled(better, level), resampled(worse, level)):
            low, high = interval(a - b)
            row += [f"{value:+.3f}", f"{low:+.3f} to {high:+.3f}", "yes" if low > 0 else "the contrary" if high < 0 else "not decided"]
        if level == "instruments":
            low, high = interval(resampled(better, level)[2] - resampled(worse, level)[2])
            value = (mean_average_precision(real, systems[better].real, LEAST) - mean_average_precision(real, systems[worse].real, LEAST))
            row += [f"{value:+.3f}", f"{low:+.3f} to {high:+.3f}"]
        else:
            row += [None, None]
        rows.append(row)
    return table(["finding", "F1", "95 %", "repeats", "mAP", "95 %", "repeats", "realset mAP", "95 %"], rows)


def per_instrument(systems: dict[str, Measured], two_class: bool) -> str:
    """One row an instrument, one column a system."""
    columns = {}
    for name, s in systems.items():
        presence, absence = f1(both(s.fine.held_out, s.fine.labels).sum(axis=1))
        columns[name] = (presence + absence) / 2 if two_class else presence
    rows = [[c, *(float(values[k]) for values in columns.values())] for k, c in enumerate(CLASSES)]
    rows.append(["mean", *(float(np.nanmean(values)) for values in columns.values())])
    return table(["instrument", *columns], rows)
