"""Measures one trained system: outputs on validation music and real recordings, delay, multiply-adds, time in the engine."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile
from torch import nn
from tqdm import tqdm

from ..evaluate import evaluate as judge
from ..model import export
from ..evaluate.card import plot
from ..data.corpus import RATE, decode
from ..errors import TrainingError
from ..model.features import FrontEnd
from ..data.labels import HOP, LOWEST_KEY, hop_power
from ..evaluate.metrics import frame_scores, predict, predict_shards
from ..model.network import Convolution, HarmonicSeries, Network, Pool, Residual, SpectralConvolution
from ..data.taxonomy import CLASSES
from ..atomic import atomically
from . import systems
from .multipitch import multipitch, pooled
from .planes import BLOCK
from .statistics import thresholds

#: Clips from which the delay is taken, at every hop, and seconds of audio for the time in the engine.
DELAY_CLIPS, ENGINE_SECONDS = 60, 60
#: What of the configuration the page tells.
RECIPE_KEYS = ("steps", "batch", "outputs", "optimizer", "average", "bfloat16", "shards", "seed")


def multiply_adds(network: Network, strided: bool = False) -> float:
    """Multiply-adds in convolutions for one hop, of a stream or of the form whose pools stride."""
    total, share = 0.0, 1.0
    for row, module in zip(network.description["layers"], network.layers):
        if isinstance(module, Pool) and strided:
            share /= module.size
        elif isinstance(module, HarmonicSeries):
            total += multiply_adds(module.pitch) * share
        elif isinstance(module, SpectralConvolution):
            total += module.conv.weight.numel() * ((row["bins"] - 1) // module.stride + 1) * share
        elif isinstance(module, (Convolution, Residual)):
            total += sum(m.weight.numel() for m in module.modules() if isinstance(m, nn.Conv1d)) * share
    return total


def measure_all(configurations: Path, work: Path, runs: Path, names: list[str] | None, realset: Path | None, command: str | None) -> list[str]:
    """Measures the estimator and every system whose result is out of date; returns the systems that are trained."""
    trained = [n for n in names or systems.order(configurations) if (runs / n / "checkpoint.pt").exists()]
    if not trained:
        raise TrainingError(f"{runs}: no published system is trained here; run `published` first")
    estimator = systems.digest(systems.load(runs / "pitch")[0])
    for name in ["pitch", *(run for n in trained for run in (n, *systems.repeats(runs, n)))]:
        if not up_to_date(runs / name, realset is not None, estimator):
            measure(work, runs, name, realset, command)
            plot(runs / name / "log.jsonl", runs / name / "curves.png")
    return trained


def up_to_date(run: Path, on_recordings: bool, estimator: str) -> bool:
    """Whether a run's result is of its checkpoint, of the estimator with this digest where the system has one, and,
    where that is wanted, of real recordings too."""
    file = run / "result.json"
    if not file.exists() or file.stat().st_mtime < (run / "checkpoint.pt").stat().st_mtime:
        return False
    result = json.loads(file.read_text())
    system = result["system"]
    return (system["pitch"] != "estimated" or result.get("estimator") == estimator) and not (
        on_recordings and "realset" not in result and hears_recordings(system))


def hears_recordings(system: dict) -> bool:
    """Nobody knows the true pitch of a recording, and the estimator names no instruments."""
    return system["pitch"] != "true" and system["network"] != "pitch"


def measure(work: Path, runs: Path, name: str, realset: Path | None, command: str | None) -> dict:
    """Writes outputs.npz, result.json and model.safetensors to the run's folder; returns the result."""
    network, configuration = systems.load(runs / name)
    system, folder, front_end = configuration["system"], runs / name, FrontEnd(configuration["front_end"], command)
    shards = systems.open_shards(configuration, work, "valid")
    result = {"name": name, "title": configuration["title"], "published_f1": configuration.get("published_f1"), "system": system,
              "recipe": {key: configuration.get(key) for key in RECIPE_KEYS},
              "parameters": sum(p.numel() for p in network.parameters())}
    if system["network"] == "pitch":
        probabilities, labels = predict_shards(network, shards)
        rows = frame_scores(probabilities, labels)
        active = [k for k, row in enumerate(rows) if row["ap"] == row["ap"]]
        result |= {"ap": float(np.mean([rows[k]["ap"] for k in active])), "multiply_adds": multiply_adds(network), **pooled(probabilities, labels),
                   "multipitch": multipitch(probabilities, labels)}
        write_model(folder / "model.safetensors", network, configuration, None)
    else:
        probabilities, labels = predict_shards(network, shards)
        known = shards.pitch_known()[:, BLOCK - 1::BLOCK][:, :probabilities.shape[1]]
        np.savez_compressed(folder / "outputs.npz", probabilities=probabilities.astype(np.float16), labels=labels, pitch_known=known)
        chosen = thresholds(probabilities, labels)
        whole = network
        if system["pitch"] == "estimated":
            estimator, _ = systems.load(runs / "pitch")
            if not systems.is_of(shards.source, estimator):
                raise TrainingError(f"{shards.source}: its estimates of pitch are not those of {runs / 'pitch'}; "
                                    f"run `estimate --work {work} --run {runs / 'pitch'}`")
            whole = systems.compose(network, system["harmonics"], estimator)
            result["estimator"] = systems.digest(estimator)
        result |= {"multiply_adds": multiply_adds(whole, system["padding"] == "centred"), "thresholds": chosen.tolist(), "parameters": sum(p.numel() for p in whole.parameters())}
        write_model(folder / "model.safetensors", whole, configuration, chosen)
        if system["padding"] == "causal":
            result["delay_ms"] = delay(network, shards, chosen)
            result["cpu"] = engine_time(folder / "model.safetensors", work / "valid", front_end.command[0])
        if realset and hears_recordings(system):
            result["realset"] = on_realset(whole, front_end, probabilities, shards, realset, folder / "realset")
    (folder / "result.json").write_text(json.dumps(result, indent=1))
    return result


