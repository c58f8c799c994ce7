"""Sightreader and RAM: what a glimpse shows, what its places are worth, where the gradients go, and a run that learns."""

import json

import numpy as np
import pytest
import torch
from safetensors import safe_open

from timbre_training.clip import export
from timbre_training.clip.glimpses import GLIMPSE_ARCHITECTURES, GLIMPSES, SILENCE, Glimpses, Looks
from timbre_training.clip.glimpses_loss import hybrid_loss, rewards
from timbre_training.clip.network import BANDS
from timbre_training.clip.glimpses_train import GlimpseTrainer
from timbre_training.errors import TrainingError

CONFIGURATION = {"name": "test", "architecture": "ram_gru", "width": 16, "window_patches": 2, "train_patches": 2, "seed": 1,
                 "batch": 4, "rate": 5e-3, "decay": 0, "loss": "bce", "epochs": 1, "patience": 100,
                 "augmentation": {"gain_db": 0, "equalise_db": 0, "band_mask": 0, "time_mask": 0, "mix": 0, "mix_db": 0}}


@pytest.fixture
def shards(flute_shards):
    """Clips of 2 s."""
    return flute_shards(200, 180, slice(10, 54))


def make(architecture: str) -> Glimpses:
    torch.manual_seed(1)
    return Glimpses(architecture, 8, 3, patches=2).eval()


