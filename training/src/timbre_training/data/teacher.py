"""Soft targets for recordings without labels: what another model hears, together with what ours hears, calibrated on labelled recordings.

The teacher is a file that the user has; it is no part of the project and is never shipped. Known is one kind: YAMNet's layout in LiteRT,
16 kHz in, windows of 0.975 s every 0.48 s, 521 scores out (Hershey et al. 2017; the class map names them).
"""

import csv
import itertools
import json
from pathlib import Path

import numpy as np
import soxr
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from .corpus import RATE
from ..errors import TrainingError
from ..model.features import FrontEnd
from .labels import ABSENT, HOP, PRESENT
from ..evaluate.metrics import predict
from ..model.network import Network
from .real import RealBank
from ..evaluate.recordings import truth_of
from .taxonomy import CLASSES, INDEX

TEACHER_RATE, WINDOW, STEP = 16000, 15600, 7680
SCORES = 521
#: AudioSet's display names that stand for each class; the loudest counts. Viola, oboe and bassoon have none.
NAMES = {
    "accordion": ["Accordion"], "banjo": ["Banjo"], "bass": ["Bass guitar", "Double bass"], "cello": ["Cello"], "clarinet": ["Clarinet"],
    "cymbals": ["Cymbal", "Hi-hat"], "drums": ["Drum kit", "Snare drum", "Bass drum", "Drum", "Drum machine", "Drum roll"], "flute": ["Flute"],
    "guitar": ["Guitar", "Electric guitar", "Acoustic guitar", "Steel guitar, slide guitar", "Strum"], "horn": ["French horn"],
    "mallet_percussion": ["Mallet percussion", "Marimba, xylophone", "Glockenspiel", "Vibraphone"], "mandolin": ["Mandolin"],
    "organ": ["Organ", "Electronic organ", "Hammond organ"], "piano": ["Piano", "Electric piano"], "saxophone": ["Saxophone"],
    "synthesizer": ["Synthesizer"], "trombone": ["Trombone"], "trumpet": ["Trumpet"], "ukulele": ["Ukulele"], "violin": ["Violin, fiddle"],
    "voice": ["Singing", "Choir", "Male singing", "Female singing", "Child singing", "A capella", "Vocal music", "Opera", "Chant"],
}
TAUGHT = tuple(NAMES)
#: Windows of a labelled solo that calibrate, at most, and the least of a class.
WINDOWS, LEAST = 8, 12


class Teacher:
    """A LiteRT file with YAMNet's input and output."""

    def __init__(self, model: Path, class_map: Path):
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise TrainingError("the teacher needs LiteRT; install it with `pip install ai-edge-litert`") from error
        with open(class_map, newline="") as file:
            names = [row["display_name"] for row in csv.DictReader(file)]
        if len(names) != SCORES:
            raise TrainingError(f"{class_map}: names {len(names)} classes; expected are AudioSet's {SCORES} of YAMNet")
        self.columns = {}
        for name, wanted in NAMES.items():
            missing = [w for w in wanted if w not in names]
            if len(missing) == len(wanted):
                raise TrainingError(f"{class_map}: has no class {' or '.join(wanted)}")
            self.columns[name] = [names.index(w) for w in wanted if w in names]
        try:
            self.network = Interpreter(str(model), num_threads=1)
            index = self.network.get_input_details()[0]["index"]
            self.network.resize_tensor_input(index, [WINDOW])
            self.network.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise TrainingError(f"{model}: cannot be run ({error}); expected is a LiteRT file that takes {WINDOW} samples at 16 kHz") from error
        self.input = self.network.get_input_details()[0]
        self.output = next((o["index"] for o in self.network.get_output_details() if o["shape"][-1] == SCORES), None)
        if self.output is None:
            shapes = [list(o["shape"]) for o in self.network.get_output_details()]
            raise TrainingError(f"{model}: its outputs are {shapes}; expected is one of {SCORES} scores")

    def __call__(self, audio: np.ndarray) -> np.ndarray:
        """Log odds [windows, taught classes] of mono audio at 44.1 kHz."""
        low = soxr.resample(audio, RATE, TEACHER_RATE).astype(np.float32)
        low = np.pad(low, (0, max(0, WINDOW - len(low))))
        rows = []
        for start in range(0, len(low) - WINDOW + 1, STEP):
            self.network.set_tensor(self.input["index"], low[start:start + WINDOW].reshape(self.input["shape"]))
            self.network.invoke()
            scores = self.network.get_tensor(self.output).reshape(-1, SCORES).mean(axis=0)
            rows.append([scores[self.columns[name]].max() for name in TAUGHT])
        return log_odds(np.array(rows))


def log_odds(probability: np.ndarray) -> np.ndarray:
    """ln p / (1 - p), between -9 and 9."""
    p = np.clip(probability, 1.2e-4, 1 - 1.2e-4)
    return np.log(p / (1 - p))


