"""Writes a trained network as the safetensors file that the daemon loads, and reads such a file back."""

import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from ..errors import TrainingError
from .network import BatchNorm, Convolution, HarmonicSeries, Network, SpectralConvolution
from ..seal import seal
from ..data.taxonomy import CLASSES

FORMAT = "timbred-model-1"


def tensors(network: Network) -> dict[str, torch.Tensor]:
    """The tensors by their names in the file, sharing memory with the network."""
    found = {}
    for name, module in zip(network.names, network.layers):
        if isinstance(module, HarmonicSeries):
            found |= tensors(module.pitch)
            continue
        prefix = {BatchNorm: "norm.", Convolution: "conv.", SpectralConvolution: "conv."}.get(type(module), "")
        for key, value in [*module.named_parameters(), *module.named_buffers()]:
            if not key.endswith("num_batches_tracked"):
                found[f"{name}.{key.removeprefix(prefix)}"] = value.detach()
    return found


def round_kernels(network: Network) -> Network:
    """Rounds the convolution kernels to half precision, in which they are shipped: a stream is bound by reading them. Scoring
    rounds a network first, so that the figures are those of the file."""
    with torch.no_grad():
        for value in tensors(network).values():
            if is_kernel(value):
                value.copy_(value.half().float())
    return network


def is_kernel(value: torch.Tensor) -> bool:
    """True for [outputs, inputs, taps, ...]; everything else is small and stays in single precision."""
    return value.ndim >= 3


def describe(network: Network, name: str, front_end: dict, classes: list[str], settings: dict, provenance: dict) -> dict:
    """The description that travels in the file; dropout is training only and left out. Minimum times, and the optional
    `temperature` and `delay_ms`, are a number for all classes or a list with one a class."""
    layers = [row for row in network.description["layers"] if row["type"] != "dropout"]
    if layers[-1]["type"] != "sigmoid":
        layers = [*layers, {"type": "sigmoid"}]
    optional = {key: settings[key] for key in ("temperature", "delay_ms") if settings.get(key) is not None}
    return {"name": name, "task": "frame", "network": {"inputs": network.description["inputs"], "layers": layers},
            "front_end": front_end, "classes": classes,
            "thresholds": {"on": [round(v, 4) for v in settings["on"]], "off": [round(v, 4) for v in settings["off"]]},
            "smoothing_ms": settings["smoothing_ms"], "minimum_on_ms": settings["minimum_on_ms"],
            "minimum_off_ms": settings["minimum_off_ms"], **optional, "gate_dbfs": -85, "provenance": provenance}


def write(path: Path, network: Network, description: dict) -> None:
    """Saves the file whole or not at all."""
    if len(description["classes"]) != network.outputs:
        raise TrainingError(f"{path}: {len(description['classes'])} classes for {network.outputs} outputs")
    part = path.with_suffix(".part")
    stored = {key: (value.half() if is_kernel(value) else value.float()).contiguous() for key, value in tensors(network).items()}
    save_file(stored, str(part), metadata={"format": FORMAT, "description": json.dumps(description)})
    seal(part)
    part.chmod(0o644)
    part.rename(path)


def read(path: Path) -> tuple[Network, dict]:
    """The network and the description of an exported file."""
    try:
        with safe_open(str(path), "pt") as file:
            metadata = file.metadata() or {}
            stored = {key: file.get_tensor(key) for key in file.keys()}
    except (OSError, SafetensorError) as error:
        raise TrainingError(f"{path}: not a safetensors file ({error})") from error
    if metadata.get("format") != FORMAT:
        raise TrainingError(f"{path}: its format is {metadata.get('format')}, not {FORMAT}")
    description = json.loads(metadata["description"])
    for name in description["classes"]:
        if description.get("task") == "frame" and name not in CLASSES:
            raise TrainingError(f"{path}: unknown class '{name}'")
    network = Network(description["network"])
    with torch.no_grad():
        for key, target in tensors(network).items():
            if key not in stored or stored[key].shape != target.shape:
                raise TrainingError(f"{path}: tensor {key} is missing or has another shape")
            target.copy_(stored[key])
    return network.eval(), description
