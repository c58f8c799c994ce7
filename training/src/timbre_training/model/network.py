"""The layer vocabulary of the model files in PyTorch, in three equal forms: strided, a-trous and streaming.

A network is built from the same JSON that the exported file carries. Strided: pools have stride = size, one output
per product of the sizes (training). A-trous: pools are stride-1 causal maxima and later kernels are dilated; same
weights, one output a hop, equal to the strided one on the pooling grid. All padding is on the left.
"""

import torch
from torch import nn
from torch.nn import functional as F

from ..errors import TrainingError

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
        if x.ndim == 4:
            return self.norm(x.flatten(2)).reshape(x.shape)
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
        return causal_convolution(flat(x), self.conv, self.dilation * scale)


class Interleave(nn.Module):
    """[N, planes*bins, T], plane behind plane, to [N, planes, bins, T]; in a frame of the stream, bin behind bin."""

    def __init__(self, planes: int):
        super().__init__()
        self.planes = planes

    def forward(self, x, scale):
        return x.reshape(x.shape[0], self.planes, -1, x.shape[2])


class SpectralConvolution(nn.Module):
    """Convolution over bins (zeros beyond both ends) and, causally, over time: [N, C, bins, T] to [N, outputs, bins', T].

    The same weights at every bin: what is learned of an instrument at one pitch is known at all of them.
    """

    def __init__(self, channels: int, outputs: int, span: int, kernel: int, stride: int = 1):
        super().__init__()
        if span % 2 == 0:
            raise TrainingError(f"a conv_2d layer spans {span} bins; it takes an odd number")
        self.stride = stride
        self.conv = nn.Conv2d(channels, outputs, (span, kernel))

    def forward(self, x, scale):
        edge, reach = self.conv.kernel_size[0] // 2, (self.conv.kernel_size[1] - 1) * scale
        return F.conv2d(F.pad(x, (reach, 0, edge, edge)), self.conv.weight, self.conv.bias,
                        stride=(self.stride, 1), dilation=(1, scale))


def flat(x: torch.Tensor) -> torch.Tensor:
    """[N, C, bins, T] to [N, bins*C, T], bin behind bin; what is flat stays so."""
    return x if x.ndim == 3 else x.transpose(1, 2).flatten(1, 2)


class Residual(nn.Module):
    """Hung & Yang's block: conv k3 (bn1 x), conv k3 (relu bn2), bn3, plus a 1x1 shortcut; no ReLU after the sum."""

    def __init__(self, channels: int, outputs: int, dilation: int = 1):
        super().__init__()
        self.dilation = dilation
        self.bn1, self.bn2, self.bn3 = (nn.BatchNorm1d(c, eps=EPSILON) for c in (channels, outputs, outputs))
        self.conv1, self.conv2 = nn.Conv1d(channels, outputs, 3), nn.Conv1d(outputs, outputs, 3)
        self.sk = nn.Conv1d(channels, outputs, 1)

    def forward(self, x, scale):
        x, step = flat(x), self.dilation * scale
        y = causal_convolution(self.bn1(x), self.conv1, step)
        y = causal_convolution(F.relu(self.bn2(y)), self.conv2, step)
        return self.bn3(y) + self.sk(x)

    def begin_as_identity(self):
        """Has the block give back its input, so that a trained network stays what it is when the block is put into it."""
        outputs, channels, _ = self.sk.weight.shape
        if outputs != channels:
            raise TrainingError(f"a residual layer of {channels} inputs and {outputs} outputs cannot begin as the identity")
        with torch.no_grad():
            self.sk.weight.copy_(torch.eye(channels)[:, :, None])
            for value in (self.sk.bias, self.bn3.weight, self.bn3.bias):
                value.zero_()


class Pool(nn.Module):
    """Maximum of the last `size` taps: strided by `size`, or at every hop over taps `scale` apart."""

    def __init__(self, size: int):
        super().__init__()
        self.size = size

    def forward(self, x, scale):
        padded = F.pad(x, ((self.size - 1) * scale, 0), value=-torch.inf)
        if x.ndim == 4:
            return F.max_pool2d(padded, (1, self.size), stride=1, dilation=(1, scale))
        return F.max_pool1d(padded, self.size, stride=1, dilation=scale)

    def strided(self, x):
        """The maximum of every `size` frames."""
        return F.max_pool2d(x, (1, self.size)) if x.ndim == 4 else F.max_pool1d(x, self.size)


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


class HarmonicSeries(nn.Module):
    """HSF-n of a pitch estimated within the network, as a second plane behind the input; `harmonics` has the shifts."""

    def __init__(self, channels: int, layers: list[dict], shifts: list[int]):
        super().__init__()
        self.pitch, self.shifts = Network({"inputs": channels, "layers": layers}), shifts
        if self.pitch.outputs != channels or self.pitch.stride != 1 or layers[-1]["type"] != "sigmoid":
            raise TrainingError(f"the layers of a harmonic_series layer must turn {channels} bins into a salience of as many at every hop")

    def forward(self, x, scale):
        if scale != 1:
            raise TrainingError("a harmonic_series layer stands behind a pool; it belongs at the input")
        return self.append(x, self.pitch(x))

    def append(self, x, logits):
        """The input and the harmonic series of the salience whose logits these are."""
        pitch = torch.sigmoid(logits)
        series = pitch.clone()
        for shift in self.shifts:
            series[:, shift:] += pitch[:, :-shift]
        return torch.cat([x, series / (len(self.shifts) + 1)], dim=1)


def layer(row: dict, channels: int) -> tuple[nn.Module, int]:
    """One layer of the description and the number of its output channels."""
    kind = row.get("type")
    if kind == "standardize":
        return Standardize(channels), channels
    if kind == "batch_norm":
        return BatchNorm(channels, row.get("repeat", 1)), channels
    if kind == "conv":
        return Convolution(channels, row["outputs"], row["kernel"], row.get("dilation", 1)), row["outputs"]
    if kind == "interleave":
        return Interleave(row["planes"]), channels
    if kind == "conv_2d":
        bins = (row["bins"] - 1) // row.get("stride", 1) + 1
        module = SpectralConvolution(channels // row["bins"], row["outputs"], row["span"], row["kernel"], row.get("stride", 1))
        return module, bins * row["outputs"]
    if kind == "harmonic_series":
        return HarmonicSeries(channels, row["layers"], row["shifts"]), 2 * channels
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
            if isinstance(module, (nn.Conv1d, nn.Conv2d)):
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
                x = module.strided(x)
            else:
                x = module(x, scale)
                if isinstance(module, Pool):
                    scale *= module.size
        return flat(x)

    def receptive_field(self) -> int:
        """Hops that one output can see."""
        reach, scale = 1, 1
        for module in self.layers:
            if isinstance(module, Pool):
                reach += (module.size - 1) * scale
                scale *= module.size
            elif isinstance(module, HarmonicSeries):
                reach += module.pitch.receptive_field() - 1
            elif isinstance(module, Residual):
                reach += 4 * module.dilation * scale
            elif isinstance(module, SpectralConvolution):
                reach += (module.conv.kernel_size[1] - 1) * scale
            elif isinstance(module, Convolution):
                reach += (module.conv.kernel_size[0] - 1) * module.dilation * scale
        return reach
