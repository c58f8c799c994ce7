"""The published systems are what the paper says, causal and offline, and train, estimate, measure and compare end to end."""

import json
import os
import runpy
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from safetensors import safe_open

from timbre_training.model import export
from timbre_training.data.corpus import Bank
from timbre_training.errors import TrainingError
from timbre_training.model.features import FrontEnd, extract
from timbre_training.model.harmonics import harmonic_series
from timbre_training.data.labels import ABSENT, PRESENT, UNKNOWN
from timbre_training.model.network import Network
from timbre_training.published import architecture, measure, multipitch, offline, statistics, systems, table
from timbre_training.published.configuration import read
from timbre_training.published.planes import Planes, lately
from timbre_training.published.recipe import in_words
from timbre_training.render.render import Renderer, render_shard

TOP = Path(__file__).parent.parent.parent
CONFIGURATIONS = TOP / "training" / "configs" / "published"
NAMES = sorted(p.stem for p in CONFIGURATIONS.glob("*.json") if p.stem not in systems.RECIPES)


@pytest.mark.parametrize("classes, description, parameters", [
    (7, architecture.plain(7), 312_263), (7, architecture.residual(7, 1), 1_073_255), (7, architecture.residual(7, 2), 1_096_487),
    (7, architecture.residual(7, 2, shared=False), 1_096_663), (0, architecture.pitch_estimator(), 29_313)])
def test_a_network_has_the_published_number_of_parameters(classes, description, parameters):
    assert sum(p.numel() for p in Network(description).parameters()) == parameters


@pytest.mark.parametrize("name", NAMES)
def test_every_configuration_builds_its_network(name):
    configuration = read(CONFIGURATIONS / f"{name}.json")
    network = systems.make_network(configuration)(configuration["network"])
    assert network.outputs == (88 if name == "pitch" else 24)
    assert network.stride == (1 if name == "pitch" else 9)
    assert configuration["name"] == name and configuration["title"]


@pytest.mark.parametrize("group, planes", [("arch_sy_cqt", 1), ("arch_sy_hsf5", 2)])
def test_the_offline_form_is_that_of_the_authors(group, planes):
    golden = TOP / "Tests" / "ModelsTests" / "Golden"
    description = architecture.residual(7, planes)
    network = offline.OfflineNetwork({**description, "layers": description["layers"][1:]}).eval()
    with safe_open(str(golden / f"{group}.safetensors"), "pt") as file, torch.no_grad():
        for key, target in export.tensors(network).items():
            stored = file.get_tensor(key).float()
            target.copy_(stored.permute(0, 3, 1, 2).reshape(target.shape) if stored.ndim == 4 else stored)
        x = torch.from_numpy(np.load(golden / f"{group}_in.npy")).permute(0, 3, 1, 2).flatten(1, 2)
        assert np.abs(torch.sigmoid(network(x)).numpy() - np.load(golden / f"{group}_out.npy").reshape(len(x), 7, -1)).max() < 1e-5


def test_the_parity_fixtures_are_reproduced(tmp_path):
    script = TOP / "training" / "golden" / "make_published.py"
    runpy.run_path(str(script))["main"](tmp_path)
    made = sorted(tmp_path.iterdir())
    assert [p.name for p in made] == sorted(p.name for p in (script.parent / "published").iterdir())
    for path in made:
        kept = script.parent / "published" / path.name
        if path.suffix == ".npy":
            assert np.allclose(np.load(path), np.load(kept), atol=1e-5), path.name
        else:
            assert json.loads(path.read_text()) == json.loads(kept.read_text())


@pytest.mark.parametrize("description, before, after", [(architecture.plain(24), 12, 20), (architecture.residual(24, 1), 36, 44)])
def test_an_offline_output_sees_as_far_back_and_ahead_as_published(description, before, after):
    torch.manual_seed(3)
    network = Network(description).eval()
    x = torch.rand(1, 88, 180)
    changed = x.clone()
    changed[:, :, :90 - before] += 1
    changed[:, :, 90 + after + 1:] += 1
    nearer = x.clone()
    nearer[:, :, 90 - before] += 1
    nearest = x.clone()
    nearest[:, :, 90 + after] += 1
    with torch.no_grad():
        plain, same, back, ahead = (offline.evaluate(network, y)[:, :, 10] for y in (x, changed, nearer, nearest))
    assert torch.equal(plain, same) and not torch.equal(plain, ahead)
    assert not torch.equal(plain, back)


