"""The clip models of Gururani et al. are theirs, and each paper's command goes from a dataset to a table."""

import dataclasses
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from safetensors.torch import load_file
from test_datasets import medley, music_net, open_mic  # noqa: F401

from timbre_training.published import reproduce, vggish
from timbre_training.clip import reproduce as clip_reproduce
from timbre_training.clip.reproduce import VISUAL
from timbre_training.data.datasets import openmic
from timbre_training.data.datasets.tracks import UNFINISHED
from timbre_training.errors import TrainingError
from timbre_training.published import measure
from timbre_training.published.systems import order

TOP = Path(__file__).parent.parent.parent
GOLDEN = TOP / "Tests" / "ModelsTests" / "Golden"


@pytest.mark.parametrize("group, model, parameters, places", [
    ("att", vggish.Attention, 55_336, None), ("rnn", vggish.Recurrent, 226_068, None), ("fct", vggish.MeanPooled, 52_116, None),
    ("fc", vggish.Dense, 986_772, None)])
def test_a_clip_model_gives_what_that_of_the_authors_gives(group, model, parameters, places):
    network = model(20).eval()
    assert sum(p.numel() for p in network.parameters()) == parameters
    stored = {key: value.float() for key, value in load_file(str(GOLDEN / f"arch_{group}.safetensors")).items()}
    missing, unexpected = network.load_state_dict(stored, strict=False)
    assert not unexpected and all(key.endswith("num_batches_tracked") for key in missing)
    with torch.no_grad():
        found = network(torch.from_numpy(np.load(GOLDEN / f"arch_{group}_in.npy")).float())
    assert np.abs(found.numpy() - np.load(GOLDEN / f"arch_{group}_out.npy")).max() < 1e-5


def test_only_known_labels_count_in_the_loss_and_in_the_score():
    probabilities = torch.tensor([[0.5, 0.9], [0.5, 0.9]])
    labels = torch.tensor([[1.0, torch.nan], [0.0, torch.nan]])
    assert torch.isclose(vggish.masked_loss(probabilities, labels), torch.tensor(0.6931), atol=1e-3)
    scores = vggish.two_class_f1(np.array([[0.9, 0.9], [0.2, 0.9], [0.9, 0.1]]), np.array([[1, np.nan], [0, np.nan], [0, np.nan]], float))
    assert np.isclose(scores[0], (2 / 3 + 2 / 3) / 2) and np.isnan(scores[1])


def test_a_clip_model_learns_what_can_be_learned(open_mic):  # noqa: F811
    data, judged = openmic.read(open_mic, "train"), openmic.read(open_mic, "test")
    quick = dataclasses.replace(vggish.RECIPES["ATT"], rate=5e-3)
    network = vggish.train(quick, data, 1, epochs=60)
    assert np.nanmean(vggish.two_class_f1(vggish.predict(network, judged.features), judged.labels)) > 0.8


def test_features_that_are_not_numbers_are_named(open_mic):  # noqa: F811
    data = openmic.read(open_mic, "train")
    data.features[:] = np.nan
    with pytest.raises((TrainingError, RuntimeError)):
        vggish.train(vggish.RECIPES["FC_T"], data, 1, epochs=1)


def test_one_command_writes_the_table_of_gururani(open_mic, tmp_path):  # noqa: F811
    reproduce.gururani(open_mic, tmp_path / "table.md", seeds=1, epochs=2)
    page = (tmp_path / "table.md").read_text()
    assert "| class | RF_BR | ATT | FC | FC_T | RNN |" in page and "| banjo |" in page and "| mean |" in page


def test_one_command_writes_the_table_of_hung_and_yang(music_net, tmp_path, monkeypatch, front_end_command):  # noqa: F811
    configurations = tmp_path / "configs"
    configurations.mkdir()
    for name in ("recipe", "as-published", "pitch", "plain", "hsf-1-estimated"):
        description = json.loads((TOP / "training" / "configs" / "published" / f"{name}.json").read_text())
        small = {"steps": 2, "outputs": 32 if name == "pitch" else 5}
        (configurations / f"{name}.json").write_text(json.dumps({key: small.get(key, value) for key, value in description.items()}))
    monkeypatch.setattr(reproduce, "write_shards", lambda tracks, work: original(tracks, work, seconds=0.75, clips=4))
    monkeypatch.setattr(measure, "engine_time", lambda model, valid, timbre: 0.01)
    reproduce.hung_yang(music_net, tmp_path / "w", tmp_path / "table.md", configurations, front_end_command, steps=2)
    page = (tmp_path / "table.md").read_text()
    assert order(configurations) == ["plain", "hsf-1-estimated"]
    assert "CQT + HSF-1, estimated pitch" in page and "| violin |" in page
    assert "2 steps of 10 clips" in page.replace("\n", " ") and "SGD as published" in page.replace("\n", " ")


