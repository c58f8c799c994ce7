"""What clip systems do from several starts, and where the attention of families lies, written as docs/clip-starts.md with a picture.

A finding of a paper is a difference between two systems. Here both are trained from the same seeds, which choose the weights they begin with,
the labels that are hidden and the order of the clips; the differences of the pairs give an interval by Student's t.
"""

from pathlib import Path

import matplotlib
import numpy as np

from ..evaluate.card import table
from ..errors import TrainingError
from ..data.taxonomy import CLASSES, FAMILIES, INDEX
from ..published.statistics import paired, verdict
from ..published.table import read_clips
from .table import LEAST, Measured, mean_average_precision
from .table_text import FINDINGS

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402 (after the choice of a backend that needs no screen)

HEAD = """# Clip systems from several starts

Written by `python -m timbre_training.clip starts`; not edited by hand. The page of [all clip systems](clip-systems.md) has one run of each, and says what they are,
on what stack they stand and how they are judged; here some were trained again, from {seeds} starts each.
"""


class Started:
    """The runs of one system, by seed."""

    def __init__(self, runs: dict[int, Measured], real: np.ndarray):
        self.runs, self.title = runs, next(iter(runs.values())).result["title"]
        self.values = {"F1": {}, "mAP": {}, "family F1": {}, "family mAP": {}, "realset mAP": {}}
        for seed, run in runs.items():
            self.values["F1"][seed] = run.fine.f1(run.fine.held_out)
            self.values["mAP"][seed] = run.fine.average_precision()
            self.values["family F1"][seed] = run.coarse.f1(run.coarse.held_out)
            self.values["family mAP"][seed] = run.coarse.average_precision()
            self.values["realset mAP"][seed] = mean_average_precision(real, run.real, LEAST)


def gather(runs: list[Path], labels: np.ndarray, real: np.ndarray) -> dict[str, Started]:
    """The systems by their names in the configurations; a run's folder is NAME or NAME-SEED."""
    found: dict[str, dict[int, Measured]] = {}
    for run in runs:
        measured = Measured(run, labels)
        seed = measured.result["seed"]
        name = run.name.removesuffix(f"-{seed}")
        if seed in found.setdefault(name, {}):
            raise TrainingError(f"{run}: another run of {name} has the seed {seed} too")
        found[name][seed] = measured
    return {name: Started(measured, real) for name, measured in found.items()}


def write(runs: list[Path], labels: np.ndarray, realset: Path, picture: Path, notes: str = "") -> str:
    """The page, and the picture at `picture` where a system has attention of families."""
    truth = read_clips(realset / "labels.csv")
    systems = gather(runs, labels, np.stack([truth[name] for name in sorted(truth)]))
    starts = sorted({seed for system in systems.values() for seed in system.runs})
    rows = [[s.title, len(s.runs), *(f"{np.mean(list(v.values())):.3f} ({min(v.values()):.3f} to {max(v.values()):.3f})" for v in s.values.values())]
            for s in systems.values()]
    columns = list(next(iter(systems.values())).values)
    claims = []
    for claim, better, worse, level in FINDINGS:
        if better not in systems or worse not in systems:
            continue
        for measure in ("F1", "mAP", "realset mAP") if level == "instruments" else ("family F1", "family mAP"):
            found = paired(systems[better].values[measure], systems[worse].values[measure])
            if found:
                claims.append([claim, measure, f"{found[0]:+.3f}", f"{found[1]:+.3f} to {found[2]:+.3f}", verdict(*found[1:])])
    parts = [HEAD.format(seeds=len(starts)), notes.strip(), "", "## Figures", "", "Mean over the starts, and the least and the most.", "",
             table(["system", "starts", *columns], rows), "", "## Findings", "",
             "The difference between runs of the same seed: mean and 95 % interval by Student's t.", "",
             table(["finding", "measure", "difference", "95 %", ""], claims), ""]
    attentions = [run.attention for system in systems.values() for run in system.runs.values() if run.attention is not None]
    if attentions:
        mean = np.mean(attentions, axis=0)
        draw(mean, picture)
        own = [[name, *(float(a[f][[INDEX[m] for m in members]].sum()) for a in [mean, *attentions]), len(members) / len(CLASSES)]
               for f, (name, members) in enumerate(FAMILIES.items())]
        parts += ["## Where families look", "", f"![Attention of eight families over 24 instruments, as a heat map](images/{picture.name})", "",
                  "The weight that each family gives to each instrument, mean over the validation clips and the starts; a frame marks the family's own members. "
                  "Their share of the weight:", "",
                  table(["family", "mean", *(f"start {n}" for n in range(1, len(attentions) + 1)), "if it were even"], own), ""]
    return "\n".join(parts)


def draw(attention: np.ndarray, out: Path) -> None:
    """A heat map [families, classes], the instruments in the order of their families."""
    order = [INDEX[member] for members in FAMILIES.values() for member in members]
    figure, axes = plt.subplots(figsize=(10, 4), layout="constrained")
    shown = axes.imshow(attention[:, order], cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(order)), [CLASSES[k].replace("_", " ") for k in order], rotation=60, ha="right", rotation_mode="anchor", fontsize=8)
    axes.set_yticks(range(len(FAMILIES)), list(FAMILIES), fontsize=9)
    left = 0
    for row, members in enumerate(FAMILIES.values()):
        axes.add_patch(plt.Rectangle((left - 0.5, row - 0.5), len(members), 1, fill=False, edgecolor="black", linewidth=1.2))
        for column in range(len(order)):
            value = attention[row, order[column]]
            if value >= 0.05:
                axes.text(column, row, f"{value:.2f}".lstrip("0"), ha="center", va="center", fontsize=6.5, color="white" if value > 0.5 else "black")
        left += len(members)
    axes.set(xlabel="instrument", ylabel="family")
    figure.colorbar(shown, ax=axes, label="attention", pad=0.01)
    figure.savefig(out, dpi=110)
    plt.close(figure)
