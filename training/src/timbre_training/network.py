"""The layer vocabulary of the model files in PyTorch, in three equal forms: strided, a-trous and streaming.

A network is built from the same JSON that the exported file carries. Strided: pools have stride = size, one output
per product of the sizes (training). A-trous: pools are stride-1 causal maxima and later kernels are dilated; same
weights, one output a hop, equal to the strided one on the pooling grid. All padding is on the left.
"""

import torch
from torch import nn
from torch.nn import functional as F

from .errors import TrainingError

EPSILON = 1e-5


def causal_convolution(x: torch.Tensor, conv: nn.Conv1d, dilation: int) -> torch.Tensor:
    """Convolution whose newest tap is the present; zeros before the beginning."""
    reach = (conv.kernel_size[0] - 1) * dilation
    return F.conv1d(F.pad(x, (reach, 0)), conv.weight, conv.bias, dilation=dilation)


class Standardize(nn.Module):
    """(x - mean) / std with constants of the training data."""

    def __init__(self, channels: int):
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("std", torch.ones(channels))

    def forward(self, x, scale):
        return (x - self.mean[:, None]) / self.std[:, None]


class BatchNorm(nn.Module):
    """Batch norm whose statistics `repeat` planes share, as in Hung & Yang's early norm."""

    def __init__(self, channels: int, repeat: int = 1):
        super().__init__()
        self.repeat = repeat
        self.norm = nn.BatchNorm1d(channels // repeat, eps=EPSILON)

    def forward(self, x, scale):
        if self.repeat == 1:
            return self.norm(x)
        n, c, t = x.shape
        planes = x.reshape(n, self.repeat, c // self.repeat, t).permute(0, 2, 1, 3).reshape(n, c // self.repeat, -1)
        return self.norm(planes).reshape(n, c // self.repeat, self.repeat, t).permute(0, 2, 1, 3).reshape(n, c, t)


class Convolution(nn.Module):
    """Causal convolution over time."""

    def __init__(self, channels: int, outputs: int, kernel: int, dilation: int = 1):
        super().__init__()
        self.dilation = dilation
        self.conv = nn.Conv1d(channels, outputs, kernel)

    def forward(self, x, scale):
        return causal_convolution(x, self.conv, self.dilation * scale)


class Residual(nn.Module):
    """Hung & Yang's block: conv k3 (bn1 x), conv k3 (relu bn2), bn3, plus a 1x1 shortcut; no ReLU after the sum."""

    def __init__(self, channels: int, outputs: int, dilation: int = 1):
        super().__init__()
        self.dilation = dilation
        self.bn1, self.bn2, self.bn3 = (nn.BatchNorm1d(c, eps=EPSILON) for c in (channels, outputs, outputs))
        self.conv1, self.conv2 = nn.Conv1d(channels, outputs, 3), nn.Conv1d(outputs, outputs, 3)
        self.sk = nn.Conv1d(channels, outputs, 1)

    def forward(self, x, scale):
        step = self.dilation * scale
        y = causal_convolution(self.bn1(x), self.conv1, step)
        y = causal_convolution(F.relu(self.bn2(y)), self.conv2, step)
        return self.bn3(y) + self.sk(x)


class Pool(nn.Module):
    """Maximum of the last `size` taps: strided by `size`, or at every hop over taps `scale` apart."""

    def __init__(self, size: int):
        super().__init__()
        self.size = size

    def forward(self, x, scale):
        reach = (self.size - 1) * scale
        padded = F.pad(x, (reach, 0), value=-torch.inf)
        return F.max_pool1d(padded, self.size, stride=1, dilation=scale)


class Pointwise(nn.Module):
    """ReLU or sigmoid."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x, scale):
        return self.function(x)


class Dropout(nn.Module):
    """Elementwise dropout; training only, absent from the exported description."""

    def __init__(self, rate: float):
        super().__init__()
        self.rate = rate

    def forward(self, x, scale):
        return F.dropout(x, self.rate, self.training)


def layer(row: dict, channels: int) -> tuple[nn.Module, int]:
    """One layer of the description and the number of its output channels."""
    kind = row.get("type")
    if kind == "standardize":
        return Standardize(channels), channels
    if kind == "batch_norm":
        return BatchNorm(channels, row.get("repeat", 1)), channels
    if kind == "conv":
        return Convolution(channels, row["outputs"], row["kernel"], row.get("dilation", 1)), row["outputs"]
    if kind == "residual":
        return Residual(channels, row["outputs"], row.get("dilation", 1)), row["outputs"]
    if kind == "max_pool":
        return Pool(row["size"]), channels
    if kind in ("relu", "sigmoid"):
        return Pointwise(F.relu if kind == "relu" else torch.sigmoid), channels
    if kind == "dropout":
        return Dropout(row["rate"]), channels
    raise TrainingError(f"the network description has a layer of unknown type '{kind}'")


class Network(nn.Module):
    """A causal frame network. Input [N, inputs, T], output [N, classes, T or T // strides], without sigmoid."""

    def __init__(self, description: dict):
        super().__init__()
        self.description = description
        channels = description["inputs"]
        rows, self.names = [], []
        for row in description["layers"]:
            if row["type"] == "sigmoid" and row is description["layers"][-1]:
                continue
            module, channels = layer(row, channels)
            rows.append(module)
            self.names.append(row.get("name"))
        self.layers, self.outputs = nn.ModuleList(rows), channels
        for module in self.modules():
            if isinstance(module, nn.Conv1d):
                nn.init.xavier_uniform_(module.weight, gain=2 ** 0.5)
                nn.init.zeros_(module.bias)

    @property
    def stride(self) -> int:
        """Hops between two outputs of the strided form."""
        product = 1
        for module in self.layers:
            product *= module.size if isinstance(module, Pool) else 1
        return product

    def forward(self, x: torch.Tensor, strided: bool = True) -> torch.Tensor:
        """Logits. In the strided form output k is the a-trous output at hop (k+1)*stride - 1."""
        scale = 1
        for module in self.layers:
            if isinstance(module, Pool) and strided:
                x = F.max_pool1d(x, module.size)
            else:
                x = module(x, scale)
                if isinstance(module, Pool):
                    scale *= module.size
        return x

    def receptive_field(self) -> int:
        """Hops that one output can see."""
        reach, scale = 1, 1
        for module in self.layers:
            if isinstance(module, Pool):
                reach += (module.size - 1) * scale
                scale *= module.size
            elif isinstance(module, Residual):
                reach += 4 * module.dilation * scale
            elif isinstance(module, Convolution):
                reach += (module.conv.kernel_size[0] - 1) * module.dilation * scale
        return reach
