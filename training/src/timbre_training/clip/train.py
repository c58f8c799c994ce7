"""Trains a clip model; can be killed at any moment and goes on from the last epoch."""

import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from ..errors import TrainingError
from ..data.taxonomy import CLASSES
from ..train.average import follow
from ..train.resume import loaded, same_recipe
from ..atomic import atomically
from .dataset import Clips, batch, whole
from .export import read
from .glimpses import GLIMPSE_ARCHITECTURES, Glimpses
from .loss import inverse_frequency, known_loss
from .metrics import clip_scores
from .network import AttentionMIC


def build(configuration: dict) -> AttentionMIC | Glimpses:
    """The network of a configuration."""
    if configuration["architecture"] in GLIMPSE_ARCHITECTURES:
        return Glimpses(configuration["architecture"], configuration["width"], len(CLASSES), configuration["window_patches"])
    return AttentionMIC(configuration["architecture"], configuration["width"], len(CLASSES),
                        configuration["window_patches"], configuration["dropout"])


def trainable(file: Path, network: AttentionMIC, x: torch.Tensor) -> None:
    """Puts the weights of a model file into a network that is to learn on.

    A file has its normalisations folded into the layers. Here they come back, with the statistics of the windows `x`
    [N, patches, 96, 64] and with scales and shifts that undo them, so that on such windows the network says what the file says.
    """
    folded = read(file)
    if (folded.architecture, folded.width, folded.classes) != (network.architecture, network.width, network.classes):
        raise TrainingError(f"{file}: it is '{folded.architecture}' of width {folded.width} with {folded.classes} classes; "
                            f"the configuration wants '{network.architecture}' of width {network.width} with {network.classes}")
    biases = [layer.bias for layer in folded.embedding.layers]
    network.load_state_dict({k: v for k, v in folded.state_dict().items() if not (k.startswith("embedding.layers") and k.endswith("bias"))})
    shifts = {folded.embedding.norms[i + 1]: bias for i, bias in enumerate(biases)}
    own = dict(zip([*folded.stack.norms, *folded.embedding.norms], [*network.stack.norms, *network.embedding.norms]))

    def measure(norm, inputs):
        seen = inputs[0].transpose(0, 1).flatten(1)
        mean, variance, shift = seen.mean(dim=1), seen.var(dim=1, correction=0), shifts.get(norm, 0)
        target = own[norm]
        target.running_mean.copy_(mean - shift)
        target.running_var.copy_(variance)
        target.weight.copy_(torch.sqrt(variance + norm.eps))
        target.bias.copy_(mean)

    hooks = [norm.register_forward_pre_hook(measure) for norm in own]
    with torch.no_grad():
        folded(x)
    for hook in hooks:
        hook.remove()