def test_the_harmonic_series_adds_the_partials_above_a_pitch():
    pitch = np.zeros((1, 88), np.float32)
    pitch[0, 10] = 1
    assert np.flatnonzero(harmonic_series(pitch, 5)[0]).tolist() == [10, 22, 29, 34, 38, 41]
    assert np.isclose(harmonic_series(np.ones((1, 88)), 5).max(), 1) and harmonic_series(pitch, 0)[0, 10] == 1


def test_the_estimator_hears_a_transposed_sound_transposed():
    torch.manual_seed(2)
    network = Network(architecture.pitch_estimator()).eval()
    x = torch.zeros(1, 88, 20)
    x[:, 42:46] = torch.rand(1, 4, 20)
    with torch.no_grad():
        assert torch.allclose(network(x)[:, 30:60], network(torch.roll(x, 2, 1))[:, 32:62], atol=1e-5)


def test_an_octave_is_wrong_by_pitch_and_right_by_chroma():
    labels = np.full((4, 80, 88), ABSENT, np.uint8)
    labels[:, 20:, 30] = PRESENT
    labels[3] = ABSENT
    right = (labels == PRESENT).astype(np.float32)
    perfect, octave = multipitch.multipitch(right, labels), multipitch.multipitch(np.roll(right, 12, axis=2), labels)
    assert perfect["Accuracy"] == perfect["Chroma Accuracy"] == octave["Chroma Accuracy"] == 1 and octave["Accuracy"] == 0
    assert perfect["clips"] == 3
    labels[:3, 60:] = UNKNOWN
    wrong_there = right.copy()
    wrong_there[:, 60:] = 1
    assert multipitch.multipitch(wrong_there, labels)["Accuracy"] == 1


@pytest.mark.parametrize("harmonics", [0, 3])
def test_a_whole_system_is_the_estimator_and_what_was_trained_on_its_planes(harmonics):
    torch.manual_seed(4)
    estimator, network = Network(architecture.pitch_estimator()).eval(), Network(architecture.residual(24, 2)).eval()
    x = torch.rand(1, 88, 45)
    with torch.no_grad():
        planes = Planes(x.permute(0, 2, 1).numpy(), torch.sigmoid(estimator(x)).permute(0, 2, 1).numpy(), harmonics)[:]
        apart = network(torch.from_numpy(planes).permute(0, 2, 1))
        whole = systems.compose(network, harmonics, estimator)
        assert torch.allclose(whole(x), apart, atol=1e-5)
    assert whole.receptive_field() == network.receptive_field() + 8
    assert measure.multiply_adds(whole) == measure.multiply_adds(network) + measure.multiply_adds(estimator)


def test_a_harmonic_series_that_cannot_be_is_refused():
    with pytest.raises(TrainingError, match="turn 88 bins"):
        Network({"inputs": 88, "layers": [{"type": "harmonic_series", "shifts": [12], "layers": [{"type": "relu"}]}]})


def test_a_block_is_present_if_it_ever_was_and_unknown_if_nobody_knows():
    labels = np.array([ABSENT, PRESENT, ABSENT, UNKNOWN, ABSENT, ABSENT, ABSENT], np.uint8)[:, None]
    assert lately(labels, 3)[:, 0].tolist() == [ABSENT, PRESENT, PRESENT, PRESENT, UNKNOWN, UNKNOWN, ABSENT]


@pytest.fixture
def shards(work, tmp_path, front_end_command):
    """Rendered shards with the features of 88 bins."""
    front_end = FrontEnd(read(CONFIGURATIONS / "recipe.json")["front_end"], front_end_command)
    for split in ("train", "valid"):
        (tmp_path / split).mkdir()
        render_shard(Renderer(Bank(work / "bank", split), None, 3.0), tmp_path / split, 0, 6, 1, "turns")
        assert extract(tmp_path / split, front_end, tmp_path / "published" / split) == 1
    return tmp_path


