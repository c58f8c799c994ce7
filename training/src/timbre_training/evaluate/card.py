"""The model card: what the model is, what it was made from, what it scores and where it fails."""

import datetime
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from ..data.taxonomy import CLASSES


def provenance(configuration: dict, state: dict, calibration: dict) -> dict:
    """What travels inside the model file."""
    figures = {}
    for part, name in (("held out", "held_out"), ("realset", "realset")):
        if row := calibration.get(f"{part}, cross-validated"):
            figures |= {f"{name}_map": round(row["ranking"]["map"], 4), f"{name}_top1": round(row["ranking"]["top1"], 4),
                        f"{name}_frame_f1": round(row["events"]["frame_f1"], 4)}
    return {"date": datetime.date.today().isoformat(), "configuration": configuration["name"], "steps": state["step"],
            "batch": configuration["batch"], "optimizer": configuration["optimizer"], "seed": configuration["seed"], "history": configuration.get("history", ""),
            "training_shards": len(state["shards"]), "scores": figures,
            "data": "sampled instruments and real recordings mixed by timbre_training; see the model card for sources and licences"}


def table(header: list[str], rows: list[list]) -> str:
    """A Markdown table; floats with three places, NaN as a dash."""
    def cell(value) -> str:
        if isinstance(value, float):
            return "-" if value != value else f"{value:.3f}"
        return "-" if value is None else str(value)
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(cell(v) for v in row) + " |" for row in rows])


#: YAMNet on the realset: score of a clip the mean over its patches, thresholds chosen on these very clips.
YAMNET = {"map": 0.693, "auc": 0.919, "top1": 0.670, "frame_f1": 0.565, "false_frames": 0.057, "noise": "2 of 16"}


def figures(row: dict) -> dict[str, object]:
    """One column of the table of figures."""
    rank, events = row["ranking"], row["events"]
    of = lambda key: f"{events[key][0]} of {events[key][1]}"
    single = events["single"]
    return {"mAP by clip": rank["map"], "macro AUC by clip": rank["auc"], "top-1 on single sources": rank["top1"],
            "clip F1 by the events": events["clip_f1"], "frame F1 by the events": events["frame_f1"],
            "micro F1 by the events": events["frame_micro_f1"], "false frames": events["false_frames"],
            "single sources: only the right one / right and wrong / only wrong / nothing":
                " / ".join(f"{100 * single[k]:.0f}" for k in ("only right", "right and wrong", "only wrong", "nothing")) + " %",
            "entries never reported": f"{100 * events['never_reported']:.0f} %", "median delay of the rest": f"{events['median_delay_ms']:.0f} ms",
            "events for one of the truth": f"{events['events_per_true_event']:.2f}",
            "noise clips that name something": of("noise"), "instruments that are none of the classes and name one": of("other"),
            "speech clips that name more than a voice": of("speech")}


def write(network, state: dict, calibration: dict, settings: dict, notes: str) -> str:
    """The card as Markdown; `notes` is the hand-written part (data, licences, weaknesses)."""
    configuration = state["configuration"]
    parameters = sum(p.numel() for p in network.parameters())
    parts = [f"# {configuration['name']}", notes.strip(), "## Network", "",
             f"{parameters} parameters; sees {network.receptive_field()} hops ({network.receptive_field() * 512 / 44100:.2f} s) back, "
             "nothing ahead. Input: " + json.dumps(configuration["front_end"]) + ".",
             f"Trained {state['step']} steps of {configuration['batch']} crops of "
             f"{configuration['outputs'] * network.stride * 512 / 44100:.1f} s from {len(state['shards'])} shards of 60 clips of 12 s; "
             f"seed {configuration['seed']}. {configuration.get('history', '')}".rstrip(), "", "## Scores", ""]
    columns = {title: figures(calibration[key]) for title, key in (
        ("held-out recordings", "held out, cross-validated"), ("realset", "realset, cross-validated")) if key in calibration}
    yamnet = {"mAP by clip": YAMNET["map"], "macro AUC by clip": YAMNET["auc"], "top-1 on single sources": YAMNET["top1"],
              "frame F1 by the events": YAMNET["frame_f1"], "false frames": YAMNET["false_frames"], "noise clips that name something": YAMNET["noise"]}
    names = list(next(iter(columns.values())))
    parts += [table(["figure", *columns, "YAMNet on the realset"], [[n, *(c[n] for c in columns.values()), yamnet.get(n)] for n in names]), "",
              "Events are those of the settings in the file's form, chosen on one half of the sources and counted on the other.", "", "## Per instrument", ""]
    rank = {title: calibration[key]["ranking"]["classes"] for title, key in (("held", "held out, cross-validated"), ("real", "realset, cross-validated")) if key in calibration}
    frames = {key: calibration[f"{key}, cross-validated"]["events"]["frame_classes"] for key in ("held out", "realset") if f"{key}, cross-validated" in calibration}
    rows = []
    for name in CLASSES:
        choice, held, real = settings["choices"].get(name, {}), rank.get("held", {}).get(name, {}), rank.get("real", {}).get(name, {})
        rows.append([name, choice.get("on"), choice.get("off"), choice.get("minimum_on"), choice.get("minimum_off"), held.get("positives"), held.get("ap"),
                     frames.get("held out", {}).get(name), real.get("positives"), real.get("ap"), real.get("auc"), frames.get("realset", {}).get(name)])
    parts += [table(["class", "on", "off", "on after ms", "off after ms", "held-out clips", "AP", "frame F1", "realset clips", "AP", "AUC", "frame F1"], rows)]
    for title, key in (("held-out recordings", "held out, cross-validated"), ("realset", "realset, cross-validated")):
        if key in calibration:
            confusion = calibration[key]["ranking"]["confusion"]
            parts += ["", f"## Taken for what ({title}, single sources)", "",
                      table(["truth", "highest score"], [[name, ", ".join(f"{n} {c}" for n, c in row.items())] for name, row in confusion.items()])]
    lit = calibration.get("realset, cross-validated", {}).get("events", {}).get("lit", {})
    parts += ["", "Noise and speech clips of the realset with events that are wrong: " + (", ".join(f"{n} ({' '.join(c)})" for n, c in lit.items()) or "none") + "."]
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