def hops_of(window: int, hops: int) -> slice:
    """The hops of our own that a window of the teacher covers."""
    first = int(window * STEP / TEACHER_RATE * RATE / HOP)
    return slice(min(first, hops - 1), min(hops, first + int(WINDOW / TEACHER_RATE * RATE / HOP)))


class Listener:
    """Both models on one recording: [windows, 2, taught classes] log odds, the teacher's and ours."""

    def __init__(self, teacher: Teacher, network: Network, front_end: FrontEnd):
        self.teacher, self.network, self.front_end = teacher, network, front_end

    def __call__(self, audio: np.ndarray) -> np.ndarray:
        theirs = self.teacher(audio)
        features = self.front_end(audio)
        pieces = [predict(self.network, features[None, start:start + 4096], strided=False)[0] for start in range(0, len(features), 4096)]
        activity = np.concatenate(pieces)[:, [INDEX[name] for name in TAUGHT]]
        ours = np.stack([np.sort(activity[hops_of(k, len(activity))], axis=0)[-20:].mean(axis=0) for k in range(len(theirs))])
        return np.stack([theirs, log_odds(ours)], axis=1)


def solos(bank: RealBank, each: int = 10):
    """Audio and frame truth of labelled solos and noises, a few of each class and origin."""
    taken: dict[tuple, int] = {}
    for recording in bank.recordings:
        key = (recording.present or recording.role, recording.origin)
        if recording.role in ("solo", "noise") and len(recording.present) <= 1 and taken.get(key, 0) < each and recording.frames >= RATE:
            taken[key] = taken.get(key, 0) + 1
            audio = bank.load(recording, 0, 6 * RATE)
            yield audio, truth_of(audio, recording.present, recording.absent)


def mixes(folder: Path):
    """Audio and frame truth of rendered clips that stand on real recordings: what sounds together is heard less surely than alone."""
    for file in sorted(folder.glob("[0-9]*.json")):
        if not file.with_suffix(".audio.npy").exists():
            continue
        audio, labels = (np.load(file.with_suffix(end), mmap_mode="r") for end in (".audio.npy", ".labels.npy"))
        for clip, record in enumerate(json.loads(file.read_text())):
            if record["kind"] == "real":
                yield audio[clip].astype(np.float32) / 32767, labels[clip]


def calibrate(listener, labelled) -> dict[str, list[float]]:
    """Per class the weights of both log odds and the offset, by logistic regression on windows of `labelled`: pairs of audio and frame truth."""
    heard, truth = [], []
    for audio, labels in tqdm(labelled, desc="calibration", mininterval=5):
        labels = labels[:, [INDEX[name] for name in TAUGHT]]
        rows = listener(audio)
        for k in range(0, len(rows), 1 + len(rows) // WINDOWS):
            part = labels[hops_of(k, len(labels))]
            present, absent = (part == PRESENT).mean(axis=0) > 0.5, (part == ABSENT).all(axis=0)
            heard.append(rows[k])
            truth.append(np.where(present, 1.0, np.where(absent, 0.0, np.nan)))
    heard, truth = np.array(heard), np.array(truth)
    weights = {}
    for k, name in enumerate(TAUGHT):
        known = ~np.isnan(truth[:, k])
        y = truth[known, k] == 1
        if y.sum() < LEAST or y.all():
            continue
        fit = LogisticRegression(C=0.3).fit(heard[known][:, :, k], y)
        # A model that speaks against a class by its own certainty knows nothing of it.
        both = np.maximum(0, fit.coef_[0])
        weights[name] = [float(both[0]), float(both[1]), float(fit.intercept_[0])]
    return weights


def teach(listener: Listener, work: Path) -> int:
    """Writes `teacher.json` (calibration) and `teacher.npz` (soft targets [windows, classes] by recording, NaN where unknown)."""
    weights = calibrate(listener, itertools.chain(solos(RealBank(work / "bank", "valid")), mixes(work / "valid")))
    (work / "bank" / "teacher.json").write_text(json.dumps(weights, indent=1))
    bank, targets = RealBank(work / "bank", "train"), {}
    for recording in tqdm([r for r in bank.recordings if r.role == "unlabelled"], desc="unlabelled", mininterval=5):
        heard = listener(bank.load(recording))
        soft = np.full((len(heard), len(CLASSES)), np.nan, np.float32)
        for name, (theirs, ours, offset) in weights.items():
            k = TAUGHT.index(name)
            soft[:, INDEX[name]] = 1 / (1 + np.exp(-(theirs * heard[:, 0, k] + ours * heard[:, 1, k] + offset)))
        targets[recording.name] = soft
    np.savez(work / "bank" / "teacher.npz", **targets)
    return len(targets)