def small(folder: Path, name: str) -> dict:
    """A configuration that trains in a second."""
    configuration = read(folder / f"{name}.json")
    return configuration | {"steps": 3, "batch": 2, "outputs": 24 if name == "pitch" else 5, "validate_steps": 2, "checkpoint_seconds": 0}


def test_a_system_resumes_to_the_same_weights(shards):
    configuration = small(CONFIGURATIONS, "hsf-2-true")
    systems.SystemTrainer(configuration, shards, shards / "whole").fit()
    systems.SystemTrainer(configuration, shards, shards / "killed").fit(until=2)
    resumed = systems.SystemTrainer(configuration, shards, shards / "killed")
    assert resumed.step == 2
    resumed.fit()
    one, other = (torch.load(shards / run / "checkpoint.pt", weights_only=True)["network"] for run in ("whole", "killed"))
    assert all(torch.equal(one[key], other[key]) for key in one)


def test_what_is_missing_or_does_not_fit_is_named(shards, tmp_path):
    with pytest.raises(TrainingError, match="run `estimate`"):
        systems.SystemTrainer(small(CONFIGURATIONS, "hsf-5-estimated"), shards, shards / "run")
    systems.SystemTrainer(small(CONFIGURATIONS, "plain"), shards, shards / "run").fit(until=1)
    with pytest.raises(TrainingError, match="another network"):
        systems.SystemTrainer(small(CONFIGURATIONS, "residual"), shards, shards / "run")
    with pytest.raises(TrainingError, match="the run stopped at step 1 of 3"):
        systems.load(shards / "run")
    with pytest.raises(TrainingError, match="train first"):
        systems.load(shards / "nowhere")
    (tmp_path / "odd.json").write_text('{"system": {"network": "lstm"}}')
    with pytest.raises(TrainingError, match="odd.json: 'network' of the system is 'lstm'"):
        read(tmp_path / "odd.json")
    with pytest.raises(TrainingError, match="gone.json"):
        read(tmp_path / "gone.json")
    with pytest.raises(TrainingError, match="recipe.json: it says nothing of a 'system'"):
        systems.train_all(CONFIGURATIONS, shards, shards / "runs", ["recipe"])
    (shards / "run" / "checkpoint.pt").write_bytes(b"PK torn off")
    with pytest.raises(TrainingError, match="checkpoint.pt: no checkpoint can be read from it"):
        systems.SystemTrainer(small(CONFIGURATIONS, "plain"), shards, shards / "run")


def test_all_systems_train_and_one_page_compares_them(shards, monkeypatch, front_end_command):
    folder = shards / "configs"
    folder.mkdir()
    names = ["plain", "residual", "hsf-5-true", "hsf-5-estimated", "pitch-channel", "residual-offline"]
    for name in ("pitch", *names):
        (folder / f"{name}.json").write_text(json.dumps(small(CONFIGURATIONS, name)))
    systems.train_all(folder, shards, shards / "runs")
    assert systems.order(folder) == names
    monkeypatch.setattr(measure, "engine_time", lambda model, valid, timbre: 0.01)
    assert measure.measure_all(folder, shards, shards / "runs", None, None, front_end_command) == names
    for name in ("pitch", *names):
        network, description = export.read(shards / "runs" / name / "model.safetensors") if name != "pitch" else (None, None)
        assert (shards / "runs" / name / "curves.png").exists()
        if name != "pitch":
            assert description["task"] == ("frame-offline" if name.endswith("offline") else "frame")
            assert description["front_end"].get("harmonics") == (5 if name == "hsf-5-true" else None)
            assert network.description["inputs"] == (176 if name == "hsf-5-true" else 88)
    page = table.write(shards / "runs", names, None)
    for name in names:
        assert read(folder / f"{name}.json")["title"] in page
    assert "3 steps of 2 clips of 0.5 s, with the seed 1" in page.replace("\n", " ") and "Every system was trained once" in page
    systems.train_all(folder, shards, shards / "runs", ["plain"], seed=1)
    assert systems.repeats(shards / "runs", "plain") == []
    systems.train_all(folder, shards, shards / "runs", ["plain", "residual"], seed=12)
    assert systems.repeats(shards / "runs", "plain") == ["plain-seed-12"]
    assert measure.measure_all(folder, shards, shards / "runs", None, None, front_end_command) == names
    page = table.write(shards / "runs", names, None)
    assert "| CQT only, residual | 12 |" in page and "| CQT only, residual | mean |" in page and "trained once" not in page
    assert "with the seeds 1 and 12" in page.replace("\n", " ") and "2018, side by side" in page
    both = table.write(shards / "runs", ["plain", "residual"], None)
    row = next(line for line in both.splitlines() if line.startswith("| residual over plain | +0.022 |"))
    assert "2018, from 2 starts each" in both and ", 2 starts |" in row
    differing = shards / "runs" / "residual" / "result.json"
    kept = differing.read_text()
    differing.write_text(kept.replace('"batch": 2', '"batch": 3'))
    with pytest.raises(TrainingError, match="residual: trained by another recipe than"):
        table.write(shards / "runs", names, None)
    differing.write_text(kept)
    assert "residual over plain" in page and "| +0.022 |" in page and "HSF-5 over pitch as input (F)" not in page
    result = json.loads((shards / "runs" / "residual" / "result.json").read_text())
    assert result["multiply_adds"] == pytest.approx(88 * 88 * 3 + 88 * 176 + 176 * 264 + 264 * 264 + 3 * (
        88 * 176 + 176 * 176 + 176 * 264 + 264 * 264 * 3) + 264 * 24 * 3)