def predict(network, clips: Clips, patches: int) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and labels [clips, classes] of the first window of every clip."""
    network.eval()
    rows, labels = [], []
    with torch.no_grad():
        for x, truth in whole(clips, patches):
            rows.append(network(x)[0].numpy())
            labels.append(truth)
    return np.stack(rows), np.stack(labels)


def learning_rate(configuration: dict, epoch: int) -> float:
    """The rate of an epoch, from 0: the configured one, or with `anneal` a cosine from it down to nothing over all `epochs`."""
    if not configuration.get("anneal", False):
        return configuration["rate"]
    return configuration["rate"] * (0.5 + 0.5 * math.cos(math.pi * epoch / configuration["epochs"]))


class Trainer:
    """State of one run: the network, its average over the steps, the best of the epochs."""

    def __init__(self, configuration: dict, train: Path, valid: Path, run: Path, start: Path | None = None):
        if configuration["architecture"] == "fc" and configuration["train_patches"] != configuration["window_patches"]:
            raise TrainingError("'fc' has no attention, so 'train_patches' must be 'window_patches'")
        self.configuration, self.run = configuration, run
        run.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(configuration["seed"])
        self.clips, self.valid = self.data(train, valid)
        self.network = self.build()
        if start:
            rng = np.random.default_rng(configuration["seed"])
            trainable(start, self.network, self.batch(rng.permutation(self.clips.clips)[:64], rng)[0])
        self.average = copy.deepcopy(self.network).requires_grad_(False)
        self.optimizer = torch.optim.Adam([p for p in self.network.parameters() if p.requires_grad], configuration["rate"],
                                          weight_decay=configuration["decay"])
        self.epoch, self.step, self.best, self.best_epoch, self.seconds = 0, 0, -1.0, 0, 0.0
        self.file = run / "checkpoint.pt"
        if self.file.exists():
            self.restore()

    def data(self, train: Path, valid: Path):
        """The clips to learn from, with labels hidden where the configuration says so, and those to be judged on."""
        return Clips(train, self.configuration.get("known"), self.configuration["seed"]), Clips(valid)

    def build(self) -> torch.nn.Module:
        """The network, before it has learnt anything."""
        return build(self.configuration)

    def batch(self, numbers, rng):
        """Inputs, targets and the mask of the known ones of some clips."""
        return batch(self.clips, numbers, rng, self.configuration["train_patches"], self.configuration["augmentation"])

    def loss(self, x, y, mask, balance: torch.Tensor) -> torch.Tensor:
        """What a step makes smaller."""
        with torch.autocast("cpu", torch.bfloat16, enabled=self.configuration.get("half", False)):
            probabilities = self.network(x)
        return known_loss(probabilities.float(), y, mask, self.configuration["loss"], balance)

    def judge(self) -> dict:
        """Mean scores on the validation clips."""
        return clip_scores(*predict(self.average, self.valid, self.configuration["window_patches"]))["mean"]

    def save(self) -> None:
        """Writes the checkpoint whole or not at all."""
        with atomically(self.file) as file:
            torch.save({"epoch": self.epoch, "step": self.step, "best": self.best, "best_epoch": self.best_epoch,
                        "seconds": self.seconds, "network": self.network.state_dict(), "average": self.average.state_dict(),
                        "optimizer": self.optimizer.state_dict(), "configuration": self.configuration}, file)

    def restore(self) -> None:
        """Goes on from the checkpoint of this run."""
        state = loaded(self.file)
        if any(state["configuration"].get(key) != self.configuration.get(key) for key in ("architecture", "width", "window_patches")):
            raise TrainingError(f"{self.file}: the checkpoint is of another network; choose another --run folder")
        same_recipe(self.file, state["configuration"], self.configuration)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        for key in ("epoch", "step", "best", "best_epoch", "seconds"):
            setattr(self, key, state[key])

    def one_step(self, numbers, rng, balance: torch.Tensor) -> float:
        """One gradient step on a batch of clips."""
        c = self.configuration
        x, y, mask = self.batch(numbers, rng)
        self.network.train()
        loss = self.loss(x, y, mask, balance)
        if not torch.isfinite(loss):
            raise TrainingError(f"step {self.step}: the loss is {loss.item()}; the last checkpoint is {self.file}")
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        follow(self.average, self.network, c, self.step)
        self.step += 1
        return loss.item()

    def one_epoch(self) -> float:
        """Every clip once, or `epoch_clips` of them, in an order of its own; clips that were rendered meanwhile join in."""
        c = self.configuration
        rng = np.random.default_rng((c["seed"], self.epoch))
        torch.manual_seed(c["seed"] * 1_000_003 + self.epoch)
        self.clips.refresh()
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(c, self.epoch)
        balance = inverse_frequency(self.clips.positives()) if c["loss"] == "focal" else torch.ones(len(CLASSES))
        order, losses = rng.permutation(self.clips.clips)[:c.get("epoch_clips")], []
        for first in tqdm(range(0, len(order) - c["batch"] + 1, c["batch"]), desc=f"epoch {self.epoch}", mininterval=30):
            losses.append(self.one_step(order[first:first + c["batch"]], rng, balance))
        self.epoch += 1
        return float(np.mean(losses))

    def fit(self) -> None:
        """Until validation F1 has not risen for `patience` epochs; the best epoch is kept in best.pt."""
        c = self.configuration
        while self.epoch < c["epochs"] and self.epoch - self.best_epoch < c["patience"]:
            start = time.process_time()
            loss = self.one_epoch()
            scores = self.judge()
            self.seconds += time.process_time() - start
            score = scores[c.get("criterion", "f1_macro")]
            if score > self.best:
                self.best, self.best_epoch = score, self.epoch
                with atomically(self.run / "best.pt") as file:
                    torch.save({"network": self.average.state_dict(), "configuration": c, "epoch": self.epoch,
                                "step": self.step, "clips": self.clips.clips}, file)
            with open(self.run / "log.jsonl", "a") as file:
                file.write(json.dumps({"epoch": self.epoch, "loss": loss, **scores, "clips": self.clips.clips,
                                       "cpu_seconds": round(self.seconds)}) + "\n")
            self.save()
