"""The one table of all published systems and what of the paper's findings repeats, written as docs/frame-systems.md."""

import csv
import json
from pathlib import Path
from textwrap import wrap

import numpy as np
from sklearn.metrics import average_precision_score

from ..evaluate.card import table
from ..errors import TrainingError
from ..data.labels import HOP, PRESENT, UNKNOWN
from ..data.corpus import RATE
from ..data.taxonomy import CLASSES
from ..model.network import Network
from .architecture import describe, with_estimator
from .offline import look_ahead
from .recipe import in_words
from .statistics import counts, draws, f1, held_out_counts, interval, paired, resampled_f1, resampled_map, thresholds, verdict
from .systems import repeats

#: The paper's findings: the better system, the worse one, and whether both have to be judged where the pitch is known.
FINDINGS = [("residual over plain", "residual", "plain", False),
            ("residual over plain, offline", "residual-offline", "plain-offline", False),
            *[(f"HSF-{n} (estimated pitch) over none", f"hsf-{n}-estimated", "residual", False) for n in range(1, 6)],
            *[(f"true over estimated pitch, HSF-{n}", f"hsf-{n}-true", f"hsf-{n}-estimated", True) for n in range(1, 6)],
            ("true over estimated pitch, HSF-5, offline", "hsf-5-true-offline", "hsf-5-estimated-offline", True),
            ("HSF-5 (true pitch) over none", "hsf-5-true", "residual", True),
            ("HSF-5 (true pitch) over none, offline", "hsf-5-true-offline", "residual-offline", True),
            ("HSF-5 over pitch as input (F)", "hsf-5-estimated", "pitch-frequency", False),
            ("HSF-5 over pitch as input (C)", "hsf-5-estimated", "pitch-channel", False)]


class Measured:
    """The files that `measure` left in a run's folder."""

    def __init__(self, run: Path):
        if not (run / "result.json").exists():
            raise TrainingError(f"{run / 'result.json'}: not found; measure this system first")
        self.run, self.result = run, json.loads((run / "result.json").read_text())
        self.name = self.result["name"]
        with np.load(run / "outputs.npz") as stored:
            self.probabilities, labels = stored["probabilities"].astype(np.float32), stored["labels"]
            self.pitch_known = stored["pitch_known"]
        self.labels = labels
        self.labels_where_known = np.where(self.pitch_known[..., None], labels, UNKNOWN)
        self.per_clip = {False: held_out_counts(self.probabilities, self.labels),
                         True: held_out_counts(self.probabilities, self.labels_where_known)}

    @property
    def seed(self) -> int:
        """The start of the run."""
        return self.result["recipe"]["seed"]

    @property
    def knows_truth(self) -> bool:
        """True for systems that are given the true pitch, which gives away where it is unknown."""
        return self.result["system"]["pitch"] == "true"

    def macro(self, where_known: bool) -> float:
        """Mean F1 at thresholds from the other half of the clips."""
        return float(np.nanmean(f1(self.per_clip[where_known].sum(axis=0))))

    def oracle(self, where_known: bool) -> float:
        """Mean F1 at the thresholds that are best on the very clips they are judged on, the paper's definition."""
        labels = self.labels_where_known if where_known else self.labels
        return float(np.nanmean(f1(counts(self.probabilities, labels, thresholds(self.probabilities, labels)).sum(axis=0))))

    def average_precision(self, where_known: bool) -> float:
        """Mean average precision over frames."""
        labels = self.labels_where_known if where_known else self.labels
        values = []
        for column in range(len(CLASSES)):
            known = labels[..., column] != UNKNOWN
            truth = labels[..., column][known] == PRESENT
            if truth.any():
                values.append(average_precision_score(truth, self.probabilities[..., column][known]))
        return float(np.mean(values))


def write(runs: Path, names: list[str], realset: Path | None, notes: str = "") -> str:
    """The whole page."""
    systems = {name: Measured(runs / name) for name in names}
    again = {name: [Measured(runs / run) for run in repeats(runs, name)] for name in names}
    first = next(iter(systems.values()))
    for other in (*systems.values(), *(run for several in again.values() for run in several)):
        if other.result["recipe"] | {"seed": first.seed} != first.result["recipe"]:
            raise TrainingError(f"{other.run}: trained by another recipe than {first.run}; they cannot stand in one table")
    weights = draws(len(first.labels))
    resampled = {(name, where): resampled_f1(s.per_clip[where], weights) for name, s in systems.items() for where in (False, True)}
    seeds = sorted({run.seed for name in names for run in (systems[name], *again[name])})
    title = f"from {len(seeds)} starts each" if all(len(several) + 1 == len(seeds) > 1 for several in again.values()) else "side by side"
    parts = [HEAD.format(title=title, recipe="\n".join(wrap(in_words(first.result["recipe"], seeds), 150)), clips=len(first.labels)), "", notes.strip(), "",
             "## Validation music", "", validation(systems, resampled), "", "## Real recordings", ""]
    if realset:
        parts += [real(systems, realset), ""]
    parts += ["## Cost", "", cost(systems), "", estimator(runs / "pitch"), "", "## Which findings repeat", "", FINDINGS_HEAD, "",
              findings(systems, again, resampled, realset), "", "## Starts", "", by_start(systems, again), "", "## Per instrument", "", "F1 on validation music at held-out thresholds; "
              "systems with true pitch where the pitch is known.", "", per_instrument(systems), ""]
    return "\n".join(parts)