def test_a_page_says_by_which_recipe_its_systems_were_trained():
    ours = in_words({key: read(CONFIGURATIONS / "recipe.json").get(key) for key in measure.RECIPE_KEYS})
    assert "AdamW in place of the published SGD" in ours and "one cycle" not in ours and "cosine" in ours and "bfloat16" in ours
    theirs = in_words({key: read(CONFIGURATIONS / "plain.json", CONFIGURATIONS / "as-published.json").get(key) for key in measure.RECIPE_KEYS})
    assert "all of the music for 220000 steps of 10 clips of 2.9 s" in theirs and "100.0 % of the clips" in theirs
    assert "SGD as published (momentum 0.9, weight decay 0.0001" in theirs and "e from 0 to 55" in theirs
    assert "bfloat16" not in theirs and "averaged" not in theirs


@pytest.mark.parametrize("better, said", [
    ([0.5, 0.52, 0.51], "repeats"), ([0.5, 0.38, 0.42], "undecided"), ([0.3, 0.28, 0.29], "contradicted"), ([0.5], None)])
def test_a_finding_repeats_if_all_of_the_interval_over_starts_lies_above_zero(better, said):
    over = statistics.paired(dict(enumerate(better, 1)), dict.fromkeys(range(1, 5), 0.4))
    assert (over and statistics.verdict(*over[1:])) == said
    if over:
        assert over[0] == pytest.approx(sum(better) / 3 - 0.4) and over[1] < over[0] < over[2]


def test_a_new_estimator_has_its_estimates_made_anew(shards):
    systems.SystemTrainer(small(CONFIGURATIONS, "pitch"), shards, shards / "pitch").fit()
    systems.SystemTrainer(small(CONFIGURATIONS, "pitch") | {"seed": 2}, shards, shards / "other").fit()
    file = shards / "published" / "train" / "0000.pitch.npy"
    estimates = {}
    for run in ("pitch", "other", "pitch"):
        assert systems.estimate(shards, shards / run) == 2
        assert systems.estimate(shards, shards / run) == 0
        assert np.array_equal(estimates.setdefault(run, np.load(file)), np.load(file))
    assert not np.array_equal(estimates["pitch"], estimates["other"])
    file.with_name(systems.ESTIMATOR).unlink()
    assert systems.estimate(shards, shards / "pitch") == 1


@pytest.mark.parametrize("name, ahead", [("plain-offline", 12), ("residual-offline", 36), ("hsf-5-true-offline", 36), ("hsf-5-estimated-offline", 41),
                                         ("plain", 0), ("hsf-5-estimated", 0)])