original = reproduce.write_shards


@pytest.fixture
def log_mel_command(tmp_path):
    """A stand-in with the feature command's interface: a thousand frames that show how loud each band of the whole recording is."""
    script = tmp_path / "log_mel.py"
    script.write_text("import sys, numpy as np\n"
                      "x = np.frombuffer(sys.stdin.buffer.read(), '<f4')\n"
                      "p = np.array([np.abs(b).mean() for b in np.array_split(np.fft.rfft(x), 64)])\n"
                      "sys.stdout.buffer.write(np.tile(np.log(p / len(x) + 0.01), (1000, 1)).astype('<f4').tobytes())\n")
    return f"{sys.executable} {script}"


def test_a_shard_that_is_half_written_is_made_again(tmp_path, torn):
    soundfile.write(tmp_path / "clip.wav", np.zeros(4410), 44100)
    torn(".logmel.npy")
    with pytest.raises(KeyboardInterrupt):
        clip_reproduce.write_shard(tmp_path / "0000", [tmp_path / "clip.wav"], np.ones((1, 1)), ["banjo"], lambda audio: np.zeros((10, 64)))
    assert not (tmp_path / "0000.logmel.npy").exists()


def test_an_interrupted_command_cuts_the_dataset_anew(music_net, medley, tmp_path, monkeypatch):  # noqa: F811
    class Cut(Exception):
        pass

    def cut(tracks, work):
        raise Cut

    (tmp_path / "w" / "train").mkdir(parents=True)
    (tmp_path / "w" / "train" / "0000.json").write_text("[]")
    (tmp_path / "w" / UNFINISHED).touch()
    for module, paper, root in ((reproduce, reproduce.hung_yang, music_net), (clip_reproduce, clip_reproduce.zhong, medley)):
        monkeypatch.setattr(module, "write_shards", cut)
        with pytest.raises(Cut):
            paper(root, tmp_path / "w", tmp_path / "table.md", TOP / "training" / "configs", None, None)


def test_one_command_writes_the_table_of_watcharasupat(open_mic, tmp_path, log_mel_command):  # noqa: F811
    for split, numbers in (("train", range(14)), ("test", range(40, 46))):
        keys = [f"{number:06d}_0" for number in numbers]
        (open_mic / "partitions" / f"split01_{split}.csv").write_text("\n".join(keys) + "\n")
        for key in keys:
            path = open_mic / "audio" / key[:3] / f"{key}.ogg"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, np.random.default_rng(int(key[:6])).normal(0, 0.1, 4410), 44100)
    changes = {"width": 4, "epochs": 1, "batch": 2, "half": False}
    clip_reproduce.watcharasupat(open_mic, tmp_path / "w", tmp_path / "table.md", TOP / "training" / "configs", log_mel_command, changes)
    page = (tmp_path / "table.md").read_text()
    assert "| class | " + " | ".join(title for title, _, _ in VISUAL) + " |" in page
    assert "| banjo |" in page and "| mean average precision |" in page
    labels = np.concatenate([np.load(file) for file in sorted((tmp_path / "w" / "clip").glob("t*/*.labels.npy"))])
    assert len(labels) < 20 == len(labels) + sum(len(np.load(f)) for f in (tmp_path / "w" / "clip" / "valid").glob("*.labels.npy"))


def test_one_command_writes_the_table_of_zhong(medley, tmp_path, log_mel_command, monkeypatch):  # noqa: F811
    monkeypatch.setattr(clip_reproduce, "write_shards", lambda tracks, work: original(tracks, work, seconds=0.5, clips=60))
    changes = {"epochs": 1, "batch": 2, "epoch_clips": 4, "model": str(GOLDEN / "clip_tiny.safetensors")}
    clip_reproduce.zhong(medley, tmp_path / "w", tmp_path / "table.md", TOP / "training" / "configs", log_mel_command, changes)
    page = (tmp_path / "table.md").read_text()
    assert "| joint, attention |" in page and "| family mAP |" in page and "nan" not in page
