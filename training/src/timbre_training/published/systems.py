"""Trains the published systems: the trainer of a configuration, the estimates of pitch, and all of them in one go."""

import hashlib
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from ..errors import TrainingError
from ..model.export import round_kernels
from ..model.network import Network
from ..train.resume import loaded
from ..train.train import Trainer
from ..atomic import atomically
from .architecture import with_estimator
from .configuration import read
from .offline import OfflineNetwork
from .planes import FrameShards

#: What stands between a system's name and the seed in the name of a run from another start.
AGAIN = "-seed-"
#: Beside the estimates of a folder: the digest of the estimator that made them.
ESTIMATOR = "pitch.sha256"
#: Configurations that others extend.
RECIPES = ("recipe", "starts", "as-published")


def features_folder(work: Path) -> Path:
    """Where the features of the published front end and the estimates of pitch lie, by split."""
    return work / "published"


def open_shards(configuration: dict, work: Path, split: str, names: list[str] | None = None) -> FrameShards:
    """The shards of a split as this system sees them; training takes no more than the configuration says."""
    limit = configuration.get("shards") if split == "train" else None
    return FrameShards(work / split, features_folder(work) / split, configuration["system"], limit, names)


def make_network(configuration: dict):
    """The class of network that the padding asks for."""
    return OfflineNetwork if configuration["system"]["padding"] == "centred" else Network


class SystemTrainer(Trainer):
    """A trainer on the planes and labels of a published system."""

    def __init__(self, configuration: dict, work: Path, run: Path, start: Path | None = None):
        self.work = work
        super().__init__(configuration, work / "train", work / "valid", run, start)

    def make_network(self) -> Network:
        """Causal or as published."""
        return make_network(self.configuration)(self.configuration["network"])

    def training_shards(self, folder: Path, names: list[str] | None = None) -> FrameShards:
        """The first shards by name."""
        return open_shards(self.configuration, self.work, "train", names)

    def validation_shards(self, folder: Path) -> FrameShards:
        """All of them."""
        return open_shards(self.configuration, self.work, "valid")


def load(run: Path) -> tuple[Network, dict]:
    """The network of a finished run as it is shipped, kernels in half precision, and its configuration with the number of shards it had."""
    file = run / "checkpoint.pt"
    state = loaded(file)
    configuration = state["configuration"] | {"shards": len(state["shards"])}
    if state["step"] < configuration["steps"]:
        raise TrainingError(f"{file}: the run stopped at step {state['step']} of {configuration['steps']}; run `published` again to finish it")
    network = make_network(configuration)(configuration["network"])
    network.load_state_dict(state["average"])
    return round_kernels(network).eval(), configuration


def compose(network: Network, harmonics: int, estimator: Network) -> Network:
    """One network from the constant-Q alone: the estimator, its harmonic series, and what was trained on both planes."""
    whole = type(network)(with_estimator(network.description, harmonics))
    whole.layers[0].pitch.load_state_dict(estimator.state_dict())
    for target, source in zip(whole.layers[1:], network.layers, strict=True):
        target.load_state_dict(source.state_dict())
    return whole.eval()


def digest(network: Network) -> str:
    """The SHA-256 of a network's weights."""
    found = hashlib.sha256()
    for value in network.state_dict().values():
        found.update(value.numpy().tobytes())
    return found.hexdigest()


def is_of(folder: Path, estimator: Network) -> bool:
    """Whether the estimates in a folder of features are those of this estimator; without its file they are another's."""
    file = folder / ESTIMATOR
    return file.exists() and file.read_text() == digest(estimator)


def forget_estimates(folder: Path) -> None:
    """Deletes all estimates, first the name of the estimator: a folder never names one whose estimates it does not have."""
    (folder / ESTIMATOR).unlink(missing_ok=True)
    for file in folder.glob("*.pitch.npy"):
        file.unlink()


def estimate(work: Path, run: Path) -> int:
    """Writes NNNN.pitch.npy (float16 salience of 88 keys) beside the features in use that have none of this estimator;
    returns how many."""
    network, configuration = load(run)
    made = 0
    for split, limit in (("train", configuration.get("shards")), ("valid", None)):
        folder = features_folder(work) / split
        if not is_of(folder, network):
            forget_estimates(folder)
            (folder / ESTIMATOR).write_text(digest(network))
        for file in sorted(folder.glob("*.features.npy"))[:limit]:
            target = file.with_name(file.name.replace(".features.", ".pitch."))
            if target.exists():
                continue
            clips = np.load(file, mmap_mode="r")
            pitch = np.empty(clips.shape, np.float16)
            for number in tqdm(range(len(clips)), desc=f"pitch {file.stem}", mininterval=10):
                with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=configuration.get("bfloat16", False)):
                    x = torch.from_numpy(clips[number:number + 1].astype(np.float32)).permute(0, 2, 1)
                    pitch[number] = torch.sigmoid(network(x).float())[0].T.numpy()
            with atomically(target) as out:
                np.save(out, pitch)
            made += 1
    return made


def train_all(folder: Path, work: Path, runs: Path, names: list[str] | None = None, steps: int | None = None,
              seed: int | None = None, recipe: Path | None = None, changes: dict | None = None) -> None:
    """Trains every configuration of a folder, the estimator first; goes on where a killed run stopped.

    A `seed` that is not that of the configurations trains the systems, not the estimator, from another start into folders of
    their own; `recipe` takes the place of what the configurations extend.
    """
    configurations = {name: read(folder / f"{name}.json", recipe) | (changes or {}) for name in ["pitch", *(names or order(folder))]}
    for name, configuration in configurations.items():
        if "system" not in configuration:
            raise TrainingError(f"{folder / name}.json: it says nothing of a 'system' to train")
    for name, configuration in configurations.items():
        run = runs / name
        if name != "pitch":
            configuration["steps"] = steps or configuration["steps"]
            if seed not in (None, configuration["seed"]):
                configuration["seed"], run = seed, runs / f"{name}{AGAIN}{seed}"
        current = SystemTrainer(configuration, work, run)
        if current.step < configuration["steps"]:
            current.fit()
        if name == "pitch":
            estimate(work, run)


def repeats(runs: Path, name: str) -> list[str]:
    """The runs of a system from other starts, by the number of their seeds."""
    found = [p.parent.name for p in runs.glob(f"{name}{AGAIN}*/checkpoint.pt")]
    return sorted(found, key=lambda run: int(run.removeprefix(name + AGAIN)))


def order(folder: Path) -> list[str]:
    """The systems of a folder, in the order of the paper's table, those as published and offline last."""
    names = [p.stem for p in folder.glob("*.json") if p.stem not in (*RECIPES, "pitch")]
    first = ["plain", "residual", "hsf-5-true", "hsf-5-estimated", "pitch-frequency", "pitch-channel"]
    rank = lambda n: (n.endswith("-offline"), first.index(n) if n in first else len(first), n)
    return sorted(names, key=rank)