@pytest.mark.parametrize("architecture", GLIMPSE_ARCHITECTURES)
def test_a_glimpse_shows_the_patches_around_its_centre_and_silence_outside(architecture):
    network, x = make(architecture), torch.randn(2, 192, BANDS)
    patches, places, centres = network.wander(x, drawn=True)
    assert patches.shape[:2] == places.shape[:2] == (2, GLIMPSES)
    for clip, number in np.ndindex(2, GLIMPSES):
        frame, band = (int(v) for v in centres[clip, number])
        place = places[clip, number].clamp(-1, 1).numpy()
        assert np.abs([frame - (place[0] + 1) / 2 * 191, band - (place[1] + 1) / 2 * 63]).max() <= 0.501
        expected = [x[clip, t, b].item() if 0 <= t < 192 and 0 <= b < BANDS else SILENCE
                    for frames, bands in network.shapes
                    for t in range(frame - frames // 2, frame - frames // 2 + frames)
                    for b in range(band - bands // 2, band - bands // 2 + bands)]
        assert np.allclose(patches[clip, number].numpy() * 2 - 1.6, expected, atol=1e-5)


@pytest.mark.parametrize("architecture", GLIMPSE_ARCHITECTURES)
def test_places_are_drawn_in_training_alone_and_begin_at_the_centre(architecture):
    network = make(architecture)
    x = torch.randn(4, 2, 96, BANDS)
    first, again = network.look(x, drawn=False), network.look(x, drawn=False)
    assert torch.equal(first.places, again.places) and torch.equal(first.opinions, again.opinions)
    assert (first.places[:, 0] == 0).all() and first.log_probabilities.abs().max() < 1e-9
    assert torch.equal(network(x), first.opinions[:, -1])
    drawn = torch.cat([network.look(x, drawn=True).places[:, 0] for _ in range(300)])
    assert abs(drawn.std().item() - 0.17) < 0.02
    assert (network.look(x, drawn=True).places.abs() <= 1).all()


def test_a_window_in_patches_is_the_window_in_frames():
    network = make("sightreader")
    x = torch.randn(2, 3, 96, BANDS)
    assert torch.equal(network(x), network(x.flatten(1, 2)))


def test_rewards_add_up_and_know_known_labels_alone():
    opinions = torch.tensor([[[0.9, 0.9, 0.1], [0.9, 0.1, 0.1]]])
    targets, mask = torch.tensor([[1.0, 0.0, 1.0]]), torch.tensor([[1.0, 1.0, 0.0]])
    assert rewards(opinions, targets, mask).tolist() == [[0.5, 1.5]]
    assert rewards(opinions, targets, torch.zeros(1, 3)).tolist() == [[0.0, 0.0]]


def test_reward_teaches_where_to_look_and_the_labels_everything_else():
    network = make("sightreader").train()
    x, y, mask, even = torch.randn(4, 2, 96, BANDS), torch.ones(4, 3), torch.ones(4, 3), torch.ones(3)
    network.look(x, drawn=True).opinions[:, -1].sum().backward()
    assert network.next.weight.grad is None and network.baseline.weight.grad is None
    reached = {name for name, value in network.named_parameters() if value.grad is not None}
    network.zero_grad()
    looks = network.look(x, drawn=True)
    looks.log_probabilities.sum().backward(retain_graph=True)
    assert {name for name, value in network.named_parameters() if value.grad is not None} == {"next.weight", "next.bias"}
    network.zero_grad()
    hybrid_loss(looks, y, mask, "bce", even).backward()
    assert all(value.grad is not None for value in network.parameters())
    assert len(reached) == 12


def test_places_that_earn_more_than_was_expected_become_likelier():
    likely, expected = torch.zeros(1, 2, requires_grad=True), torch.tensor([[0.2, 2.0]], requires_grad=True)
    opinions = torch.tensor([[[0.9, 0.9], [0.9, 0.1]]])
    looks = Looks(torch.zeros(1, 2, 2), torch.zeros(1, 2, 2), opinions, likely, expected, torch.zeros(1, 1, 2))
    hybrid_loss(looks, torch.tensor([[1.0, 0.0]]), torch.ones(1, 2), "bce", torch.ones(2)).backward()
    assert torch.allclose(-likely.grad, torch.tensor([[0.5 - 0.2, 1.5 - 2.0]]))
    assert torch.allclose(expected.grad, torch.tensor([[0.2 - 0.5, 2.0 - 1.5]]))


@pytest.mark.parametrize("architecture", GLIMPSE_ARCHITECTURES)
def test_the_file_holds_all_but_the_baseline_and_says_what_it_is(architecture, tmp_path):
    network = make(architecture)
    description = export.describe(network, "x", ["flute", "oboe", "piano"], [0.5] * 3, {})
    export.write(tmp_path / "x.safetensors", network, description)
    with safe_open(tmp_path / "x.safetensors", "pt") as file:
        assert json.loads(file.metadata()["description"])["architecture"] == architecture
        count = sum(file.get_tensor(name).numel() for name in file.keys())
    assert count == sum(value.numel() for value in network.parameters()) - network.baseline.weight.numel() - 1


def test_arithmetic_is_counted_as_the_engine_counts_it():
    # Tests/ModelsTests/GlimpseNetworkTests.swift holds the same numbers.
    expected = {"sightreader": 52_304, "ram_rnn": 12_176, "ram_gru": 16_272}
    assert {name: Glimpses(name, 8, 2).multiply_adds for name in GLIMPSE_ARCHITECTURES} == expected


def test_unknown_names_and_odd_widths_are_refused():
    with pytest.raises(TrainingError):
        Glimpses("glance", 8, 3)
    with pytest.raises(TrainingError):
        Glimpses("ram_gru", 7, 3)


@pytest.mark.parametrize("loss", ("bce", "focal"))
def test_a_run_learns_and_goes_on_from_its_last_epoch(shards, tmp_path, loss):
    settings = {**CONFIGURATION, "loss": loss}
    GlimpseTrainer(settings, shards / "train", shards / "valid", tmp_path / "run").fit()
    trainer = GlimpseTrainer({**settings, "epochs": 60}, shards / "train", shards / "valid", tmp_path / "run")
    assert trainer.epoch == 1
    trainer.fit()
    log = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert [row["epoch"] for row in log] == list(range(1, 61))
    assert max(row["ap"] for row in log) == 1.0
