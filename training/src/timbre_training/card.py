"""The model card: what the model is, what it was made from, what it scores and where it fails."""

import datetime
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from .taxonomy import CLASSES


def provenance(configuration: dict, state: dict, result: dict) -> dict:
    """What travels inside the model file."""
    figures = {"validation_frame_map": round(result["validation"]["map"], 4), "validation_frame_f1": round(result["validation"]["f1"], 4)}
    if "realset" in result:
        r = result["realset"]
        figures |= {"realset_map": round(r["map"], 4), "realset_auc": round(r["auc"], 4), "realset_top1": round(r["top1"], 4),
                    "realset_frame_f1": round(r["frame"]["F1dev"], 4)}
    return {"date": datetime.date.today().isoformat(), "configuration": configuration["name"], "steps": state["step"],
            "batch": configuration["batch"], "optimizer": configuration["optimizer"], "seed": configuration["seed"], "history": configuration.get("history", ""),
            "training_clips_of_12_s": 60 * len(state["shards"]), "scores": figures,
            "data": "sampled instruments mixed by timbre_training; see the model card for sources and licences"}


def table(header: list[str], rows: list[list]) -> str:
    """A Markdown table; floats with three places, NaN as a dash."""
    def cell(value) -> str:
        if isinstance(value, float):
            return "-" if value != value else f"{value:.3f}"
        return "-" if value is None else str(value)
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(cell(v) for v in row) + " |" for row in rows])


def write(network, state: dict, result: dict, notes: str) -> str:
    """The card as Markdown; `notes` is the hand-written part (data, licences, weaknesses)."""
    configuration, v = state["configuration"], result["validation"]
    r = result.get("realset", {})
    settings = result["settings"]
    parameters = sum(p.numel() for p in network.parameters())
    parts = [f"# {configuration['name']}", notes.strip(), "## Network", "",
             f"{parameters} parameters; sees {network.receptive_field()} hops ({network.receptive_field() * 512 / 44100:.2f} s) back, "
             "nothing ahead. Input: " + json.dumps(configuration["front_end"]) + ".",
             f"Trained {state['step']} steps of {configuration['batch']} crops of "
             f"{configuration['outputs'] * network.stride * 512 / 44100:.1f} s from {len(state['shards']) * 60} rendered clips of 12 s; "
             f"seed {configuration['seed']}. {configuration.get('history', '')}".rstrip(), "", "## Scores", ""]
    rows = [["validation frame mAP", v["map"], ""], ["validation frame F1 (best thresholds)", v["f1"], ""],
            ["validation event-state F1", v["event_f1"], ""],
            ["empty validation clips with an event (the thresholds were chosen on them)", f"{v['empty_clips_with_event'][0]} of {v['empty_clips_with_event'][1]}", ""],
            ["spoken validation clips with an event other than voice", f"{v['talk_clips_with_other'][0]} of {v['talk_clips_with_other'][1]}", ""],
            ["events an hour on the empty ones (noise, hum, silence)", f"{v['empty_events_per_hour']:.0f}", ""],
            ["events an hour other than voice on the spoken ones", f"{v['talk_events_per_hour']:.0f}", ""],
            ["median delay from entry to `on`, rendered validation", f"{v['median_delay_ms']:.0f} ms", ""]]
    if r:
        rows += [["realset mAP (clip)", r["map"], "0.693"], ["realset macro AUC", r["auc"], "0.919"],
                 ["realset top-1, single source", r["top1"], "0.670"], ["realset clip F1 at validation thresholds", r["f1_dev"], "-"],
                 ["realset frame F1 at validation thresholds", r["frame"]["F1dev"], "0.565"],
                 ["realset frame AUC", r["frame"]["AUC"], "0.839"],
                 ["realset false frames", r["frame"]["false framesdev"], "0.057"],
                 ["realset noise clips with any event", f"{len(r['noise_with_event'])} of {r['noise_clips']}", "2 of 16"],
                 ["realset speech clips with an event other than voice", f"{len(r['speech_with_other'])} of {r['speech_clips']}", "-"],
                 ["events an hour on the realset's noise clips", f"{r['noise_events_per_hour']:.0f}", "-"],
                 ["events an hour other than voice on its speech clips", f"{r['speech_events_per_hour']:.0f}", "-"]]
    parts += [table(["figure", "this model", "YAMNet"], rows), "", "## Per instrument", ""]
    clip, frame = r.get("classes", {}), r.get("frame_classes", {})
    parts += [table(["class", "validation AP", "validation F1", "on threshold", "realset positives", "realset AP", "realset AUC", "realset frame F1"],
                    [[name, v["classes"][name]["ap"], v["classes"][name]["f1"], settings["on"][k],
                      clip.get(name, {}).get("pos", 0), clip.get(name, {}).get("AP"), clip.get(name, {}).get("AUC"),
                      frame.get(name, {}).get("F1dev")] for k, name in enumerate(CLASSES)])]
    if r:
        parts += ["", "## Taken for what (realset, single-source clips)", ""]
        parts += [table(["truth", "highest score"], [[name, ", ".join(f"{n} {c}" for n, c in row.items())] for name, row in r["confusion"].items()])]
        parts += ["", "Noise clips with events: " + (", ".join(f"{n} ({' '.join(c)})" for n, c in r["noise_with_event"].items()) or "none") + ".",
                  "", "Speech clips with events other than voice: "
                  + (", ".join(f"{n} ({' '.join(c)})" for n, c in r["speech_with_other"].items()) or "none") + "."]
    return "\n".join(parts) + "\n"


def plot(log: Path, out: Path) -> None:
    """Loss and validation mAP against steps."""
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    figure, left = plt.subplots(figsize=(6, 3.5))
    left.plot([r["step"] for r in rows], [r["loss"] for r in rows], "k-")
    left.set(xlabel="step", ylabel="training loss")
    right = left.twinx()
    right.plot([r["step"] for r in rows], [r["map"] for r in rows], "b-")
    right.set_ylabel("validation frame mAP")
    figure.tight_layout()
    figure.savefig(out)
