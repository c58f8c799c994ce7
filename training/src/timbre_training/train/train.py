"""Trains a network of a configuration file; can be killed at any moment and goes on to the same result."""

import copy
import ctypes
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F
from tqdm import tqdm

from ..data.dataset import Shards, batch, crops
from ..errors import TrainingError
from ..evaluate.metrics import frame_report
from ..model.network import Network, Residual
from ..atomic import atomically
from .average import follow
from .resume import loaded, same_recipe

NO_AUGMENTATION = {"transpose": 0, "equalise": 0, "equalise_db": 0, "band_mask": 0, "time_mask": 0, "noise": 0,
                   "overlay": 0, "overlay_db": 0}


def keep_freed_memory() -> None:
    """Has the C library keep what tensors give back instead of returning it to the system with every step.

    A quarter of the time of a step went into page faults. Does nothing where there is no glibc.
    """
    try:
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD
        libc.mallopt(-1, 1 << 30)  # M_TRIM_THRESHOLD
        libc.mallopt(-2, 1 << 28)  # M_TOP_PAD
    except (OSError, AttributeError):
        pass


def class_weights(positives: np.ndarray) -> torch.Tensor:
    """Weights of the positives, rarer classes more: Hung & Yang 2018, equation of their section 4.2, power 0.3.

    The mean share is that of the classes that occur; the others have no positives to weigh.
    """
    weights, occurring = np.ones(len(positives)), positives > 0
    if occurring.sum() > 1:
        share = positives[occurring] / positives.sum()
        mean = share.mean()
        weights[occurring] = (mean / share * (1 - share) / (1 - mean)) ** 0.3
    return torch.tensor(weights, dtype=torch.float32)


def loss_of(logits, targets, mask, weights, smoothing: float) -> torch.Tensor:
    """Mean weighted binary cross-entropy over the known (frame, class) pairs."""
    soft = targets * (1 - 2 * smoothing) + smoothing
    losses = F.binary_cross_entropy_with_logits(logits, soft, reduction="none")
    losses = losses * (1 + (weights[:, None] - 1) * targets)
    return (losses * mask).sum() / mask.sum().clamp(min=1)


def taught(targets, mask, heard, share: float):
    """Targets and mask of a student: `share` of what a teacher `heard` (probabilities) where labels are known, and all of it elsewhere."""
    return torch.where(mask > 0, share * heard + (1 - share) * targets, heard), torch.where(mask > 0, mask, torch.ones_like(mask))


def learning_rate(settings: dict, step: int, steps: int) -> float:
    """One cycle (linear rise, cosine fall), the same rise and no fall ("steady", for a run that another one finishes), or the
    published decay 0.01^(1 + e/50) over 100 (or `epochs`) epochs."""
    if settings["schedule"] == "published":
        return 0.01 ** (1 + settings.get("epochs", 100) * step / steps / 50)
    rise = settings.get("warm_up", 0.1) * steps
    if step < rise:
        return settings["rate"] * (step + 1) / rise
    if settings["schedule"] == "steady":
        return settings["rate"]
    return settings["rate"] * (0.5 + 0.5 * math.cos(math.pi * (step - rise) / max(1, steps - rise)))


def make_optimizer(network: Network, settings: dict) -> torch.optim.Optimizer:
    """AdamW, or SGD with momentum as published."""
    trained = [p for p in network.parameters() if p.requires_grad]
    if settings["kind"] == "sgd":
        return torch.optim.SGD(trained, lr=0.01, momentum=0.9, weight_decay=settings["decay"])
    if settings["kind"] == "adamw":
        plain = [p for p in trained if p.ndim < 2]
        decayed = [p for p in trained if p.ndim >= 2]
        return torch.optim.AdamW([{"params": decayed, "weight_decay": settings["decay"]},
                                  {"params": plain, "weight_decay": 0.0}], lr=settings["rate"], betas=(0.9, 0.98))
    raise TrainingError(f"configuration: unknown optimizer '{settings['kind']}' (adamw, sgd)")


