"""Computes the figures of `timbre evaluate` again with sed_eval and scikit-learn, and compares.

    evaluate_reference.py SET KEPT RESULTS.json

SET is a folder (labels.csv, audio/, frames/, or references beside the audio) or a manifest whose references are tables of
start,end,class; KEPT is the folder of --resume, RESULTS.json the file of --json, both from the same run with the default
collar and pauses. Ends with 1 when a figure differs by more than 1e-6.
"""

import csv
import json
import math
import sys
from pathlib import Path

import numpy as np
import sed_eval
from sklearn.metrics import average_precision_score, classification_report, roc_auc_score

BLOCK = 9 * 512 / 44100
GAP, COLLAR = 0.15, 0.2
SILENCE, EARLIEST, LATEST = 0.5, 0.05, 2.0


def labels_of(path):
    """clip -> {class: 1 or 0}, unknown classes left out."""
    with open(path) as file:
        rows = list(csv.DictReader(file))
    return {row["clip"]: {k: int(v) for k, v in row.items() if k not in ("clip", "source", "licence") and v} for row in rows}


def spans_of(path):
    """class -> [(start, end)]."""
    spans = {}
    with open(path) as file:
        for row in csv.DictReader(file):
            spans.setdefault(row["class"], []).append((float(row["start"]), float(row["end"])))
    return spans


def the_set(path):
    """recording -> (spans or None, labels or None), under the names that the results use."""
    found = {}
    if path.is_dir():
        labels = labels_of(path / "labels.csv") if (path / "labels.csv").exists() else {}
        audio = [p for place in (path, path / "audio") if place.is_dir() for p in place.iterdir()]
        for file in audio:
            if file.suffix not in (".opus", ".flac", ".wav", ".ogg", ".mp3"):
                continue
            places = [file.with_suffix(".csv"), path / "frames" / f"{file.stem}.csv"]
            times = [p for p in places if p.exists()]
            if times or file.stem in labels:
                found[file.stem] = (spans_of(times[0]) if times else None, labels.get(file.stem))
        return found
    with open(path) as file:
        for row in csv.DictReader(file):
            times = spans_of(path.parent / row["reference"]) if row.get("reference") else None
            labels = labels_of(path.parent / row["labels"]) if row.get("labels") else {}
            found[row["audio"]] = (times, labels.get(Path(row["audio"]).stem))
    return found


def union(spans, gap=0.0):
    """Without overlaps; pauses shorter than `gap` filled."""
    result = []
    for start, end in sorted(spans):
        if result and (start <= result[-1][1] or start - result[-1][1] < gap):
            result[-1][1] = max(result[-1][1], end)
        else:
            result.append([start, end])
    return result


def truth(spans, labels, classes):
    """Times of the classes whose times are known, and presence of those whose presence is."""
    times, presence = {}, dict(labels or {})
    if spans is not None:
        for name in classes:
            if name in spans:
                times[name], presence[name] = union(spans[name]), 1
            elif labels is None or labels.get(name) == 0:
                times[name], presence[name] = [], 0
    return times, presence


def events(spans, name):
    return [{"event_label": name, "onset": start, "offset": end} for start, end in spans]


def f1(metric, name):
    """What sed_eval leaves undefined because nothing was found is 0 here."""
    return {k: 0.0 if math.isnan(v) else v for k, v in metric.class_wise_f_measure(name).items()}


def delays(reference, heard):
    count, found, end = 0, [], -math.inf
    for start, stop in reference:
        if start - end >= SILENCE:
            count += 1
            near = [on for on, _ in heard if start - EARLIEST <= on <= start + LATEST]
            found += [near[0] - start] if near else []
        end = stop
    return count, found


