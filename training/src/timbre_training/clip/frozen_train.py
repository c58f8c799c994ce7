"""Trains a clip system on what the frozen stack made of the clips."""

import json
from pathlib import Path

import numpy as np
import torch

from ..data.labels import PRESENT, UNKNOWN
from ..data.taxonomy import CLASSES, FAMILIES
from ..train.resume import loaded
from . import forest, systems
from .export import rounded
from .frozen import Heard
from .loss import known_loss
from .metrics import clip_scores
from .network import AttentionMIC
from .train import Trainer

#: Clips that are judged together.
TOGETHER = 40


def predict(network: torch.nn.Module, clips: Heard) -> np.ndarray:
    """Probabilities [clips, outputs] of all first windows."""
    network.eval()
    with torch.no_grad():
        return np.concatenate([systems.answer(network, clips.inputs(numbers)).numpy()
                               for numbers in np.array_split(np.arange(len(clips)), max(1, len(clips) // TOGETHER))])


def scores(probabilities: np.ndarray, labels: np.ndarray) -> dict:
    """Mean scores over the instruments, and over both levels where there are families."""
    fine = clip_scores(probabilities[:, :len(CLASSES)], labels[:, :len(CLASSES)])["mean"]
    if labels.shape[1] == len(CLASSES):
        return fine
    coarse = clip_scores(probabilities[:, len(CLASSES):], labels[:, len(CLASSES):], tuple(FAMILIES))["mean"]
    return {key: (fine[key] + coarse[key]) / 2 for key in fine} | {f"family_{key}": value for key, value in coarse.items()}


class FrozenTrainer(Trainer):
    """A run on cached inputs; `configuration` comes from `systems.configurations`."""

    def data(self, train: Path, valid: Path):
        c = self.configuration
        form, families = systems.form(c["architecture"]), systems.has_families(c["architecture"])
        return Heard(train, form, c["known"], c["seed"], families), Heard(valid, form, families=families)

    def build(self) -> torch.nn.Module:
        return systems.build(self.configuration)

    def batch(self, numbers, rng):
        labels = torch.from_numpy(self.clips.labels[numbers])
        return self.clips.inputs(numbers), (labels == PRESENT).float(), (labels != UNKNOWN).float()

    def loss(self, x, y, mask, balance: torch.Tensor) -> torch.Tensor:
        """Of the instruments, plus that of the families where the system has them."""
        p, count = systems.answer(self.network, x), len(CLASSES)
        loss = known_loss(p[:, :count], y[:, :count], mask[:, :count], self.configuration["loss"], balance[:count])
        if p.shape[1] > count:
            loss = loss + known_loss(p[:, count:], y[:, count:], mask[:, count:], "bce", balance)
        return loss

    def judge(self) -> dict:
        return scores(predict(self.average, self.valid), self.valid.labels)


def train_system(configuration: dict, frozen: Path, run: Path) -> None:
    """Trains any system of the configurations on what `frozen` holds; goes on where it was stopped."""
    if configuration["architecture"] == systems.FOREST:
        clips = Heard(frozen / "train", "embedding", configuration["known"], configuration["seed"])
        grown, _ = forest.train(clips.inputs(np.arange(len(clips))).mean(dim=1).numpy(), clips.labels, CLASSES, configuration["seed"],
                                configuration["trees"])
        run.mkdir(parents=True, exist_ok=True)
        (run / "configuration.json").write_text(json.dumps(configuration))
        grown.save(run / "forest.npz")
        return
    FrozenTrainer(configuration, frozen / "train", frozen / "valid", run).fit()


def load(run: Path) -> tuple[torch.nn.Module | forest.Forest, dict]:
    """The best network of a run, as it is shipped, or its forest; and what was saved with it."""
    if (run / "forest.npz").exists():
        return forest.Forest.load(run / "forest.npz"), {"configuration": json.loads((run / "configuration.json").read_text()), "epoch": 1}
    state = loaded(run / "best.pt")
    network = systems.build(state["configuration"])
    network.load_state_dict(state["network"])
    return rounded(network) if isinstance(network, AttentionMIC) else network.eval(), state