class Trainer:
    """State of one run: network, its averaged copy, optimizer, step and the shards in use."""

    def __init__(self, configuration: dict, train: Path, valid: Path | None, run: Path, start: Path | None = None):
        """Goes on in `run`; a new run begins at random, or with the averaged weights of the run `start`, or with a model file."""
        self.configuration, self.run = configuration, run
        run.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(configuration["seed"])
        self.step, self.shards, self.train_folder = 0, None, train
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.valid = self.validation_shards(valid) if valid else None
        self.network = self.make_network().to(self.device)
        self.average = copy.deepcopy(self.network).requires_grad_(False)
        self.fixed = self.fix()
        self.teacher = self.make_teacher()
        self.optimizer = make_optimizer(self.network, configuration["optimizer"])
        self.file = run / "checkpoint.pt"
        if self.file.exists():
            self.restore()
        elif start:
            self.shards = self.training_shards(train)
            for network in (self.network, self.average):
                if start.is_file():
                    self.begin_with(network, start)
                else:
                    network.load_state_dict(self.compatible(start / "checkpoint.pt")["average"])
        else:
            self.shards = self.training_shards(train)
            mean, std = self.shards.statistics()
            for network in (self.network, self.average):
                first = network.layers[0]
                if hasattr(first, "mean"):
                    first.mean.copy_(torch.from_numpy(mean))
                    first.std.copy_(torch.from_numpy(std))
        self.weights = self.weigh()

    def make_network(self) -> Network:
        """The network of the configuration, with new weights."""
        return Network(self.configuration["network"])

    def make_teacher(self) -> Network | None:
        """The model file that `teacher` of the configuration names; None without. Its inputs, classes and stride must be this network's."""
        if "teacher" not in self.configuration:
            return None
        from ..model.export import read

        file = Path(self.configuration["teacher"]["model"])
        teacher = read(file)[0].to(self.device).eval().requires_grad_(False)
        shape = lambda network: (network.description["inputs"], network.outputs, network.stride)
        if shape(teacher) != shape(self.network):
            raise TrainingError(f"{file}: a teacher must have its student's inputs, classes and stride, {shape(self.network)}; "
                                f"it has {shape(teacher)}")
        return teacher

    def fix(self) -> list[torch.nn.Module]:
        """Fixes the layers that `trained` of the configuration does not name; without that key none."""
        names = self.configuration.get("trained")
        if names is None:
            return []
        if unknown := set(names) - set(self.network.names):
            raise TrainingError(f"configuration: 'trained' names '{min(unknown)}', which is no layer of the network")
        fixed = [module for name, module in zip(self.network.names, self.network.layers) if name and name not in names]
        for module in fixed:
            module.requires_grad_(False)
        return fixed

    def validation_shards(self, folder: Path) -> Shards:
        """The shards of the training log's scores."""
        return Shards(folder)

    def weigh(self) -> torch.Tensor:
        """Weights of the positives: as published, or all one."""
        weights = class_weights(self.shards.positives()).to(self.device)
        return weights if self.configuration.get("class_weights", True) else torch.ones_like(weights)

    def training_shards(self, folder: Path, names: list[str] | None = None) -> Shards:
        """The shards with the edges taken out that the configuration names, in hops."""
        c = self.configuration
        return Shards(folder, c.get("ignore_after_onset", 9), c.get("ignore_after_offset", 13), names)

    def save(self) -> None:
        """Writes the checkpoint whole or not at all."""
        with atomically(self.file) as file:
            torch.save({"step": self.step, "network": self.network.state_dict(), "average": self.average.state_dict(),
                        "optimizer": self.optimizer.state_dict(), "shards": self.shards.names,
                        "configuration": self.configuration}, file)

    def compatible(self, file: Path) -> dict:
        """A checkpoint whose tensors fit this network; one of another architecture is refused."""
        state = loaded(file, self.device)
        shape = lambda c: [row["type"] if row["type"] == "dropout" else row for row in c["network"]["layers"]]
        if shape(state["configuration"]) != shape(self.configuration):
            raise TrainingError(f"{file}: the checkpoint is of another network; choose another --run folder")
        return state

    @staticmethod
    def begin_with(network: Network, file: Path) -> None:
        """Takes the weights of an exported model of the same layers; dropout has none and may differ.

        Residual layers that the model lacks begin as the identity, so that the network computes at first what the model does.
        """
        from ..model.export import read, tensors

        given = tensors(read(file)[0])
        inserted = {name: module for name, module in zip(network.names, network.layers)
                    if isinstance(module, Residual) and f"{name}.sk.weight" not in given}
        wanted = {key: value for key, value in tensors(network).items() if not key.startswith(tuple(f"{name}." for name in inserted))}
        if {key: value.shape for key, value in given.items()} != {key: value.shape for key, value in wanted.items()}:
            raise TrainingError(f"{file}: the model has other layers than the configuration; give one of the same network with --start, "
                                f"or of one that lacks no more than residual layers")
        for key, value in wanted.items():
            value.copy_(given[key])
        for module in inserted.values():
            module.begin_as_identity()

    def restore(self) -> None:
        """Goes on from the checkpoint of this run."""
        state = self.compatible(self.file)
        same_recipe(self.file, state["configuration"], self.configuration)
        if state["step"] and self.configuration["optimizer"]["schedule"] != "steady":
            same_recipe(self.file, state["configuration"], self.configuration, ["steps"])
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step = state["step"]
        self.shards = self.training_shards(self.train_folder, state["shards"])

    def one_step(self) -> float:
        """One gradient step. Everything random in it depends on the seed and the step alone."""
        c = self.configuration
        rng = np.random.default_rng((c["seed"], self.step))
        torch.manual_seed(c["seed"] * 1_000_003 + self.step)
        if self.step and self.step % c["refresh_steps"] == 0:
            self.shards.refresh()
            self.weights = self.weigh()
        clips, outputs = crops(rng, c["batch"], c["outputs"])
        x, y, mask = batch(self.shards, rng, clips, outputs, self.network.stride, c["front_end"]["bins"],
                           {**NO_AUGMENTATION, **c.get("augmentation", {})}, c.get("skip_outputs", 0))
        x, y, mask = (tensor.to(self.device) for tensor in (x, y, mask))
        self.network.train()
        for module in self.fixed:
            module.eval()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=c.get("bfloat16", False)):
            logits = self.network(x)
            if self.teacher:
                with torch.no_grad():
                    y, mask = taught(y, mask, self.teacher(x).float().sigmoid(), c["teacher"]["share"])
                mask[:, :, :c.get("skip_outputs", 0)] = 0
        loss = loss_of(logits.float(), y, mask, self.weights, c.get("label_smoothing", 0.0))
        if not torch.isfinite(loss):
            raise TrainingError(f"step {self.step}: the loss is {loss.item()}; lower the learning rate or look for "
                                f"broken features in {self.train_folder}; the last checkpoint is {self.file}")
        rate = learning_rate(c["optimizer"], self.step, c["steps"])
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad()
        (loss * c.get("loss_factor", 1.0)).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), c.get("gradient_limit", 5.0))
        self.optimizer.step()
        follow(self.average, self.network, c, self.step)
        self.step += 1
        return loss.item()

    def fit(self, until: int | None = None) -> None:
        """Runs to the last step (or `until`), with checkpoints, validation and a log of JSON lines."""
        c = self.configuration
        keep_freed_memory()
        last = min(c["steps"], until or c["steps"])
        saved, losses = time.monotonic(), []
        bar = tqdm(range(self.step, last), desc=self.run.name, mininterval=20)
        for _ in bar:
            losses.append(self.one_step())
            if len(losses) % 20 == 0:
                bar.set_postfix(loss=f"{np.mean(losses[-100:]):.4f}")
            if time.monotonic() - saved > c.get("checkpoint_seconds", 120):
                self.save()
                saved = time.monotonic()
            if self.valid and (self.step % c["validate_steps"] == 0 or self.step == last):
                scores = frame_report(self.average, self.valid, limit=c.get("validate_clips", 90))
                line = {"step": self.step, "loss": float(np.mean(losses)), **scores, "shards": len(self.shards.names)}
                with open(self.run / "log.jsonl", "a") as file:
                    file.write(json.dumps(line) + "\n")
                losses = []
                self.save()
        self.save()
