#!/usr/bin/python3
"""Draws the plot of a soak and writes its figures into the documents: figures.py RESULTS [--docs].

Without --docs the plot goes into the folder of results and the figures to standard output. With it the plot becomes
docs/images/soak.svg, and what stands between the soak's two marks in docs/reliability.md is written anew.
"""

import argparse
import csv
import json
import pathlib
import statistics
import sys

from judge import judge

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BEGIN, END = "<!-- soak: begin -->", "<!-- soak: end -->"
NAMES = {
    "memory_mb": "resident memory, MB", "descriptors": "descriptors besides clients", "threads": "threads",
    "cpu_of_heard_percent": "CPU seconds for 100 s of sound heard", "delay_ms": "a line later than the soonest of its minute, ms (median)",
    "wall_offset_ms": "a line after its wall time, ms (median)", "answer_ms": "answer to status, ms",
    "lateness_ms": "the machine's own lateness for whoever sleeps, ms (median)",
}
TROUBLES = {
    "good_reload": "reload with another setting", "bad_reload": "reload with a broken file",
    "source_lost": "a source unplugged and plugged in", "server_crashed": "PulseAudio killed and started",
    "server_frozen": "PulseAudio stopped and continued", "disk_full": "the recorder's disk made full",
    "disk_pulled": "the recorder's disk unmounted under it", "disk_broken": "the recorder's file system shut down, checked, mounted",
    "record_by_hand": "recording stopped, started, left to the configuration", "mark": "a mark",
}


def number(text: str):
    return float(text) if text else None


def read(results: pathlib.Path):
    with open(results / "samples.csv", newline="") as file:
        samples = [{name: number(value) for name, value in line.items()} for line in csv.DictReader(file)]
    with open(results / "actions.jsonl") as file:
        actions = [json.loads(line) for line in file if line.endswith("\n")]
    return samples, actions, json.loads((results / "summary.json").read_text())


def draw(samples: list[dict], actions: list[dict], path: pathlib.Path):
    """A chart for each figure above each other, with each trouble as a line of its colour."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plot

    # The same input shall give the same file.
    matplotlib.rcParams["svg.hashsalt"] = "timbred"
    figure, charts = plot.subplots(len(NAMES), 1, figsize=(9, 13), sharex=True, layout="constrained")
    minutes = [sample["seconds"] / 60 for sample in samples]
    colours = {"disk": "#c44e52", "source": "#4c72b0", "server": "#8172b3"}
    for chart, (figure_name, title) in zip(charts, NAMES.items()):
        for action in actions:
            colour = colours.get(action["what"].split("_")[0])
            if colour:
                chart.axvspan(
                    action["at"] / 60, (action["at"] + action["took"]) / 60, color=colour, alpha=0.15, linewidth=0)
        values = [float("nan") if sample.get(figure_name) is None else sample[figure_name] for sample in samples]
        chart.plot(minutes, values, color="#222222", linewidth=1)
        chart.set_title(title, loc="left", fontsize=9)
        top = max((value for value in values if value == value), default=1)
        least = min((value for value in values if value == value), default=0)
        chart.set_ylim(min(0, least * 1.15), max(top * 1.15, 0))
        chart.grid(alpha=0.3)
        chart.spines[["top", "right"]].set_visible(False)
    charts[-1].set_xlabel("minutes; red: the disk is gone, full or broken; blue: a source is gone; violet: the server is")
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def text(samples: list[dict], actions: list[dict], summary: dict) -> str:
    """The figures in Markdown."""
    counts = summary["counts"]
    minutes = samples[-1]["seconds"] / 60 if samples else 0
    end = "" if summary["complete"] else " (cut short: the last complete minute)"
    loads = [sample["load"] for sample in samples if sample.get("load") is not None]
    load = f", with a load of {statistics.median(loads):.1f} ({min(loads):.1f} to {max(loads):.1f})" if loads else ""
    lines = [
        f"Build `{summary['version']}`, {minutes:.0f} minutes in one go{end}, {len(samples)} samples, beside other work on the same two "
        f"cores{load}.",
        "",
        "| figure | median | least | most | slope an hour | allowed |",
        "|---|---|---|---|---|---|",
    ]
    for verdict in judge(samples):
        grows = " **grows**" if verdict["grows"] else ""
        lines.append(
            f"| {NAMES[verdict['figure']]} | {verdict['median']:.4g} | {verdict['least']:.4g} | {verdict['most']:.4g} "
            f"| {verdict['slope_per_hour']:+.3g}{grows} | {verdict['allowed_per_hour']:.3g} |")
    lines += ["", "| what was done | times | back after, median | most |", "|---|---|---|---|"]
    for name, title in TROUBLES.items():
        recovery = summary["recoveries"].get(name)
        back = f"{recovery['median_s']:.1f} s | {recovery['most_s']:.1f} s" if recovery else "at once | "
        lines.append(f"| {title} | {counts.get('trouble ' + name, 0)} | {back} |")
    sessions = sum(action.get("mended", 0) for action in actions)
    lines += [
        "",
        f"Clients connected {counts.get('connections', 0)} times and stalled {counts.get('stalls', 0)} times; "
        f"{counts.get('stallers closed', 0)} stallers were told why and closed, {counts.get('skipped', 0)} lines were announced as "
        f"`lagged`. {counts.get('on', 0)} `on` and {counts.get('off', 0)} `off` were checked, {counts.get('discontinuity', 0)} "
        f"`discontinuity`. {counts.get('recording started', 0)} sessions began, {counts.get('recording failed', 0)} failed with their disk, "
        f"{sessions} were mended.",
    ]
    if summary["complete"] and "exit_seconds" in summary:
        lines.append(f"At the end SIGTERM took {summary['exit_seconds']} s.")
    violations = summary["violations"]
    lines += ["", f"Promises seen broken: {len(violations) or 'none'}."]
    lines += [f"- {violation}" for violation in violations[:20]]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("results", type=pathlib.Path)
    parser.add_argument("--docs", action="store_true", help="write docs/images/soak.svg and docs/reliability.md")
    arguments = parser.parse_args()
    samples, actions, summary = read(arguments.results)
    words = text(samples, actions, summary)
    if not arguments.docs:
        draw(samples, actions, arguments.results / "soak.svg")
        print(words)
        return 0
    draw(samples, actions, ROOT / "docs/images/soak.svg")
    page = ROOT / "docs/reliability.md"
    before, _, rest = page.read_text().partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        print(f"figures: {page} lacks the lines {BEGIN} and {END}", file=sys.stderr)
        return 65
    page.write_text(f"{before}{BEGIN}\n\n{words}\n\n![The figures minute by minute](images/soak.svg)\n\n{END}{after}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