def delay(network: Network, shards, chosen: np.ndarray) -> float:
    """Median milliseconds from an entry to the first hop above the threshold, where that comes within two seconds."""
    probabilities, _ = predict_shards(network, shards, DELAY_CLIPS, strided=False)
    truth = judge.raw_labels(shards)[:len(probabilities)]
    return float(np.median(judge.onset_delays(probabilities > chosen, truth)))


def write_model(path: Path, network: Network, configuration: dict, chosen: np.ndarray | None) -> None:
    """The model file. Only causal frame models are of the task that the daemon runs."""
    system = configuration["system"]
    front_end = dict(configuration["front_end"])
    if system["pitch"] == "true":
        # The true pitch of live music is unknown: the front end's salience stands in for it.
        front_end["harmonics"] = system["harmonics"]
    on = np.clip(np.full(network.outputs, 0.5) if chosen is None else chosen, 0.02, 0.98)
    settings = {"on": on.tolist(), "off": (0.6 * on).tolist(), "smoothing_ms": 60, "minimum_on_ms": 30, "minimum_off_ms": 150}
    names = list(CLASSES) if chosen is not None else [f"key {LOWEST_KEY + k}" for k in range(network.outputs)]
    provenance = {"configuration": configuration["name"], "steps": configuration["steps"], "seed": configuration["seed"],
                  "data": "sampled instruments mixed by timbre_training", "paper": "Hung & Yang, ISMIR 2018"}
    description = export.describe(network, configuration["name"], front_end, names, settings, provenance)
    description["task"] = "pitch" if chosen is None else "frame" if system["padding"] == "causal" else "frame-offline"
    export.write(path, network, description)


