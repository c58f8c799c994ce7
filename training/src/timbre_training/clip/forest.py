"""RF_BR: binary relevance with random forests on the mean embedding, the baseline of OpenMIC-2018 and of Gururani et al. 2019."""

from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from ..errors import TrainingError
from ..atomic import atomically
from ..data.labels import PRESENT, UNKNOWN

TREES, DEPTH = 100, 8


class Forest:
    """One forest for each class, as flat arrays of nodes: what the model file holds and what the daemon walks through.

    A node with children asks whether a feature is at most the threshold (then left, else right); a leaf has no children
    and a value. Thresholds are rounded down to single precision, which decides every single-precision input as the double does.
    """

    def __init__(self, arrays: dict[str, np.ndarray]):
        self.arrays = arrays

    def save(self, path: Path) -> None:
        """Writes the arrays whole or not at all."""
        with atomically(path) as file:
            np.savez(file, **self.arrays)

    @staticmethod
    def load(path: Path) -> "Forest":
        """Reads what `save` wrote."""
        with np.load(path) as stored:
            return Forest(dict(stored))

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """[clips, classes] of mean embeddings [clips, 128] in single precision."""
        a, rows = self.arrays, np.arange(len(features))
        result = np.zeros((len(features), len(a["roots"])))
        for name, roots in enumerate(a["roots"].astype(int)):
            for root in roots:
                node = np.full(len(features), root)
                for _ in range(DEPTH):
                    inner = a["left"][node] >= 0
                    goes_left = features[rows, np.where(inner, a["features"][node], 0).astype(int)] <= a["thresholds"][node]
                    node = np.where(inner, np.where(goes_left, a["left"][node], a["right"][node]).astype(int), node)
                result[:, name] += a["values"][node]
        return (result / a["roots"].shape[1]).astype(np.float32)


def train(features: np.ndarray, labels: np.ndarray, names: list[str], seed: int, trees: int = TREES) -> tuple[Forest, list]:
    """A forest for every class from the clips whose label is known; also scikit-learn's own."""
    parts: dict[str, list] = {key: [] for key in ("features", "thresholds", "left", "right", "values")}
    roots, forests, count = [], [], 0
    for column, name in enumerate(names):
        known = labels[:, column] != UNKNOWN
        truth = labels[known, column] == PRESENT
        if truth.all() or not truth.any():
            raise TrainingError(f"'{name}' has {truth.sum()} present among {len(truth)} known labels; render more clips")
        forest = RandomForestClassifier(trees, max_depth=DEPTH, random_state=seed).fit(features[known], truth)
        forests.append(forest)
        roots.append([])
        for tree in (estimator.tree_ for estimator in forest.estimators_):
            inner = tree.children_left >= 0
            parts["features"].append(np.where(inner, tree.feature, 0))
            parts["thresholds"].append(rounded_down(np.where(inner, tree.threshold, 0)))
            for key, children in (("left", tree.children_left), ("right", tree.children_right)):
                parts[key].append(np.where(inner, children + count, -1))
            parts["values"].append(np.where(inner, 0, tree.value[:, 0, 1]))
            roots[-1].append(count)
            count += tree.node_count
    arrays = {key: np.concatenate(value).astype(np.float32) for key, value in parts.items()}
    return Forest(arrays | {"roots": np.array(roots, np.float32)}), forests


def rounded_down(values: np.ndarray) -> np.ndarray:
    """The largest single-precision number that is not above each value."""
    single = values.astype(np.float32)
    return np.where(single > values, np.nextafter(single, np.float32(-np.inf)), single).astype(np.float32)