def validation(systems: dict[str, Measured], resampled: dict) -> str:
    """Mean F1 of all systems, on all frames and where the pitch is known."""
    rows = []
    for name, s in systems.items():
        everywhere = [None, None, None, None] if s.knows_truth else [
            s.macro(False), "{:.3f} to {:.3f}".format(*interval(resampled[name, False])), s.oracle(False), s.average_precision(False)]
        rows.append([s.result["title"], s.result["published_f1"], *everywhere, s.macro(True),
                     "{:.3f} to {:.3f}".format(*interval(resampled[name, True])), s.oracle(True), s.average_precision(True)])
    some = next(iter(systems.values()))
    rows.append(["always on, every instrument", None, *always_on(some.labels), *always_on(some.labels_where_known)])
    return table(["system", "paper's F1 (MusicNet, oracle)", "F1", "95 %", "F1, oracle", "AP", "F1, pitch known", "95 %",
                  "oracle, pitch known", "AP, pitch known"], rows)


def always_on(labels: np.ndarray) -> list[float | None]:
    """What answering yes in every frame scores: F1, no interval, the same F1, and the share of frames as precision."""
    known, there = (labels != UNKNOWN).sum(axis=(0, 1)), (labels == PRESENT).sum(axis=(0, 1))
    share = (there / np.maximum(1, known))[there > 0]
    score = float(np.mean(2 * share / (1 + share)))
    return [score, None, score, float(share.mean())]


def real(systems: dict[str, Measured], realset: Path) -> str:
    """realset's figures."""
    keys = ["frame_f1", "frame_f1_oracle", "frame_auc", "false_frames", "clip_f1", "clip_f1_oracle", "map", "auc", "top1"]
    rows = [[s.result["title"], *(s.result["realset"][k] for k in keys)] for s in systems.values() if "realset" in s.result]
    present = sorted({c for s in systems.values() for c in s.result.get("realset", {}).get("frame_classes", {})})
    detail = [[s.result["title"], *(s.result["realset"]["frame_classes"].get(c) for c in present)]
              for s in systems.values() if "realset" in s.result]
    return "\n".join([table(["system", "frame F1", "frame F1, oracle", "frame AUC", "false frames", "clip F1", "clip F1, oracle", "mAP", "AUC",
                             "top-1"], rows), "", "Frame F1 per instrument, thresholds from validation:", "",
                      table(["system", *present], detail)])


def cost(systems: dict[str, Measured]) -> str:
    """Latency and arithmetic."""
    rows = []
    for s in systems.values():
        r, rate = s.result, RATE / HOP
        ahead = needed_ahead(r["system"])
        rows.append([r["title"], r["parameters"], f"{ahead * 1000 / rate:.0f} ms", f"{r['delay_ms']:.0f} ms" if "delay_ms" in r else None,
                     f"{r['multiply_adds'] * rate / 1e6:.0f} M",
                     f"{100 * r['cpu']:.2f} %" if r.get("cpu") else None])
    return table(["system", "parameters", "looks ahead", "median delay to the threshold", "multiply-adds a second", "CPU, one core"], rows)


def needed_ahead(system: dict) -> int:
    """Frames behind the end of its block that a system waits for."""
    if system["padding"] == "causal":
        return 0
    description = describe(system, len(CLASSES))
    return look_ahead(Network(with_estimator(description, system["harmonics"]) if system["pitch"] == "estimated" else description))


def estimator(run: Path) -> str:
    """A sentence on the pitch estimator."""
    r = json.loads((run / "result.json").read_text())
    return (f"The pitch estimator has {r['parameters']} parameters and takes {r['multiply_adds'] * RATE / HOP / 1e6:.0f} M multiply-adds a second; "
            f"on validation music its frame F1 over all keys together is {r['oracle_f1']:.3f} (oracle threshold {r['threshold']:.2f}) and its average "
            f"precision {r['pooled_ap']:.3f}, mean over the keys {r['ap']:.3f}. {multipitch(r['multipitch'])}")


def multipitch(found: dict) -> str:
    """mir_eval's figures in words."""
    triple = lambda prefix: ", ".join(f"{name.lower()} {found[prefix + name]:.3f}" for name in ("Precision", "Recall", "Accuracy"))
    return (f"By mir_eval's multipitch measures (mean over the {found['clips']} clips in which a pitch is known to sound, thresholds from other clips): "
            f"{triple('')}; of the chroma {triple('Chroma ')}.")


