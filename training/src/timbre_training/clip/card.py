"""The model card of a clip model: what it is, what it scores, where it fails."""

import json
from pathlib import Path

from ..evaluate.card import table
from ..data.taxonomy import CLASSES
from .export import fold, load


def write(run: Path, notes: str) -> str:
    """The card as Markdown; `notes` is the hand-written part."""
    network, state = load(run)
    result, configuration = json.loads((run / "evaluation.json").read_text()), state["configuration"]
    log = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    spent = next(row["cpu_seconds"] for row in log if row["epoch"] == state["epoch"])
    parameters = sum(value.numel() for value in fold(network).values())
    parts = [f"# {configuration['name']}", "", notes.strip(), "", "## Network", "",
             f"`{network.architecture}` of width {network.width} (64 as published), {parameters} parameters, large weights in half precision; "
             f"a window of {network.patches} patches of 0.96 s.", "",
             f"Trained {state['epoch']} epochs ({state['step']} steps of {configuration['batch']} windows of "
             f"{configuration['train_patches'] * 0.96:.1f} s) on {state['clips']} rendered clips of 12 s with Adam at {configuration['rate']:g}, "
             f"{configuration['loss']} over known labels, in {spent / 60:.0f} minutes of one core; the epoch with the best validation F1 of {log[-1]['epoch']} is shipped.",
             "", "## Scores", ""]
    figures = result["figures"]
    rows = [["validation mAP (rendered clips, 24 classes)", figures["validation_ap"]],
            ["validation F1 of presence at 0.5", figures["validation_f1"]],
            ["validation F1 at 0.5, mean of presence and absence", figures["validation_f1_macro"]],
            ["validation F1 of presence at the best thresholds", figures["validation_f1_best"]]]
    if "realset_map" in figures:
        noise = result["noise"]
        rows += [["realset mAP (YAMNet: 0.693, chance 0.116)", figures["realset_map"]],
                 ["realset macro AUC (YAMNet: 0.919)", figures["realset_auc"]],
                 ["realset top-1, single source (YAMNet: 0.670)", figures["realset_top1"]],
                 ["realset noise clips with a reported tag", f"{len(noise['noise_with_tag'])} of {noise['noise_clips']}"]]
    parts += [table(["figure", "value"], rows), "", "## Per instrument (rendered validation clips)", ""]
    empty = {"positives": 0, "ap": None, "f1_best": None}
    parts += [table(["class", "positives", "AP", "best F1", "reported from"],
                    [[name, *(result["classes"].get(name, empty)[key] for key in ("positives", "ap", "f1_best")), result["thresholds"][k]]
                     for k, name in enumerate(CLASSES)])]
    return "\n".join(parts) + "\n"
