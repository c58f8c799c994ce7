"""Two papers' clip systems on the datasets that their users have: OpenMIC-2018 for Watcharasupat et al., MedleyDB for Zhong et al."""

import json
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..evaluate.card import table
from ..data.corpus import RATE, decode
from ..data.datasets import medleydb, openmic
from ..data.datasets.tracks import are_there, write_shards
from ..errors import TrainingError
from ..atomic import atomically
from ..data.labels import ABSENT, HOP, PRESENT, UNKNOWN
from ..data.taxonomy import CLASSES, INDEX
from . import features, frozen, systems
from .dataset import OFFSET, Clips
from .export import load
from .features import HOP_SECONDS, LogMel
from .frozen_train import load as load_system
from .frozen_train import predict as answers
from .frozen_train import scores, train_system
from .glimpses import GLIMPSE_ARCHITECTURES
from .glimpses_train import GlimpseTrainer
from .metrics import clip_scores
from .network import BANDS
from .train import Trainer, predict

#: Log-mel frames of OpenMIC's ten seconds, and clips that share a file.
FRAMES, SHARD = 998, 60
#: Share of OpenMIC's training clips that decides when to stop.
HELD_OUT = 0.15
#: Title, architecture and loss of the systems of Watcharasupat et al. 2020.
VISUAL = (("AttTF", "att_tf", "bce"), ("AttTFid", "att_tf_id", "bce"), ("AttTFid, focal", "att_tf_id", "focal"), ("AttT", "att_t", "bce"),
          ("FC", "fc", "bce"), ("SR16", "sightreader", "bce"), ("SR16-FL", "sightreader", "focal"), ("RAM16-RNN", "ram_rnn", "bce"),
          ("RAM16-GRU", "ram_gru", "bce"))
HIERARCHICAL = ("hierarchical_separate", "hierarchical_rule", "hierarchical_attention")


def write_openmic(root: Path, out: Path, front_end: LogMel) -> None:
    """Spectrograms and labels of OpenMIC's clips as shards in `train`, `valid` (drawn from the training clips) and `test`."""
    for name, split in (("train", "train"), ("test", "test")):
        data = openmic.read(root, split)
        held_out = np.random.default_rng(0).random(len(data.keys)) < (HELD_OUT if name == "train" else 0)
        for target, chosen in ((name, np.flatnonzero(~held_out)), ("valid", np.flatnonzero(held_out))):
            for shard, rows in enumerate(np.array_split(chosen, -(-len(chosen) // SHARD)) if len(chosen) else []):
                write_shard(out / target / f"{shard:04d}", [data.audio(openmic.root_of(root))[row] for row in rows], data.labels[rows],
                            data.classes, front_end)


def write_shard(stem: Path, recordings: list[Path], labels: np.ndarray, classes: list[str], front_end: LogMel) -> None:
    """One shard, unless it is there. A clip's labels hold for all of it; classes that the dataset does not ask for are unknown."""
    if stem.with_name(f"{stem.name}.logmel.npy").exists():
        return
    stem.parent.mkdir(parents=True, exist_ok=True)
    truth = np.full((len(recordings), len(CLASSES)), UNKNOWN, np.uint8)
    truth[:, [INDEX[name] for name in classes]] = np.where(np.isnan(labels), UNKNOWN, np.where(labels == 1, PRESENT, ABSENT))
    spectra = np.full((len(recordings), FRAMES, BANDS), np.log(OFFSET), np.float16)
    for row, path in enumerate(tqdm(recordings, desc=f"{stem.parent.name} {stem.name}", mininterval=10)):
        spectrum = front_end(decode(path))[:FRAMES]
        spectra[row, :len(spectrum)] = spectrum
    hops = int(FRAMES * HOP_SECONDS * RATE / HOP)
    np.save(stem.with_name(f"{stem.name}.labels.npy"), np.repeat(truth[:, None], hops, axis=1))
    with atomically(stem.with_name(f"{stem.name}.logmel.npy")) as file:
        np.save(file, spectra)


def watcharasupat(dataset: Path, work: Path, out: Path, configurations: Path, command: str | None, changes: dict | None = None) -> None:
    """Every system of Watcharasupat et al. 2020 on OpenMIC's test clips; the paper gives its figures as a drawing, this as a table.

    `changes` overlays every configuration. VGGish's weights are not part of this project, so the stack learns from nothing.
    """
    clips = work / "clip"
    write_openmic(dataset, clips, LogMel(command))
    found = {}
    for title, architecture, loss in VISUAL:
        glimpses = architecture in GLIMPSE_ARCHITECTURES
        file = configurations / ("clip-glimpses.json" if glimpses else "clip-published.json")
        configuration = {**json.loads(file.read_text()), "architecture": architecture, "loss": loss, "known": None, **(changes or {})}
        run = work / "runs" / f"{architecture}-{loss}"
        (GlimpseTrainer if glimpses else Trainer)(configuration, clips / "train", clips / "valid", run).fit()
        network = load(run)[0]
        found[title] = clip_scores(*predict(network, Clips(clips / "test"), network.patches))
    names = [name for name in CLASSES if any(name in scored["classes"] for scored in found.values())]
    rows = [[name, *(scored["classes"].get(name, {}).get("f1_macro") for scored in found.values())] for name in names]
    rows += [[title, *(scored["mean"][key] for scored in found.values())]
             for title, key in (("mean", "f1_macro"), ("mean F1 of presence", "f1"), ("mean average precision", "ap"))]
    out.write_text("# Watcharasupat et al. 2020 on OpenMIC-2018\n\nMean of the F1 of presence and of absence at 0.5, test clips of split01; the epoch of "
                   "the best F1 on 15 % of the training clips. The stack of AttentionMIC is not VGGish's: it learned from nothing.\n\n"
                   + table(["class", *found], rows) + "\n")


def zhong(dataset: Path, work: Path, out: Path, configurations: Path, command: str | None, changes: dict | None = None) -> None:
    """Instruments and families apart, joint by rule and joint by attention (Zhong et al. 2023) on MedleyDB."""
    if not are_there(work):
        written = write_shards(medleydb.tracks(dataset), work)
        if not all(written.values()):
            raise TrainingError(f"{dataset}: {written} clips; MedleyDB needs artists to train on and others to judge by")
    rows = []
    for name in HIERARCHICAL:
        configuration = {**systems.configurations(configurations / "clip-systems.json")[name], "known": None, **(changes or {})}
        for split in ("train", "valid"):
            features.extract(work / split, work / "clip" / split, LogMel(command))
            frozen.extract(Path(configuration["model"]), work / "clip" / split, work / "clip" / "frozen" / split)
        heard = work / "clip" / "frozen"
        train_system(configuration, heard, work / "runs" / name)
        judged = frozen.Heard(heard / "valid", "embedding", families=True)
        found = answers(load_system(work / "runs" / name)[0], judged)
        fine, count = clip_scores(found[:, :len(CLASSES)], judged.labels[:, :len(CLASSES)])["mean"], scores(found, judged.labels)
        rows.append([configuration["title"], *(fine[key] for key in ("f1", "f1_macro", "ap")),
                     *(count[f"family_{key}"] for key in ("f1", "f1_macro", "ap"))])
    out.write_text("# Zhong et al. 2023 on MedleyDB\n\nClips of held-out artists; F1 of presence at 0.5, mean of the F1 of presence and of absence, mean average "
                   "precision, of instruments and of families. Embeddings are those of the bundled clip model.\n\n"
                   + table(["system", "F1", "two-class F1", "mAP", "family F1", "family two-class F1", "family mAP"], rows) + "\n")
