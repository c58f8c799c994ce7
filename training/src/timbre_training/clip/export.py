"""Writes a trained clip model as the safetensors file that the daemon loads."""

import copy
import datetime
import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from ..errors import TrainingError
from ..model.export import FORMAT
from ..seal import seal
from ..train.resume import loaded
from ..data.taxonomy import CLASSES
from .glimpses import Glimpses
from .network import ARCHITECTURES, AttentionMIC


def fold(network: AttentionMIC) -> dict[str, torch.Tensor]:
    """The published layers, with the batch normalisations of training in them, by their names in the file."""
    if isinstance(network, Glimpses):
        return network.tensors()
    found = {}

    def affine(norm):
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        return scale.double(), (norm.bias - norm.running_mean * scale).double()

    for index, (convolution, norm) in enumerate(zip(network.stack.convolutions, network.stack.norms)):
        scale, shift = affine(norm)
        found[f"stack.{index}.weight"] = convolution.weight.double() * scale[:, None, None, None]
        found[f"stack.{index}.bias"] = convolution.bias.double() * scale + shift
    found["segments.weight"], found["segments.bias"] = network.segments.weight, network.segments.bias
    found["dense.weight"], found["dense.bias"] = network.segments.dense.weight, network.segments.dense.bias
    before_scale, before_shift = affine(network.embedding.norms[0])
    for index, (layer, norm) in enumerate(zip(network.embedding.layers, network.embedding.norms[1:])):
        weight, bias = layer.weight.double(), torch.zeros(len(layer.weight), dtype=torch.double)
        if index == 0:
            weight, bias = weight * before_scale, weight @ before_shift
        scale, shift = affine(norm)
        found[f"embedding.{index}.weight"] = weight * scale[:, None]
        found[f"embedding.{index}.bias"] = bias * scale + shift
    for name in ("attention", "classifier"):
        if hasattr(network, name):
            found[f"{name}.weight"], found[f"{name}.bias"] = getattr(network, name).weight, getattr(network, name).bias
    return {name: value.detach().float().contiguous() for name, value in found.items()}


def is_half(name: str) -> bool:
    """The large weights travel in half precision; a score of the file is a score with them rounded."""
    return name.startswith(("stack.", "segments.", "dense.")) and name.endswith("weight")


def rounded(network: AttentionMIC, half: bool = True) -> AttentionMIC:
    """The network as it is shipped: normalisations folded and, with `half`, large weights in half precision."""
    if isinstance(network, Glimpses):
        return copy.deepcopy(network).eval()
    tensors = fold(network)
    return unfolded(copy.deepcopy(network), {n: v.half().float() if half and is_half(n) else v for n, v in tensors.items()})


def unfolded(network: AttentionMIC, tensors: dict[str, torch.Tensor]) -> AttentionMIC:
    """Puts the tensors of a file into a network, whose normalisations then do nothing."""
    with torch.no_grad():
        for norm in [*network.stack.norms, *network.embedding.norms]:
            norm.weight.fill_(1)
            norm.bias.zero_()
            norm.running_mean.zero_()
            norm.running_var.fill_(1 - norm.eps)
        targets = {f"stack.{i}": layer for i, layer in enumerate(network.stack.convolutions)}
        targets |= {"segments": network.segments, "dense": network.segments.dense}
        targets |= {n: getattr(network, n) for n in ("attention", "classifier") if hasattr(network, n)}
        for index, layer in enumerate(network.embedding.layers):
            layer.bias = torch.nn.Parameter(tensors[f"embedding.{index}.bias"].float())
            targets[f"embedding.{index}"] = layer
        for name, layer in targets.items():
            layer.weight.copy_(tensors[f"{name}.weight"])
            layer.bias.copy_(tensors[f"{name}.bias"])
    return network.eval()


def read(path: Path) -> AttentionMIC:
    """The network of a model file, as the daemon runs it."""
    try:
        with safe_open(path, "pt") as file:
            description = json.loads((file.metadata() or {}).get("description", "{}"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except (OSError, SafetensorError) as error:
        raise TrainingError(f"{path}: no model can be read from it ({error})") from error
    if description.get("architecture") not in ARCHITECTURES:
        raise TrainingError(f"{path}: a clip model of {', '.join(ARCHITECTURES)} is needed; this one is of the task "
                            f"'{description.get('task')}' and the architecture '{description.get('architecture')}'")
    return unfolded(AttentionMIC(description["architecture"], description["width"], len(description["classes"]),
                                 description["window_patches"]), tensors)


def describe(network: AttentionMIC, name: str, classes: list[str], thresholds: list[float], provenance: dict) -> dict:
    """The description that travels in the file."""
    return {"name": name, "task": "clip", "front_end": "vggish_log_mel", "architecture": network.architecture,
            "width": network.width, "window_patches": network.patches, "classes": classes,
            "thresholds": [round(float(v), 4) for v in thresholds], "provenance": provenance}


def write(path: Path, network: AttentionMIC, description: dict) -> None:
    """Saves the file whole or not at all."""
    if len(description["classes"]) != network.classes or len(description["thresholds"]) != network.classes:
        raise TrainingError(f"{path}: {len(description['classes'])} classes and {len(description['thresholds'])} "
                            f"thresholds for {network.classes} outputs")
    stored = {name: value.half() if is_half(name) else value for name, value in fold(network).items()}
    part = path.with_suffix(".part")
    save_file(stored, str(part), metadata={"format": FORMAT, "description": json.dumps(description)})
    seal(part)
    part.chmod(0o644)
    part.rename(path)


def load(run: Path) -> tuple[AttentionMIC, dict]:
    """The best network of a run and what was saved with it."""
    from .train import build

    state = loaded(run / "best.pt")
    network = build(state["configuration"])
    network.load_state_dict(state["network"])
    return network.eval(), state


def export(run: Path, out: Path) -> None:
    """The model file of a run, with the thresholds of its evaluation."""
    network, state = load(run)
    file = run / "evaluation.json"
    if not file.exists():
        raise TrainingError(f"{file}: not found; run `evaluate` first, the thresholds come from it")
    result, configuration = json.loads(file.read_text()), state["configuration"]
    provenance = {"date": datetime.date.today().isoformat(), "configuration": configuration, "epoch": state["epoch"],
                  "steps": state["step"], "training_clips_of_12_s": state["clips"],
                  "scores": {key: round(value, 4) for key, value in result["figures"].items()},
                  "data": "sampled instruments mixed by timbre_training; see models/default.md for sources and licences"}
    write(out, network, describe(network, configuration["name"], list(CLASSES), result["thresholds"], provenance))
    print(f"{out}: {sum(v.numel() for v in fold(network).values())} weights")
