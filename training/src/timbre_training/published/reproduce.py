"""One command per paper: from a dataset as it was published to the paper's table."""

from pathlib import Path

import numpy as np

from ..evaluate.card import table
from ..clip import forest
from ..data.datasets import musicnet, openmic
from ..data.datasets.tracks import are_there, write_shards
from ..errors import TrainingError
from ..model.features import FrontEnd, extract
from ..data.labels import ABSENT, PRESENT, UNKNOWN
from . import configuration, measure, systems
from . import table as page
from .vggish import RECIPES, predict, train, two_class_f1

#: Steps of Hung & Yang's 100 epochs on the 3 s segments of MusicNet's training recordings, of which they evaluate the 55th.
SEGMENTS, EPOCHS = 40_000, 55


def hung_yang(dataset: Path, work: Path, out: Path, configurations: Path, command: str | None, steps: int | None) -> None:
    """Table 2 of Hung & Yang 2018: every system on MusicNet's test recordings."""
    if not are_there(work):
        written = write_shards(musicnet.tracks(dataset), work)
        if not all(written.values()):
            raise TrainingError(f"{dataset}: {written} clips; MusicNet has recordings to train and to test")
    front_end = FrontEnd(configuration.read(configurations / "recipe.json")["front_end"], command)
    for split in ("train", "valid"):
        extract(work / split, front_end, systems.features_folder(work) / split)
    runs = work / "runs"
    systems.train_all(configurations, work, runs, steps=steps or SEGMENTS * EPOCHS // 10, recipe=configurations / "as-published.json",
                      changes={"shards": None, "bfloat16": False})
    names = measure.measure_all(configurations, work, runs, None, None, command)
    out.write_text(page.write(runs, names, None))


def gururani(dataset: Path, out: Path, seeds: int = 10, epochs: int | None = None) -> None:
    """The comparison of Gururani et al. 2019: five models on OpenMIC's test clips, mean and deviation over seeds."""
    learned, judged = openmic.read(dataset, "train"), openmic.read(dataset, "test")
    coded = np.where(np.isnan(learned.labels), UNKNOWN, np.where(learned.labels == 1, PRESENT, ABSENT))
    grown = [forest.train(learned.features.mean(axis=1), coded, learned.classes, seed)[0] for seed in range(seeds)]
    baseline = np.array([two_class_f1(trees.probabilities(judged.features.mean(axis=1)), judged.labels) for trees in grown])
    scores = {"RF_BR": baseline} | {name: np.array([two_class_f1(predict(train(recipe, learned, seed, epochs), judged.features), judged.labels)
                              for seed in range(seeds)]) for name, recipe in RECIPES.items()}
    rows = [[c, *(float(s[:, k].mean()) for s in scores.values())] for k, c in enumerate(judged.classes)]
    rows.append(["mean", *(float(np.nanmean(s)) for s in scores.values())])
    rows.append(["deviation of the mean over seeds", *(float(np.nanmean(s, axis=1).std()) for s in scores.values())])
    out.write_text(f"# Gururani et al. 2019 on OpenMIC-2018\n\nMean of the F1 of presence and of absence at 0.5, test clips of split01, "
                   f"{seeds} seeds; the checkpoint of the best F1 on 15 % of the training clips.\n\n"
                   + table(["class", *scores], rows) + "\n")