def judge(name, recordings):
    """All figures of a class."""
    hop, rate = recordings[0]["kept"]["hop"], recordings[0]["kept"]["rate"]
    size = max(1, round(BLOCK / (hop / rate)))
    resolutions = {"hop": hop / rate, "block": hop * size / rate, "second": 1.0}
    segments = {k: sed_eval.sound_event.SegmentBasedMetrics([name], time_resolution=r) for k, r in resolutions.items()}
    onsets = sed_eval.sound_event.EventBasedMetrics([name], evaluate_offset=False, t_collar=COLLAR)
    both = sed_eval.sound_event.EventBasedMetrics([name], t_collar=COLLAR)
    entries, found, labels, scores, present, clip_scores, reported = 0, [], [], [], [], [], []
    timed = False
    for one in recordings:
        kept, activity = one["kept"], one["activity"][:, one["kept"]["classes"].index(name)]
        heard = kept["segments"][name]
        if name in one["presence"]:
            present.append(one["presence"][name])
            top = np.sort(activity.astype(float))[-max(1, len(activity) // 10):]
            clip_scores.append(top.mean())
            reported.append(len(heard) > 0)
        if name not in one["times"]:
            continue
        timed = True
        duration = len(activity) * hop / rate
        for metric in segments.values():
            metric.evaluate(events(one["times"][name], name), events(heard, name), evaluated_length_seconds=duration)
        joined = union(one["times"][name], GAP)
        for metric in (onsets, both):
            metric.evaluate(events(joined, name), events(kept["estimates"][name], name))
        count, late = delays(joined, heard)
        entries, found = entries + count, found + late
        blocks = [activity[k:k + size].max() for k in range(0, len(activity), size)]
        roll = np.zeros(len(blocks), bool)
        for start, end in one["times"][name]:
            roll[math.floor(start / resolutions["block"]):math.ceil(end / resolutions["block"])] = True
        labels += roll.tolist()
        scores += blocks
    result = {"entries": entries, "entries_heard": len(found)}
    if found:
        result["delay_median_s"], result["delay_95_s"] = np.percentile(found, [50, 95])
    if timed:
        metrics = {f"frames.{key}": metric for key, metric in segments.items()} | {"onsets": onsets, "events": both}
        for key, metric in metrics.items():
            for figure, value in f1(metric, name).items():
                result[f"{key}.{figure.replace('f_measure', 'f1')}"] = value
            for count in ("Ntp", "Nref", "Nsys"):
                result[f"{key}.{count}"] = metric.class_wise[name][count]
    if any(labels):
        result["frame_average_precision"] = average_precision_score(labels, scores)
        if not all(labels):
            result["frame_roc_auc"] = roc_auc_score(labels, scores)
        result["frame_best.f1"] = best(labels, scores)
    if present:
        clip(np.array(present, bool), np.array(clip_scores), np.array(reported), result)
    return result


def means(classes):
    """Macro means over the classes that are present, micro means over all."""
    result = {}
    names = {"frames.hop": "frame_hop", "frames.block": "frame_block", "frames.second": "frame_second", "onsets": "onset", "events": "event"}
    for key, name in names.items():
        rows = [row for row in classes if f"{key}.Nref" in row]
        for figure in ("precision", "recall", "f1"):
            result[f"{name}_{figure}"] = mean(row[f"{key}.{figure}"] for row in rows if row[f"{key}.Nref"])
        hits, reference, system = (sum(row[f"{key}.{count}"] for row in rows) for count in ("Ntp", "Nref", "Nsys"))
        if rows:
            result[f"{name}_micro_f1"] = 2 * hits / max(1, reference + system)
    for figure in ("frame_average_precision", "frame_roc_auc"):
        result[figure] = mean(row[figure] for row in classes if figure in row)
    told = [row for row in classes if "clips.roc_auc" in row]
    for figure, key in (("f1", "at_half.f1"), ("two_class_f1", "two_class_f1"), ("best_f1", "best.f1"),
                        ("reported_f1", "reported.f1"), ("average_precision", "average_precision"), ("roc_auc", "roc_auc")):
        result[f"clip_{figure}"] = mean(row[f"clips.{key}"] for row in told)
    return {key: value for key, value in result.items() if value is not None}


def mean(values):
    values = list(values)
    return float(np.mean(values)) if values else None


def clip(present, scores, reported, result):
    """The figures by recording."""
    report = classification_report(present, scores >= 0.5, output_dict=True, zero_division=0)
    for figure, key in (("precision", "precision"), ("recall", "recall"), ("f1-score", "f1")):
        result[f"clips.two_class_{key}"] = report["macro avg"][figure]
        result[f"clips.at_half.{key}"] = report.get("True", {}).get(figure, 0.0)
    said = classification_report(present, reported, output_dict=True, zero_division=0)
    result["clips.reported.f1"] = said.get("True", {}).get("f1-score", 0.0)
    if present.any():
        result["clips.average_precision"] = average_precision_score(present, scores)
        result["clips.best.f1"] = best(present, scores)
        if not present.all():
            result["clips.roc_auc"] = roc_auc_score(present, scores)


def best(labels, scores):
    """Best F1 among 0.01, 0.02, ... 0.99, positive above the threshold."""
    labels, scores = np.array(labels, bool), np.array(scores, float)
    curve = []
    for k in range(1, 100):
        called = scores > k / 100
        curve.append(2 * (called & labels).sum() / (called.sum() + labels.sum()))
    return max(curve)


def look_up(value, path):
    """A figure of the results; what sed_eval calls Ntp, Nref and Nsys stands there as hits, false alarms and misses."""
    *parts, last = path.split(".")
    for part in parts:
        value = value[part] if value is not None else None
    if value is None:
        return None
    counts = {"Ntp": ("hits",), "Nref": ("hits", "misses"), "Nsys": ("hits", "false_alarms")}
    return sum(value[part] for part in counts[last]) if last in counts else value[last]


def main(set_path, kept_path, results_path):
    results = json.loads(Path(results_path).read_text())
    truths = the_set(Path(set_path))
    recordings = []
    for saved in results["recordings"]:
        name = saved["name"]
        stem = Path(kept_path) / name.replace("/", "%")
        kept = json.loads(Path(f"{stem}.json").read_text())
        times, presence = truth(*truths[name], kept["classes"])
        recordings.append({"kept": kept, "activity": np.load(f"{stem}.npy"), "times": times, "presence": presence})
    compared, worst = 0, (0.0, "")
    classes = [(saved, judge(saved["name"], recordings)) for saved in results["classes"]]
    for saved, figures in classes + [({"name": "mean"} | results["means"], means([row for _, row in classes]))]:
        for path, value in figures.items():
            ours = look_up(saved, path)
            difference = math.inf if ours is None else abs(ours - value)
            compared += 1
            worst = max(worst, (difference, f"{saved['name']} {path}: {ours} here, {value} there"))
    print(f"{compared} figures of {len(recordings)} recordings compared; largest difference {worst[0]:.3g}")
    if worst[0] > 1e-6:
        print(worst[1])
    return 1 if worst[0] > 1e-6 or not compared else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
