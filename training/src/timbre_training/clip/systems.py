"""Every clip system that stands on the frozen stack: its configuration, its network, and its way from inputs to probabilities."""

from pathlib import Path

import torch
from torch import nn

from ..errors import TrainingError
from ..data.taxonomy import CLASSES
from ..published.configuration import read
from ..published.vggish import Attention, Dense, MeanPooled, Recurrent
from .export import read as read_model
from .hierarchy import Linked, Rule, Separate
from .network import ARCHITECTURES, AttentionMIC

#: Systems on ten embeddings of 128 numbers; all but the forest learn by gradient.
EMBEDDING_SYSTEMS = {
    "embedding_att": lambda c: Attention(len(CLASSES), c["dropout"]),
    "embedding_fc": lambda c: Dense(len(CLASSES)),
    "embedding_fc_t": lambda c: MeanPooled(len(CLASSES)),
    "embedding_rnn": lambda c: Recurrent(len(CLASSES)),
    "embedding_rnn_causal": lambda c: Recurrent(len(CLASSES), bidirectional=False),
    "hierarchical_separate": lambda c: Separate(c["dropout"]),
    "hierarchical_rule": lambda c: Rule(c["dropout"]),
    "hierarchical_attention": lambda c: Linked(c["dropout"]),
}
FOREST = "embedding_rf_br"
#: Systems that take a window of one length alone.
FIXED = ("fc", "embedding_fc")


def configurations(path: Path) -> dict[str, dict]:
    """All systems of a file of configurations: what they share, overlaid with what their form and they themselves have."""
    file = read(path)
    return {name: {**file["recipe"], **file["forms"][form(own["architecture"])], **own, "name": name} for name, own in file["systems"].items()}


def form(architecture: str) -> str:
    """What a system hears of the frozen network."""
    return "stack" if architecture in ARCHITECTURES else "embedding"


def has_families(architecture: str) -> bool:
    """Whether the families' probabilities stand behind the classes'."""
    return architecture.startswith("hierarchical")


def build(configuration: dict) -> nn.Module:
    """The network of a configuration, with the frozen stack of the configured model where it is part of it."""
    architecture = configuration["architecture"]
    if architecture in ARCHITECTURES:
        frozen = read_model(Path(configuration["model"]))
        network = AttentionMIC(architecture, frozen.width, len(CLASSES), configuration["window_patches"], configuration["dropout"])
        network.stack.load_state_dict(frozen.stack.state_dict())
        network.stack.requires_grad_(False)
        return network
    if architecture not in EMBEDDING_SYSTEMS:
        raise TrainingError(f"unknown architecture '{architecture}' ({', '.join((*ARCHITECTURES, *EMBEDDING_SYSTEMS, FOREST))})")
    return EMBEDDING_SYSTEMS[architecture](configuration)


def answer(network: nn.Module, heard: torch.Tensor) -> torch.Tensor:
    """Probabilities [N, outputs] of windows [N, patches, ...] of what the system hears."""
    if isinstance(network, AttentionMIC):
        return network.pooled(network.embedded(heard.flatten(0, 1), len(heard)))
    return network(heard)
