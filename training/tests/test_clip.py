"""The clip models: labels, losses, variants, the folding of normalisations, and a run that can be killed."""

import json

import numpy as np
import pytest
import torch

from timbre_training.clip import export
from timbre_training.clip.dataset import Clips, augment, batch, clip_labels, forget, mix
from timbre_training.clip.loss import inverse_frequency, known_loss
from timbre_training.clip.metrics import clip_scores
from timbre_training.clip.network import ARCHITECTURES, BANDS, PATCH, AttentionMIC
from timbre_training.clip.train import Trainer, learning_rate, trainable
from timbre_training.errors import TrainingError
from timbre_training.data.labels import ABSENT, PRESENT, SOFT, UNKNOWN
from timbre_training.data.taxonomy import CLASSES

CONFIGURATION = {"name": "test", "architecture": "att_tf_id", "width": 1, "window_patches": 4, "train_patches": 2,
                 "dropout": 0.1, "seed": 1, "batch": 4, "rate": 1e-3, "decay": 0, "loss": "bce", "average": 0.5,
                 "epochs": 2, "patience": 10,
                 "augmentation": {"gain_db": 12, "equalise_db": 3, "band_mask": 8, "time_mask": 20, "mix": 0.5, "mix_db": 12}}


@pytest.fixture
def shards(flute_shards):
    """Clips of 5 s."""
    return flute_shards(500, 431, slice(20, 30))


def test_clip_labels_are_unknown_where_nobody_could_say():
    frames = np.zeros((400, 4), np.uint8)
    frames[:35, 0] = PRESENT
    frames[:34, 1] = PRESENT
    frames[:41, 2] = UNKNOWN
    assert clip_labels(frames).tolist() == [PRESENT, UNKNOWN, UNKNOWN, ABSENT]


def test_a_teacher_labels_clips_where_it_was_sure():
    frames = np.full((100, 4), ABSENT, np.uint8)
    frames[:, 0], frames[:, 1], frames[:, 2], frames[:, 3] = SOFT + 245, SOFT + 5, SOFT + 120, ABSENT
    frames[:50, 1] = UNKNOWN
    assert clip_labels(frames).tolist() == [PRESENT, UNKNOWN, UNKNOWN, ABSENT]
    frames[:, 1] = SOFT + 5
    assert clip_labels(frames).tolist() == [PRESENT, ABSENT, UNKNOWN, ABSENT]


def test_labels_are_hidden_as_often_as_asked():
    labels = np.tile([PRESENT, ABSENT], (20000, 1)).astype(np.uint8)
    known = (forget(labels, {"present": 0.36, "absent": 0.055}, np.random.default_rng(1)) != UNKNOWN).mean(axis=0)
    assert np.abs(known - [0.36, 0.055]).max() < 0.02


def test_hidden_labels_are_the_same_whenever_a_clip_is_met(shards):
    first, again = (Clips(shards / "train", {"present": 0.5, "absent": 0.5}, seed=3) for _ in range(2))
    for number in range(8):
        assert np.array_equal(first.window(number, 0, 4)[1], again.window(number, 60, 4)[1])


def test_losses_see_known_labels_alone():
    p = torch.tensor([[0.9, 0.2, 0.5]])
    y, mask = torch.tensor([[1.0, 0.0, 1.0]]), torch.tensor([[1.0, 1.0, 0.0]])
    bce = known_loss(p, y, mask, "bce", torch.ones(3))
    assert bce.item() == pytest.approx(-(np.log(0.9) + np.log(0.8)) / 2, rel=1e-5)
    balance = inverse_frequency(np.array([10, 20, 40]))
    assert balance.mean().item() == pytest.approx(1)
    focal = known_loss(p, y, mask, "focal", balance)
    expected = -(balance[0] * 0.1 ** 2 * np.log(0.9) + balance[1] * 0.2 ** 2 * np.log(0.8)) / 2
    assert focal.item() == pytest.approx(expected.item(), rel=1e-4)


def test_mixing_keeps_what_either_holds():
    spectrum = np.full((96, BANDS), -2.0, np.float32)
    a, b = np.array([PRESENT, ABSENT, UNKNOWN, ABSENT]), np.array([UNKNOWN, PRESENT, ABSENT, ABSENT])
    mixed, labels = mix(np.random.default_rng(1), (spectrum, a), (spectrum, b), 0.0)
    assert labels.tolist() == [PRESENT, PRESENT, UNKNOWN, ABSENT]
    assert np.allclose(np.exp(mixed) - 0.01, (np.exp(-2) - 0.01) * 2 ** 0.5, rtol=1e-4)