def engine_time(model: Path, valid: Path, timbre: str) -> float:
    """Share of one core that `timbre replay` takes, whole path, beside real time: the median of three runs."""
    recording = model.with_name("engine.wav")
    audio = np.load(next(iter(sorted(valid.glob("*.audio.npy")))), mmap_mode="r")
    clips = int(np.ceil(ENGINE_SECONDS * RATE / audio.shape[1]))
    samples = np.concatenate(audio[:clips])
    soundfile.write(recording, samples, RATE, subtype="PCM_16")
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        try:
            subprocess.run([timbre, "replay", "--quiet", "--model", str(model), str(recording)],
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise TrainingError(f"{model}: the engine does not run it: {error} {getattr(error, 'stderr', b'') or b''!r}") from error
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    recording.unlink()
    return float(np.median(times) * RATE / len(samples))


def on_realset(network: Network, front_end: FrontEnd, probabilities: np.ndarray, shards, realset: Path, out: Path) -> dict:
    """score.py's figures with thresholds from validation and, as oracle, from the realset itself."""
    dev = out / "dev"
    judge.write_truth(dev, judge.raw_labels(shards))
    names = [f"valid_{k:04d}" for k in range(len(probabilities))]
    per_hop = [np.repeat(p, BLOCK, axis=0) for p in probabilities]
    judge.write_clips(dev / "pred.csv", {n: judge.clip_score(p) for n, p in zip(names, per_hop)})
    judge.write_frames(dev / "frames.csv", dict(zip(names, per_hop)), step=2 * BLOCK, first=BLOCK - 1)
    activities = {}
    for name, features, loud in heard(front_end, realset, out.parent.parent / "realset.npz"):
        activity = np.repeat(predict(network, features[None], strided=True)[0], BLOCK, axis=0)
        activities[name] = activity * loud[:len(activity), None]
    judge.write_clips(out / "pred.csv", {n: judge.clip_score(a) for n, a in activities.items()})
    judge.write_frames(out / "frames.csv", activities, step=BLOCK, first=BLOCK - 1)
    mine = {"labels": dev / "labels.csv", "pred": dev / "pred.csv", "frames": dev / "frames", "frame-pred": dev / "frames.csv"}
    theirs = {"labels": realset / "labels.csv", "pred": out / "pred.csv", "frames": realset / "frames", "frame-pred": out / "frames.csv"}
    honest, oracle = (scored(realset, theirs, source, out) for source in (mine, theirs))
    return {"map": honest["clip"]["mAP"], "auc": honest["clip"]["AUC"], "top1": honest["clip"]["top1"],
            "clip_f1": honest["clip"]["F1dev"], "clip_f1_oracle": oracle["clip"]["F1dev"],
            "frame_f1": honest["frame"]["macro"]["F1dev"], "frame_f1_oracle": oracle["frame"]["macro"]["F1dev"],
            "frame_auc": honest["frame"]["macro"]["AUC"], "false_frames": honest["frame"]["macro"]["false framesdev"],
            "frame_classes": {n: r["F1dev"] for n, r in honest["frame"]["classes"].items()},
            "clip_classes": {n: r.get("F1dev") for n, r in honest["clip"]["classes"].items() if r["pos"]}}


def heard(front_end: FrontEnd, realset: Path, cache: Path) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Features of every recording and where it is above the gate; made once for all systems, which share the front end."""
    paths = sorted((realset / "audio").iterdir())
    if not paths:
        raise TrainingError(f"{realset}/audio: no recordings; give the folder with --realset")
    if not cached(cache, [path.stem for path in paths]):
        rows = {}
        for path in tqdm(paths, desc="realset", mininterval=10):
            audio = decode(path)
            rows[f"{path.stem}.features"] = front_end(audio).astype(np.float16)
            level = 10 * np.log10(hop_power(audio, len(audio) // HOP) + 1e-20)
            rows[f"{path.stem}.loud"] = level > judge.GATE_DBFS
        with atomically(cache) as file:
            np.savez(file, **rows)
    with np.load(cache) as stored:
        return [(p.stem, stored[f"{p.stem}.features"].astype(np.float32), stored[f"{p.stem}.loud"]) for p in paths]


def cached(file: Path, names: list[str]) -> bool:
    """Whether the file holds these recordings and no others."""
    if not file.exists():
        return False
    with np.load(file) as stored:
        return {key.removesuffix(".features") for key in stored.files if key.endswith(".features")} == set(names)


def scored(realset: Path, judged: dict, thresholds_from: dict, out: Path) -> dict:
    """score.py on one set with the thresholds of another."""
    arguments = [v for key, path in judged.items() for v in (f"--{key}", str(path))]
    arguments += [v for key, path in thresholds_from.items() for v in (f"--dev-{key}", str(path))]
    done = subprocess.run([sys.executable, str(realset / "score.py"), *arguments, "--json", str(out / "score.json")],
                          capture_output=True, text=True)
    if done.returncode:
        raise TrainingError(f"{realset}/score.py failed: {done.stderr[-500:]}")
    return json.loads((out / "score.json").read_text())
