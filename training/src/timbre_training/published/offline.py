"""The networks as published: every convolution sees as far ahead as back, every pool strides."""

import torch
from torch.nn import functional as F

from ..model.network import Convolution, HarmonicSeries, Network, Pool, Residual, SpectralConvolution, flat


def padding(kernel: int, dilation: int = 1) -> tuple[int, int]:
    """Zeros before and behind: half and half, the smaller half before."""
    reach = (kernel - 1) * dilation
    return reach // 2, reach - reach // 2


def convolve(x: torch.Tensor, conv: torch.nn.Conv1d, dilation: int) -> torch.Tensor:
    """Convolution with centred padding."""
    return F.conv1d(F.pad(x, padding(conv.kernel_size[0], dilation)), conv.weight, conv.bias, dilation=dilation)


def over_bins(x: torch.Tensor, module: SpectralConvolution) -> torch.Tensor:
    """The same for a convolution over bins and time."""
    edge = module.conv.kernel_size[0] // 2
    padded = F.pad(x, (*padding(module.conv.kernel_size[1]), edge, edge))
    return F.conv2d(padded, module.conv.weight, module.conv.bias, stride=(module.stride, 1))


class OfflineNetwork(Network):
    """A network with the same weights and centred padding; it has no causal form."""

    def forward(self, x: torch.Tensor, strided: bool = True) -> torch.Tensor:
        """Logits, one for each product of the pool sizes."""
        return evaluate(self, x)


def look_ahead(network: Network) -> int:
    """Frames behind the end of its block that an output of the published form needs, by the layers; a block is `stride` frames."""
    reach, scale = 0, 1
    for module in network.layers:
        if isinstance(module, Pool):
            reach += (module.size - 1) * scale
            scale *= module.size
        elif isinstance(module, HarmonicSeries):
            reach += look_ahead(module.pitch) * scale
        elif isinstance(module, SpectralConvolution):
            reach += padding(module.conv.kernel_size[1])[1] * scale
        elif isinstance(module, Convolution):
            reach += padding(module.conv.kernel_size[0], module.dilation)[1] * scale
        elif isinstance(module, Residual):
            reach += 2 * padding(3, module.dilation)[1] * scale
    return reach - (scale - 1)


def evaluate(network: Network, x: torch.Tensor) -> torch.Tensor:
    """Logits of a network in its published form."""
    for module in network.layers:
        if isinstance(module, Pool):
            x = module.strided(x)
        elif isinstance(module, Convolution):
            x = convolve(flat(x), module.conv, module.dilation)
        elif isinstance(module, SpectralConvolution):
            x = over_bins(x, module)
        elif isinstance(module, HarmonicSeries):
            x = module.append(x, evaluate(module.pitch, x))
        elif isinstance(module, Residual):
            x = flat(x)
            y = convolve(module.bn1(x), module.conv1, module.dilation)
            y = convolve(F.relu(module.bn2(y)), module.conv2, module.dilation)
            x = module.bn3(y) + module.sk(x)
        else:
            x = module(x, 1)
    return flat(x)