def test_augmentation_of_nothing_changes_nothing():
    spectrum = np.random.default_rng(1).normal(-1, 0.5, (96, BANDS)).astype(np.float32)
    none = {"gain_db": 0, "equalise_db": 0, "band_mask": 0, "time_mask": 0}
    assert np.allclose(augment(np.random.default_rng(1), spectrum, none), spectrum, atol=1e-5)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_weights_sum_to_one_and_patches_are_apart(architecture):
    torch.manual_seed(1)
    network = AttentionMIC(architecture, 1, 3, patches=4).eval()
    x = torch.randn(2, 4, PATCH, BANDS)
    with torch.no_grad():
        instances = network.instances(x)
        each = torch.cat([network.instances(x[:, k:k + 1]) for k in range(4)], dim=1)
        assert torch.allclose(instances, each, atol=1e-5)
        assert instances.shape[1] == 4 * (6 if architecture == "att_t" else 24)
        if architecture != "fc":
            assert torch.allclose(network.weights(instances).sum(dim=1), torch.ones(2, 3), atol=1e-5)
        probabilities = network(x)
    assert probabilities.shape == (2, 3) and ((probabilities >= 0) & (probabilities <= 1)).all()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_folding_changes_no_probability(architecture, tmp_path):
    torch.manual_seed(2)
    network = AttentionMIC(architecture, 2, 3, patches=2)
    for _ in range(5):
        network(torch.randn(8, 2, PATCH, BANDS))
    network.eval()
    x = torch.randn(4, 2, PATCH, BANDS)
    with torch.no_grad():
        assert torch.allclose(network(x), export.rounded(network, half=False)(x), atol=1e-5)
        assert torch.allclose(network(x), export.rounded(network)(x), atol=5e-3)
    description = export.describe(network, "x", ["flute", "oboe", "piano"], [0.5] * 3, {})
    export.write(tmp_path / "x.safetensors", network, description)
    with pytest.raises(TrainingError):
        export.write(tmp_path / "y.safetensors", network, {**description, "thresholds": [0.5]})
    assert not (tmp_path / "y.safetensors").exists()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_run_can_begin_with_a_model_file(architecture, tmp_path):
    torch.manual_seed(3)
    network = AttentionMIC(architecture, 2, len(CLASSES), patches=2)
    for _ in range(20):
        network(2 * torch.randn(16, 2, PATCH, BANDS) - 1)
    file = tmp_path / "x.safetensors"
    export.write(file, network.eval(), export.describe(network, "x", list(CLASSES), [0.5] * len(CLASSES), {}))
    x = torch.randn(32, 2, PATCH, BANDS)
    begun = AttentionMIC(architecture, 2, len(CLASSES), patches=2, dropout=0.0)
    trainable(file, begun, x)
    with torch.no_grad():
        expected = export.read(file)(x)
        assert torch.allclose(begun.eval()(x), expected, atol=2e-3)
        assert torch.allclose(begun.train()(x), expected, atol=2e-3), "nor do the statistics of a batch change it"
    with pytest.raises(TrainingError, match="width 2 .* width 3"):
        trainable(file, AttentionMIC(architecture, 3, len(CLASSES), patches=2), x)


def test_a_run_learns_and_goes_on_from_its_last_epoch(shards, tmp_path):
    Trainer({**CONFIGURATION, "epochs": 1}, shards / "train", shards / "valid", tmp_path / "run").fit()
    trainer = Trainer({**CONFIGURATION, "epochs": 12, "rate": 3e-3}, shards / "train", shards / "valid", tmp_path / "run")
    assert trainer.epoch == 1
    trainer.fit()
    log = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert log[-1]["loss"] < 0.8 * log[0]["loss"]
    network, state = export.load(tmp_path / "run")
    assert state["epoch"] >= 1 and network.architecture == "att_tf_id"
    with pytest.raises(TrainingError):
        Trainer({**CONFIGURATION, "width": 2}, shards / "train", shards / "valid", tmp_path / "run")


@pytest.mark.parametrize("key, value", [("seed", 2), ("loss", "focal"), ("batch", 2), ("average", 0.9), ("known", {"present": 0.5, "absent": 0.5})])
def test_a_run_does_not_go_on_by_another_recipe(key, value, shards, tmp_path):
    Trainer({**CONFIGURATION, "epochs": 1}, shards / "train", shards / "valid", tmp_path / "run").fit()
    with pytest.raises(TrainingError, match=f"begun with '{key}' .*choose another --run folder"):
        Trainer({**CONFIGURATION, key: value}, shards / "train", shards / "valid", tmp_path / "run")


def test_the_rate_falls_along_a_cosine_where_asked(shards, tmp_path):
    steady, falling = {"rate": 0.4, "epochs": 4}, {"rate": 0.4, "epochs": 4, "anneal": True}
    assert [learning_rate(steady, epoch) for epoch in (0, 4)] == [0.4, 0.4]
    assert [round(learning_rate(falling, epoch), 3) for epoch in range(5)] == [0.4, 0.341, 0.2, 0.059, 0]
    trainer = Trainer(CONFIGURATION | {"anneal": True}, shards / "train", shards / "train", tmp_path)
    trainer.fit()
    assert trainer.optimizer.param_groups[0]["lr"] == pytest.approx(0.5 * CONFIGURATION["rate"])


def test_a_fixed_window_is_what_a_dense_classifier_trains_on(shards, tmp_path):
    with pytest.raises(TrainingError):
        Trainer({**CONFIGURATION, "architecture": "fc"}, shards / "train", shards / "valid", tmp_path / "run")


def test_scores_of_known_labels():
    labels = np.full((4, len(CLASSES)), UNKNOWN)
    labels[:, 0] = [PRESENT, PRESENT, ABSENT, ABSENT]
    probabilities = np.zeros((4, len(CLASSES)))
    probabilities[:, 0] = [0.9, 0.4, 0.6, 0.1]
    scores = clip_scores(probabilities, labels)
    assert list(scores["classes"]) == [CLASSES[0]]
    assert scores["mean"]["f1"] == pytest.approx(0.5) and scores["mean"]["f1_macro"] == pytest.approx(0.5)
    assert scores["mean"]["f1_best"] == pytest.approx(0.8)


def test_batches_know_their_shapes(shards):
    clips = Clips(shards / "train")
    x, y, mask = batch(clips, [0, 1, 2], np.random.default_rng(1), 2, CONFIGURATION["augmentation"])
    assert x.shape == (3, 2, PATCH, BANDS) and y.shape == mask.shape == (3, len(CLASSES))
    with pytest.raises(TrainingError):
        Clips(shards)
