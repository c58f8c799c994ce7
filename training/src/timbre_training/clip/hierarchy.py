"""Instruments and their families together, after Zhong et al., "An attention-based approach to hierarchical multi-label music
instrument classification" (ICASSP 2023).

The paper joins the two levels by rule (a family is as present as the most present of its members) or by attention learnt
from data, and compares both with separate training. Of its text only the abstract was at hand, so the trunk and the form of
the attention are choices made here: every network below is an attention model of Gururani et al. 2019 on embeddings [N, 10, 128]
and gives [N, classes + families], and the loss is the sum of the losses of both levels.
"""

import torch
from torch import nn

from ..data.taxonomy import CLASSES, FAMILIES, INDEX
from ..published.vggish import FEATURES, Attention

#: Numbers by which families look for instruments.
KEY = 64


class Separate(nn.Module):
    """Two networks with nothing in common but what they hear."""

    def __init__(self, dropout: float):
        super().__init__()
        self.fine, self.coarse = Attention(len(CLASSES), dropout), Attention(len(FAMILIES), dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([self.fine(x), self.coarse(x)], dim=1)


class Rule(nn.Module):
    """Grouped max-pooling: the loss of a family teaches its most probable member."""

    def __init__(self, dropout: float):
        super().__init__()
        self.fine = Attention(len(CLASSES), dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        fine = self.fine(x)
        groups = [fine[:, [INDEX[name] for name in members]].amax(dim=1) for members in FAMILIES.values()]
        return torch.cat([fine, torch.stack(groups, dim=1)], dim=1)


class Link(nn.Module):
    """Attention of every family over all instruments.

    The key of an instrument is made of what the network heard where it attended to it, of its probability and of what it
    is; a family's probability is the mean of the instruments' probabilities, weighted by softmax attention. The rule
    is the limit in which all weight lies on the most probable member. A family's loss teaches where to look and what
    is heard there, but not the probabilities that are read: where few labels are known, it else makes the output of a
    rare instrument its own (tried: the trombone's stood for four families).
    """

    def __init__(self):
        super().__init__()
        self.query = nn.Parameter(torch.randn(len(FAMILIES), KEY) * KEY ** -0.5)
        self.identity = nn.Parameter(torch.randn(len(CLASSES), KEY))
        self.presence = nn.Parameter(torch.zeros(KEY))
        self.key = nn.Linear(FEATURES, KEY, bias=False)

    def forward(self, fine: torch.Tensor, vectors: torch.Tensor) -> torch.Tensor:
        """[N, families] from probabilities [N, classes] and the vectors [N, classes, 128] that were attended to."""
        return (self.weights(fine, vectors) * fine.detach()[:, None]).sum(dim=2)

    def weights(self, fine: torch.Tensor, vectors: torch.Tensor) -> torch.Tensor:
        """[N, families, classes], summing to 1 over the classes."""
        keys = self.key(vectors) + self.identity + fine.detach()[..., None] * self.presence
        return torch.softmax(torch.einsum("fk,nck->nfc", self.query, keys), dim=2)


class Linked(nn.Module):
    """The connection from instruments to families is learnt."""

    def __init__(self, dropout: float):
        super().__init__()
        self.fine, self.link = Attention(len(CLASSES), dropout), Link()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        fine, vectors = self.fine.attended(x)
        return torch.cat([fine, self.link(fine, vectors)], dim=1)