def findings(systems: dict[str, Measured], again: dict[str, list[Measured]], resampled: dict, realset: Path | None) -> str:
    """Differences between pairs of systems with their paired intervals, over the clips and over the starts."""
    clips = real_clips(systems, realset) if realset else {}
    starts = {name: {run.seed: run for run in (systems[name], *again[name])} for name in systems}
    rows = []
    for claim, better, worse, where in FINDINGS:
        if better not in systems or worse not in systems:
            continue
        difference = resampled[better, where] - resampled[worse, where]
        low, high = interval(difference)
        paper = systems[better].result["published_f1"] - systems[worse].result["published_f1"]
        over = paired(*({seed: run.macro(where) for seed, run in starts[name].items()} for name in (better, worse)))
        count = len(starts[better].keys() & starts[worse].keys())
        row = [claim, f"{paper:+.3f}", f"{systems[better].macro(where) - systems[worse].macro(where):+.3f}", f"{low:+.3f} to {high:+.3f}",
               count, *differing(over), f"{verdict(*over[1:])}, {count} starts" if over else f"{verdict(low, high)}, one run"]
        if better in clips and worse in clips:
            low, high = interval(clips[better] - clips[worse])
            over = paired(*({seed: run.result["realset"]["map"] for seed, run in starts[name].items()} for name in (better, worse)))
            row += [f"{systems[better].result['realset']['map'] - systems[worse].result['realset']['map']:+.3f}", f"{low:+.3f} to {high:+.3f}", *differing(over)]
        else:
            row += [None] * 4
        rows.append(row)
    return table(["finding", "paper", "F1 here", "95 %, clips", "starts", "mean", "95 %, starts", "repeats", "realset mAP", "95 %, clips", "mean", "95 %, starts"],
                 rows)


def differing(over: tuple[float, float, float] | None) -> list[str | None]:
    """A mean difference and its interval in words."""
    return [f"{over[0]:+.3f}", f"{over[1]:+.3f} to {over[2]:+.3f}"] if over else [None, None]


def by_start(systems: dict[str, Measured], again: dict[str, list[Measured]]) -> str:
    """The same systems trained with other seeds, and the mean over the starts."""
    rows = []
    for name, runs in again.items():
        all_runs = [systems[name], *runs] if runs else []
        values = [[None if s.knows_truth else s.macro(False), s.macro(True), s.average_precision(True), s.result.get("realset", {}).get("map")]
                  for s in all_runs]
        rows += [[s.result["title"], s.seed, *value] for s, value in zip(all_runs, values)]
        if runs:
            rows.append([systems[name].result["title"], "mean", *(None if None in column else float(np.mean(column)) for column in zip(*values))])
    if not rows:
        return "Every system was trained once. How far apart two runs of one system lie is not known."
    return table(["system", "seed", "F1", "F1, pitch known", "AP, pitch known", "realset mAP"], rows)


def real_clips(systems: dict[str, Measured], realset: Path) -> dict[str, np.ndarray]:
    """Resampled mAP on the realset of every system that heard it, all with the same draws."""
    truth = read_clips(realset / "labels.csv")
    names = sorted(truth)
    weights = draws(len(names))[:200]
    result = {}
    for name, s in systems.items():
        if "realset" in s.result:
            score = read_clips(s.run / "realset" / "pred.csv")
            result[name] = resampled_map(np.stack([truth[n] for n in names]), np.stack([score[n] for n in names]), weights)
    return result


def read_clips(path: Path) -> dict[str, np.ndarray]:
    """clip -> one number a class, empty ones not a number."""
    with open(path, newline="") as file:
        return {row["clip"]: np.array([float(row[c]) if row[c] else np.nan for c in CLASSES]) for row in csv.DictReader(file)}


def per_instrument(systems: dict[str, Measured]) -> str:
    """One row an instrument, one column a system."""
    columns = {name: f1(s.per_clip[s.knows_truth].sum(axis=0)) for name, s in systems.items()}
    rows = [[c, *(float(values[k]) for values in columns.values())] for k, c in enumerate(CLASSES)]
    return table(["instrument", *columns], rows)


HEAD = """# The frame-level systems of Hung & Yang 2018, {title}

Written by `python -m timbre_training table`; not edited by hand.

{recipe}

F1 is that of frames of 104 ms (an instrument is present in a frame if it sounds anywhere within it), the plain mean over 24 instruments, on {clips}
rendered clips of 12 s whose sources no training clip contains. Thresholds are found by the 99-candidate search on one half of the clips and
judged on the other; "oracle" chooses them on the clips that are judged, as the authors' code does. Intervals are the middle 95 % of a
bootstrap over clips; the spread between training runs is not in them, see [starts](#starts). Systems given the true pitch can tell where it is
unknown (speech, chords, crowds), which gives instruments away, so they are judged only where it is known; the columns "pitch known" put all systems
there. No true pitch is known of the real recordings."""

FINDINGS_HEAD = """Differences in mean F1 on validation music. The interval over clips is of the first start's runs, by a paired bootstrap: what other clips would
have changed. The interval over starts is of the differences between runs of the same seed, by Student's t: what other starts of the training would
have changed. A finding repeats when all of the interval lies above zero, is contradicted when all of it lies below, and else undecided: by the interval over
starts where there are several, else by that over clips. What concerns true pitch is judged where the pitch is known."""
