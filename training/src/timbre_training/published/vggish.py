"""The clip models of Gururani, Sharma & Lerch, "An attention mechanism for musical instrument recognition" (ISMIR 2019).

They take ten VGGish instances of 0.96 s, [n, 10, 128] in 0...1, and give probabilities [n, classes].
"""

from dataclasses import dataclass

import numpy as np
import torch
from sklearn.metrics import f1_score
from torch import nn
from torch.nn import functional as F
from tqdm import tqdm

from ..data.datasets.openmic import OpenMIC
from ..errors import TrainingError

INSTANCES, FEATURES = 10, 128


class Attention(nn.Module):
    """ATT: three embedding layers with a short cut to the input, per-class attention normalised over the instances."""

    def __init__(self, classes: int, dropout: float = 0.6):
        super().__init__()
        self.bn = nn.ModuleList(nn.BatchNorm1d(FEATURES) for _ in range(4))
        self.lin = nn.ModuleList(nn.Linear(FEATURES, FEATURES, bias=False) for _ in range(3))
        self.att, self.cla, self.dropout = nn.Linear(FEATURES, classes), nn.Linear(FEATURES, classes), dropout
        for layer in (*self.lin, self.att, self.cla):
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
        for layer in (self.att, self.cla):
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        return self.attended(x)[0]

    def attended(self, x):
        """Probabilities, and for every class the embedded instances weighted by its attention, [n, classes, 128]."""
        norm = lambda layer, y: layer(y.transpose(1, 2)).transpose(1, 2)
        y = norm(self.bn[0], x)
        for layer, bn in zip(self.lin, self.bn[1:]):
            y = F.dropout(F.relu(norm(bn, layer(y))), self.dropout, self.training)
        y = y + x
        attention = torch.sigmoid(self.att(y)).clamp(1e-7, 1 - 1e-7)
        weights = attention / attention.sum(dim=1, keepdim=True)
        return (weights * torch.sigmoid(self.cla(y))).sum(dim=1).clamp(0, 1), torch.einsum("ntc,ntf->ncf", weights, y)


class Dense(nn.Sequential):
    """FC: all instances at once through three hidden layers."""

    def __init__(self, classes: int):
        sizes, layers = (INSTANCES * FEATURES, 512, 512, 128), [nn.Flatten()]
        for before, after in zip(sizes, sizes[1:]):
            layers += [nn.Linear(before, after), nn.Dropout(0.5), nn.LeakyReLU(0.01)]
        super().__init__(*layers, nn.Linear(128, classes), nn.Sigmoid())
        xavier(self)


class MeanPooled(nn.Module):
    """FC_T: three layers per instance with a short cut to the input, then the mean."""

    def __init__(self, classes: int):
        super().__init__()
        self.embed = nn.Sequential(*(m for _ in range(3) for m in (nn.Linear(FEATURES, FEATURES), nn.Dropout(0.5), nn.LeakyReLU(0.01))))
        self.classify = nn.Linear(FEATURES, classes)
        xavier(self)

    def forward(self, x):
        return torch.sigmoid(self.classify((self.embed(x) + x).mean(dim=1)))


class Recurrent(nn.Module):
    """RNN: three GRU layers, bidirectional as published or causal, read at the last instance."""

    def __init__(self, classes: int, bidirectional: bool = True):
        super().__init__()
        self.rnn = nn.GRU(FEATURES, 64, 3, batch_first=True, dropout=0.5, bidirectional=bidirectional)
        self.FC = nn.Linear(128 if bidirectional else 64, classes)

    def forward(self, x):
        return torch.sigmoid(self.FC(self.rnn(x)[0][:, -1]))


def xavier(network: nn.Module) -> None:
    """The authors' start of the fully connected models."""
    for module in network.modules():
        if isinstance(module, nn.Linear):
            nn.init.xavier_normal_(module.weight)


@dataclass(frozen=True)
class Recipe:
    """How the paper trains a model."""

    network: type
    rate: float
    epochs: int


RECIPES = {"ATT": Recipe(Attention, 5e-4, 250), "FC": Recipe(Dense, 1e-4, 100), "FC_T": Recipe(MeanPooled, 5e-4, 100),
           "RNN": Recipe(Recurrent, 5e-4, 100)}
DECAY, BATCH, VALIDATION = 1e-5, 128, 0.15


def masked_loss(probabilities: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Binary cross-entropy over the known (clip, class) pairs; unknown labels are not a number."""
    known = ~torch.isnan(labels)
    return F.binary_cross_entropy(probabilities[known], labels[known])


def two_class_f1(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Per class, on its known clips, the mean of the F1 of presence and of absence at 0.5, as the paper reports it."""
    scores = []
    for column in range(labels.shape[1]):
        known = ~np.isnan(labels[:, column])
        scores.append(f1_score(labels[known, column] == 1, probabilities[known, column] >= 0.5, average="macro", zero_division=0)
                      if known.any() else np.nan)
    return np.array(scores)


def train(recipe: Recipe, data: OpenMIC, seed: int, epochs: int | None = None) -> nn.Module:
    """The epoch of the best validation F1, on a random 15 % of the training clips."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(data.keys))
    held, used = np.split(order, [max(1, round(VALIDATION * len(order)))])
    features, labels = torch.from_numpy(data.features), torch.from_numpy(data.labels).float()
    network = recipe.network(len(data.classes))
    optimizer = torch.optim.Adam(network.parameters(), lr=recipe.rate, weight_decay=DECAY)
    best, kept = -1.0, None
    for epoch in tqdm(range(epochs or recipe.epochs), desc=recipe.network.__name__, mininterval=10):
        network.train()
        for rows in np.array_split(rng.permutation(used), max(1, len(used) // BATCH)):
            loss = masked_loss(network(features[rows]), labels[rows])
            if not torch.isfinite(loss):
                raise TrainingError(f"epoch {epoch}: the loss is {loss.item()}; look for broken features in openmic-2018.npz")
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        score = float(np.nanmean(two_class_f1(predict(network, data.features[held]), data.labels[held])))
        if score > best:
            best, kept = score, {name: value.clone() for name, value in network.state_dict().items()}
    network.load_state_dict(kept)
    return network.eval()


def predict(network: nn.Module, features: np.ndarray) -> np.ndarray:
    """Probabilities of all clips."""
    network.eval()
    with torch.no_grad():
        return network(torch.from_numpy(features)).numpy()