def test_a_system_looks_as_far_behind_the_end_of_its_block_as_the_page_says(name, ahead):
    configuration = read(CONFIGURATIONS / f"{name}.json")
    system, block, clip = configuration["system"], 6, 180
    assert table.needed_ahead(system) == ahead
    torch.manual_seed(3)
    network = systems.make_network(configuration)(configuration["network"]).eval()
    if system["pitch"] == "estimated":
        network = systems.compose(network, system["harmonics"], Network(architecture.pitch_estimator()).eval())
    x = torch.rand(1, network.description["inputs"], clip).repeat(2, 1, 1)
    last = 9 * block + 8 + ahead
    x[0, :, last + 1:] += 1
    reached = x[:1].clone()
    reached[:, :, last] += 1
    with torch.no_grad():
        changed, same, seen = (network(y)[0, :, block] for y in (x[:1], x[1:], reached))
    assert torch.equal(changed, same) and not torch.equal(changed, seen)


def test_an_offline_system_learns_from_the_pitch_that_it_hears(shards):
    configuration = read(CONFIGURATIONS / "hsf-5-estimated-offline.json")
    systems.SystemTrainer(small(CONFIGURATIONS, "pitch"), shards, shards / "pitch").fit()
    systems.estimate(shards, shards / "pitch")
    estimator = systems.load(shards / "pitch")[0]
    given = systems.open_shards(configuration, shards, "valid").features[0]
    with torch.no_grad():
        x = torch.from_numpy(given.constant_q[:3].astype(np.float32)).permute(0, 2, 1)
        pitch = torch.sigmoid(offline.evaluate(estimator, x)).permute(0, 2, 1).numpy()
    expected, edge = Planes(given.constant_q[:3], pitch, configuration["system"]["harmonics"])[:], slice(9, -9)
    assert np.abs(given[:3] - expected)[:, edge].max() < 0.02 < np.abs(given[:3, 1:] - expected[:, :-1])[:, edge].max()
    assert np.array_equal(given[2, 40:60], given[:3][2, 40:60]) and given[1, 200:].shape == expected[1, 200:].shape


def test_what_is_out_of_date_is_measured_again(shards, tmp_path, monkeypatch, front_end_command):
    runs, measured = shards / "runs", []
    folder = tmp_path / "configs"
    folder.mkdir()
    for name in ("pitch", "plain", "hsf-1-true", "hsf-1-estimated"):
        (folder / f"{name}.json").write_text(json.dumps(small(CONFIGURATIONS, name)))
    systems.train_all(folder, shards, runs)
    real = measure.measure
    monkeypatch.setattr(measure, "engine_time", lambda model, valid, timbre: 0.01)
    monkeypatch.setattr(measure, "on_realset", lambda *arguments: {})
    monkeypatch.setattr(measure, "measure", lambda work, runs, name, *rest: (measured.append(name), real(work, runs, name, *rest)))

    def again(realset=None) -> set[str]:
        measured.clear()
        measure.measure_all(folder, shards, runs, None, realset, front_end_command)
        return set(measured)

    assert again() == {"pitch", "plain", "hsf-1-true", "hsf-1-estimated"} and again() == set()
    assert again(tmp_path / "realset") == {"plain", "hsf-1-estimated"} and again(tmp_path / "realset") == set() == again()
    systems.SystemTrainer(small(CONFIGURATIONS, "pitch") | {"seed": 2}, shards, shards / "other").fit()
    (shards / "other" / "checkpoint.pt").replace(runs / "pitch" / "checkpoint.pt")
    os.utime(runs / "pitch" / "checkpoint.pt", (0, 0))
    with pytest.raises(TrainingError, match="run `estimate --work"):
        again()
    systems.estimate(shards, runs / "pitch")
    assert again() == {"hsf-1-estimated"}


def test_recordings_are_heard_again_when_others_are_asked_for(tmp_path, torn, monkeypatch):
    front_end = lambda audio: np.zeros((len(audio) // 512, 88), np.float32)
    cache = tmp_path / "realset.npz"
    (tmp_path / "audio").mkdir()
    soundfile.write(tmp_path / "audio" / "one.wav", np.zeros(4096), 44100)
    assert [name for name, _, _ in measure.heard(front_end, tmp_path, cache)] == ["one"]
    soundfile.write(tmp_path / "audio" / "two.wav", np.zeros(4096), 44100)
    assert [name for name, _, _ in measure.heard(front_end, tmp_path, cache)] == ["one", "two"]
    cache.unlink()
    torn("realset.npz")
    with pytest.raises(KeyboardInterrupt):
        measure.heard(front_end, tmp_path, cache)
    assert not cache.exists()
