"""VGGish's convolutional stack at any width, and AttentionMIC (Watcharasupat, Gururani & Lerch 2020) on top of it.

Batch normalisation is there for training alone: the export folds it into the layer before or after it, which leaves
the published layers.
"""

import torch
from torch import nn
from torch.nn import functional as F

from ..errors import TrainingError

PATCH, BANDS = 96, 64
#: Columns of time and rows of timbre that the stack makes of a patch.
COLUMNS, ROWS = 6, 4
EMBEDDING = 128
ARCHITECTURES = ("att_tf", "att_tf_id", "att_t", "fc")
#: Channels of the six convolutions over the width; pooling follows the ones marked.
PLAN = ((1, True), (2, True), (4, False), (4, True), (8, False), (8, True))


class Stack(nn.Module):
    """[N, 96, 64] patches to [N, 8 * width, 6, 4]; width 64 is the published one."""

    def __init__(self, width: int):
        super().__init__()
        channels, self.pools = 1, [pool for _, pool in PLAN]
        self.convolutions, self.norms = nn.ModuleList(), nn.ModuleList()
        for factor, _ in PLAN:
            self.convolutions.append(nn.Conv2d(channels, factor * width, 3, padding=1))
            self.norms.append(nn.BatchNorm2d(factor * width))
            channels = factor * width
        for convolution in self.convolutions:
            nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
            nn.init.zeros_(convolution.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Zeros around every patch, as in VGGish: patches know nothing of each other."""
        x = x[:, None].contiguous(memory_format=torch.channels_last)
        for convolution, norm, pool in zip(self.convolutions, self.norms, self.pools):
            x = F.relu(norm(convolution(x)))
            if pool:
                x = F.max_pool2d(x, 2)
        return x


class Segments(nn.Module):
    """VGGish's first dense layer in segments, one for each row of timbre, then a dense layer to the embedding.

    [N, C, 6, 4] to [N, 24, 128] instances, column after column, or, where `joined`, the rows' sum as [N, 6, 128].
    """

    def __init__(self, channels: int, hidden: int, joined: bool):
        super().__init__()
        self.joined = joined
        self.weight = nn.Parameter(torch.empty(ROWS, hidden, channels))
        self.bias = nn.Parameter(torch.zeros(hidden))
        self.dense = nn.Linear(hidden, EMBEDDING)
        nn.init.normal_(self.weight, std=(2 / channels / (ROWS if joined else 1)) ** 0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pattern = "nctf,fhc->nth" if self.joined else "nctf,fhc->ntfh"
        hidden = torch.einsum(pattern, x, self.weight) + self.bias
        return self.dense(F.relu(hidden)).reshape(len(x), -1, EMBEDDING)


class Embedding(nn.Module):
    """Three dense layers of 128 and a skip connection, as in Gururani, Sharma & Lerch 2019: [N, 128] to [N, 128]."""

    def __init__(self, dropout: float):
        super().__init__()
        self.dropout = dropout
        self.norms = nn.ModuleList(nn.BatchNorm1d(EMBEDDING) for _ in range(4))
        self.layers = nn.ModuleList(nn.Linear(EMBEDDING, EMBEDDING, bias=False) for _ in range(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.norms[0](x)
        for layer, norm in zip(self.layers, self.norms[1:]):
            y = F.dropout(F.relu(norm(layer(y))), self.dropout, self.training)
        return x + y


class AttentionMIC(nn.Module):
    """Clips [N, patches, 96, 64] to probabilities [N, classes].

    att_tf attends over columns and rows; att_tf_id also tells each instance its row; att_t joins the rows and attends
    over time alone; fc has a dense layer over all instances in place of attention, and so a fixed number of patches.
    """

    def __init__(self, architecture: str, width: int, classes: int, patches: int = 10, dropout: float = 0.3):
        super().__init__()
        if architecture not in ARCHITECTURES:
            raise TrainingError(f"unknown architecture '{architecture}' ({', '.join(ARCHITECTURES)})")
        self.architecture, self.width, self.classes, self.patches = architecture, width, classes, patches
        self.stack = Stack(width)
        self.segments = Segments(8 * width, 64 * width, joined=architecture == "att_t")
        self.embedding = Embedding(dropout)
        if architecture == "fc":
            self.classifier = nn.Linear(patches * COLUMNS * ROWS * EMBEDDING, classes)
        else:
            size = EMBEDDING + (ROWS if architecture == "att_tf_id" else 0)
            self.attention, self.classifier = nn.Linear(size, classes), nn.Linear(size, classes)

    def instances(self, x: torch.Tensor) -> torch.Tensor:
        """Embedded instances [N, patches * (24 or 6), 128], with their row where the architecture wants it."""
        return self.embedded(self.stack(x.flatten(0, 1)), len(x))

    def embedded(self, planes: torch.Tensor, clips: int) -> torch.Tensor:
        """The same from what the stack made of the patches, [N * patches, 8 * width, 6, 4]."""
        made = self.segments(planes)
        embedded = self.embedding(made.flatten(0, 1)).reshape(clips, -1, EMBEDDING)
        if self.architecture == "att_tf_id":
            rows = torch.eye(ROWS).repeat(embedded.shape[1] // ROWS, 1).expand(clips, -1, -1)
            embedded = torch.cat([embedded, rows], dim=2)
        return embedded

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.pooled(self.instances(x))

    def pooled(self, instances: torch.Tensor) -> torch.Tensor:
        """Probabilities [N, classes] from the instances of windows."""
        if self.architecture == "fc":
            return torch.sigmoid(self.classifier(instances.flatten(1)))
        weights = self.weights(instances)
        return (weights * torch.sigmoid(self.classifier(instances))).sum(dim=1).clamp(0, 1)

    def weights(self, instances: torch.Tensor) -> torch.Tensor:
        """How much every instance counts for every class; the sum over the instances is 1."""
        raw = torch.sigmoid(self.attention(instances)).clamp(1e-7, 1 - 1e-7)
        return raw / raw.sum(dim=1, keepdim=True)
