"""The mean of the weights of two networks, one trained on from the other: what both know, at the price of one (Wortsman et al. 2022)."""

from pathlib import Path

import numpy as np
import torch

from ..data.dataset import Shards, batch, crops
from ..errors import TrainingError
from ..model.export import read, tensors
from ..model.network import Network

#: Batches that the statistics of the norms are taken from.
BATCHES = 40


def blend(state: dict, other: Path, share: float, train: Path) -> dict:
    """The checkpoint `state` with its averaged weights drawn to those of the model file `other`.

    `share` of its own is kept. The norms' statistics are those of the mixed weights on the shards in `train`.
    """
    configuration = state["configuration"]
    network = Network(configuration["network"])
    network.load_state_dict(state["average"])
    own, given = tensors(network), tensors(read(other)[0])
    if {key: value.shape for key, value in own.items()} != {key: value.shape for key, value in given.items()}:
        raise TrainingError(f"{other}: the model has other layers than the run; only networks of the same layers can be mixed")
    with torch.no_grad():
        for key, value in own.items():
            value.copy_(share * value + (1 - share) * given[key])
    shards = Shards(train, configuration.get("ignore_after_onset", 9), configuration.get("ignore_after_offset", 13))
    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm1d)]
    network.train()
    for module in network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    with torch.no_grad():
        for number in range(BATCHES):
            rng = np.random.default_rng((7, number))
            clips, outputs = crops(rng, configuration["batch"], configuration["outputs"])
            x, _, _ = batch(shards, rng, clips, outputs, network.stride, configuration["front_end"]["bins"],
                            configuration["augmentation"], configuration.get("skip_outputs", 0))
            network(x)
    weights = network.state_dict()
    history = f"{configuration.get('history', '')} Its weights are {share:g} of its own and {1 - share:g} of those it began with.".strip()
    return {**state, "average": weights, "network": weights, "configuration": {**configuration, "history": history}}
