"""Chooses the settings of events on held-out real recordings and on a realset, and reports by two-fold cross-validation over sources."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import numpy as np

from ..data.corpus import RATE
from ..data.dataset import Shards
from ..errors import TrainingError
from .events import smooth
from ..model.features import FrontEnd
from .figures import Settings, believe, event_figures, lines, old_settings, ranking
from ..data.labels import HOP
from .metrics import predict
from ..model.network import Network
from ..data.real import RealBank
from .onsets import delays, onset_errors
from .recordings import Heard, folds, held_out, realset
from .settings import choose
from ..data.taxonomy import CLASSES

#: Weight of a clip by where it is from; held-out recordings of one class and origin share the weight of four.
WEIGHTS = {"realset": 1.0, "held out": 1.0, "mixed": 0.5}


def mixed(network: Network, folder: Path) -> list[Heard]:
    """The validation shards whose clips stand on real recordings, sources named by their origins."""
    result: list[Heard] = []
    if not any(folder.glob("*.features.npy")):
        return result
    shards = Shards(folder)
    for name, features, labels in zip(shards.names, shards.features, [np.load(folder / f"{n}.labels.npy") for n in shards.names]):
        for clip, record in enumerate(json.loads((folder / f"{name}.json").read_text())):
            if record["kind"] == "real":
                activity = predict(network, np.asarray(features[clip:clip + 1]), strided=False)[0]
                result.append(Heard(f"{name}-{clip}", "|".join(record["sources"]), "mix", activity, labels[clip]))
    return result


def listen(network: Network, front_end: FrontEnd, work: Path, real: Path | None) -> dict[str, list[Heard]]:
    """Everything that settings are chosen on or reported for."""
    result = {"held out": held_out(network, front_end, RealBank(work / "bank", "valid")), "mixed": mixed(network, work / "valid")}
    if real:
        result["realset"] = realset(network, front_end, real)
    return result


def weigh(kind: str, clips: list[Heard]) -> list[float]:
    """How much each clip counts."""
    if kind != "held out":
        return [WEIGHTS[kind]] * len(clips)
    of = lambda c: (c.source, tuple(np.flatnonzero((c.labels == 1).any(axis=0))))
    sizes = Counter(of(c) for c in clips)
    return [WEIGHTS[kind] * min(1.0, 4.0 / sizes[of(c)]) for c in clips]


def fit(parts: dict[str, list[Heard]], smoothing: float) -> Settings:
    """The best settings for the given clips at one smoothing."""
    clips = [c for part in parts.values() for c in part]
    weights = [w for kind, part in parts.items() for w in weigh(kind, part)]
    levels = [smooth(c.activity, smoothing, RATE / HOP) for c in clips]
    return Settings(smoothing, choose(levels, [c.labels for c in clips], weights, RATE / HOP))


def report(title: str, clips: list[Heard], reported: list[np.ndarray]) -> dict:
    """Prints the figures of clips and returns them."""
    rank, events = ranking(clips), event_figures(clips, reported)
    print(lines(title, rank, events))
    return {"ranking": rank, "events": events}


def calibrate(network: Network, front_end: FrontEnd, work: Path, real: Path | None, out: Path, old: dict | None, smoothing: float = 30.0) -> Settings:
    """Writes `settings.json` (chosen on everything) and `calibration.json` (what is reported, by cross-validation) into `out`."""
    parts = listen(network, front_end, work, real)
    if not parts["held out"]:
        raise TrainingError(f"{work}/bank: no held-out real recordings; settings are chosen on rows of the manifest whose use is 'valid'")
    return choose_and_report(parts, out, old, smoothing)


def choose_and_report(parts: dict[str, list[Heard]], out: Path, old: dict | None, smoothing: float) -> Settings:
    """`calibrate` of what has been listened to."""
    result = {}
    shown = {kind: parts[kind] for kind in ("held out", "realset") if kind in parts}
    if old:
        before = old_settings(old)
        for kind, clips in shown.items():
            result[f"{kind}, settings of the file"] = report(f"{kind}, settings of the file", clips, [believe(c.activity, before) for c in clips])
    half = {kind: folds([c.source for c in clips]) for kind, clips in shown.items()}
    states = {kind: [np.zeros(0)] * len(clips) for kind, clips in shown.items()}
    for side in (0, 1):
        chosen = fit({**{kind: [c for c in clips if half[kind][c.source] != side] for kind, clips in shown.items()}, "mixed": parts["mixed"][side::2]}, smoothing)
        for kind, clips in shown.items():
            for k, clip in enumerate(clips):
                if half[kind][clip.source] == side:
                    states[kind][k] = believe(clip.activity, chosen)
    for kind, clips in shown.items():
        result[f"{kind}, cross-validated"] = report(f"{kind}, cross-validated", clips, states[kind])
    final = fit(parts, smoothing)
    late = delays(onset_errors([c for part in parts.values() for c in part], final))
    out.mkdir(parents=True, exist_ok=True)
    (out / "calibration.json").write_text(json.dumps(result, indent=1))
    (out / "settings.json").write_text(json.dumps({"smoothing": smoothing, "choices": {k: asdict(v) for k, v in final.choices.items()},
                                                  "delay_ms": late}, indent=1))
    for name in CLASSES:
        if name in final.choices:
            c = final.choices[name]
            print(f"  {name:18s} on {c.on:.2f} off {c.off:.2f} after {c.minimum_on:.0f} ms, off after {c.minimum_off:.0f} ms: {c.score:.3f}")
    return final
