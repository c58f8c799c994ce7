"""The systems on the frozen stack: cached, trained, exported, measured and compared on tiny data."""

import json
import re
import runpy
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from safetensors import safe_open

from timbre_training.published import vggish
from timbre_training.clip import __main__ as clip
from timbre_training.clip import forest, frozen, frozen_train, head_export, measure, starts, systems, table
from timbre_training.clip.export import read
from timbre_training.clip.hierarchy import Linked, Rule, Separate
from timbre_training.clip.network import BANDS
from timbre_training.errors import TrainingError
from timbre_training.data.labels import ABSENT, PRESENT, UNKNOWN
from timbre_training.data.taxonomy import CLASSES, FAMILIES, INDEX

TOP = Path(__file__).parent.parent.parent
GOLDEN = TOP / "Tests" / "ModelsTests" / "Golden"
ALL = systems.configurations(TOP / "training" / "configs" / "clip-systems.json")


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    """What the golden model's stack makes of twelve clips; every class is in some and not in others."""
    folder = tmp_path_factory.mktemp("clips")
    rng = np.random.default_rng(1)
    labels = np.zeros((12, 861, len(CLASSES)), np.uint8)
    labels[np.arange(12) % 2 == 0, :, ::2] = PRESENT
    labels[np.arange(12) % 3 == 0, :, 1::2] = PRESENT
    spectra = rng.normal(-3, 0.5, (12, 990, BANDS)).astype(np.float16)
    spectra[::2, :, 20:30] += 4
    for split in ("train", "valid"):
        (folder / split).mkdir()
        np.save(folder / split / "0000.logmel.npy", spectra)
        np.save(folder / split / "0000.labels.npy", labels)
        assert frozen.extract(GOLDEN / "clip_tiny.safetensors", folder / split, folder / "frozen" / split) == 1
    return folder / "frozen"


def configuration(name: str) -> dict:
    """A system's own configuration, for a few clips and steps."""
    return {**ALL[name], "model": str(GOLDEN / "clip_tiny.safetensors"), "batch": 4, "trees": 3, "epoch_clips": 8, "epochs": 2,
            "known": {"present": 0.9, "absent": 0.9}}


def source(name):
    """The text of a Swift file, in whatever folder it lies."""
    (path,) = (TOP / "Sources").rglob(name)
    return path.read_text()


def test_families_are_those_of_the_daemon():
    text = source("InstrumentFamily.swift")
    snake = lambda name: re.sub("([A-Z])", lambda m: "_" + m[1].lower(), name)
    found = {family: tuple(snake(n) for n in re.findall(r"\.(\w+)", members))
             for members, family in re.findall(r"case ((?:\.\w+, )*\.\w+): \.(\w+)", text)}
    assert {k: sorted(v) for k, v in found.items()} == {k: sorted(v) for k, v in FAMILIES.items()}
    order = re.search(r"enum InstrumentFamily.*?case ([\w, ]+)\n", text, re.S)[1].split(", ")
    assert order == list(FAMILIES)
    assert sorted(name for members in FAMILIES.values() for name in members) == sorted(CLASSES)


def test_architectures_are_those_of_the_daemon():
    files = [file for folder in ("Models/Clip", "PublishedModels") for file in (TOP / "Sources" / folder).rglob("*.swift")]
    named = {name for file in files for name in re.findall(r'\("(\w+)"|[nN]ame: "(\w+)"|Embeddings: "(\w+)"', file.read_text()) for name in name if name}
    assert {c["architecture"] for c in ALL.values()} <= named


def test_every_system_has_the_published_number_of_parameters():
    count = lambda network: sum(p.numel() for p in network.parameters())
    assert count(vggish.Recurrent(20)) == 226_068 and count(vggish.Recurrent(20, bidirectional=False)) == 88_468
    assert count(vggish.Attention(20)) == 55_336 and count(vggish.Dense(20)) == 986_772 and count(vggish.MeanPooled(20)) == 52_116


def test_family_labels_follow_from_the_members():
    labels = np.full((3, len(CLASSES)), ABSENT, np.uint8)
    labels[0, INDEX["oboe"]] = PRESENT
    labels[1, INDEX["oboe"]] = UNKNOWN
    column = list(FAMILIES).index("woodwind")
    assert frozen.family_labels(labels)[:, column].tolist() == [PRESENT, UNKNOWN, ABSENT]


@pytest.mark.parametrize("network", [Separate(0.0), Rule(0.0), Linked(0.0)])
def test_hierarchies_answer_for_both_levels(network):
    torch.manual_seed(1)
    x = torch.randn(3, 10, 128)
    with torch.no_grad():
        found = network.eval()(x)
    assert found.shape == (3, len(CLASSES) + len(FAMILIES)) and ((found >= 0) & (found <= 1)).all()
    fine, coarse = found[:, :len(CLASSES)], found[:, len(CLASSES):]
    if isinstance(network, Rule):
        for column, members in enumerate(FAMILIES.values()):
            assert torch.equal(coarse[:, column], fine[:, [INDEX[m] for m in members]].max(dim=1).values)
    if isinstance(network, Linked):
        assert (coarse <= fine.max(dim=1, keepdim=True).values + 1e-6).all()


def test_a_forest_walks_as_scikit_learn_does():
    rng = np.random.default_rng(2)
    points = rng.normal(0, 1, (200, 128)).astype(np.float32)
    labels = np.where(points[:, :2] + rng.normal(0, 0.5, (200, 2)) > 0, PRESENT, ABSENT)
    labels[:50, 0] = UNKNOWN
    grown, peers = forest.train(points, labels, ["a", "b"], seed=3, trees=20)
    expected = np.stack([peer.predict_proba(points)[:, 1] for peer in peers], axis=1)
    assert np.abs(grown.probabilities(points) - expected).max() < 1e-6
    with pytest.raises(TrainingError):
        forest.train(points, np.full((200, 1), PRESENT), ["c"], seed=3)


def test_thresholds_are_rounded_so_that_no_decision_changes():
    values = np.array([0.1, -0.1, 0.5, 1 / 3, -1 / 3])
    single = forest.rounded_down(values)
    assert (single <= values).all() and (np.nextafter(single, np.float32(np.inf)) > values).all()


def test_a_cache_takes_one_model_alone(shards, tmp_path):
    other = tmp_path / "other.safetensors"
    other.write_bytes(b"another model")
    with pytest.raises(TrainingError, match="another model"):
        frozen.same_model(other, shards)
    with pytest.raises(TrainingError, match="nothing was heard"):
        frozen.Heard(tmp_path, "stack")


def test_cached_inputs_give_what_the_whole_network_gives(shards):
    network = read(GOLDEN / "clip_tiny.safetensors")
    clips = frozen.Heard(shards / "valid", "stack")
    spectra = np.load(shards.parent / "valid" / "0000.logmel.npy")[:2, :960].astype(np.float32)
    with torch.no_grad():
        whole = network(torch.from_numpy(spectra).reshape(2, 10, 96, BANDS))
        cached = systems.answer(network, clips.inputs(np.arange(2)))
    assert torch.allclose(whole, cached, atol=2e-3)


@pytest.mark.parametrize("name", ALL)
def test_every_system_trains_goes_on_and_is_exported(name, shards, tmp_path):
    run = tmp_path / name
    for epochs in (1, 2):
        frozen_train.train_system({**configuration(name), "epochs": epochs}, shards, run)
    network, state = frozen_train.load(run)
    if (run / "log.jsonl").exists():
        assert len((run / "log.jsonl").read_text().splitlines()) == 2
        stack = read(GOLDEN / "clip_tiny.safetensors").stack.convolutions[0].weight
        if systems.form(state["configuration"]["architecture"]) == "stack":
            assert torch.equal(network.stack.convolutions[0].weight, stack)
    head_export.export(network, state, [0.5] * len(CLASSES), {}, run / "m.safetensors")
    with safe_open(run / "m.safetensors", "pt") as file:
        description = json.loads(file.metadata()["description"])
        assert "stack.0.weight" in file.keys() and description["classes"] == list(CLASSES)
    assert description.get("families") == (list(FAMILIES) if name.startswith("hierarchical") else None)


def test_what_is_half_written_is_heard_again(shards, tmp_path, torn, monkeypatch):
    model, source = GOLDEN / "clip_tiny.safetensors", shards.parent / "valid"
    (tmp_path / "audio").mkdir()
    soundfile.write(tmp_path / "audio" / "sound.wav", np.zeros(44100), 44100)
    silence = lambda audio: np.zeros((96, BANDS), np.float32)
    torn(".labels.npy")
    with pytest.raises(KeyboardInterrupt):
        frozen.extract(model, source, tmp_path / "frozen" / "valid")
    monkeypatch.undo()
    assert frozen.extract(model, source, tmp_path / "frozen" / "valid") == 1
    assert frozen.extract(model, source, tmp_path / "frozen" / "valid") == 0
    torn("realset.npz")
    with pytest.raises(KeyboardInterrupt):
        frozen.extract_recordings(model, tmp_path, tmp_path / "realset.npz", silence)
    assert not (tmp_path / "realset.npz").exists()


def test_a_forest_is_there_only_with_its_configuration(shards, tmp_path):
    (tmp_path / "configuration.json").mkdir()
    with pytest.raises(IsADirectoryError):
        frozen_train.train_system(configuration("embedding_rf_br"), shards, tmp_path)
    assert not (tmp_path / "forest.npz").exists()


def test_an_unknown_system_is_refused():
    with pytest.raises(TrainingError, match="unknown architecture"):
        systems.build({"architecture": "kazoo"})


def test_runs_are_measured_and_compared(shards, tmp_path, monkeypatch):
    """The benchmark is played by numbers: its program belongs to the Swift tests."""
    monkeypatch.setattr(measure, "cost", lambda program, model: {"seconds_per_clip": 0.001, "multiply_adds": 1_000_000})
    monkeypatch.setattr(table, "FEW", 10)
    made = np.load(shards / "valid" / "0000.embedding.npy")
    stack = np.load(shards / "valid" / "0000.stack.npy")
    counts = [3, 12, *[1] * 10]
    rows = [k % 10 for k in range(sum(counts) + 1)]
    np.savez(shards / "realset.npz", names=[f"r{k:02d}" for k in range(12)], counts=counts, embedding=made[0][rows], stack=stack[0][rows])
    lines = ["clip," + ",".join(CLASSES)]
    lines += [f"r{k:02d}," + ",".join("1" if (k + c) % 2 else "0" for c in range(len(CLASSES))) for k in range(12)]
    (tmp_path / "labels.csv").write_text("\n".join(lines) + "\n")
    names = ["fc", "embedding_att", "embedding_rf_br", "hierarchical_separate", "hierarchical_attention"]
    for name in names:
        frozen_train.train_system(configuration(name), shards, tmp_path / name)
        result = measure.measure(tmp_path / name, shards, "")
        assert result["parameters"] > 0 and (tmp_path / name / "model.safetensors").exists()
    labels = frozen.Heard(shards / "valid", "embedding").labels
    page = table.write([tmp_path / name for name in names], labels, tmp_path, "A note.")
    for words in ("A note.", "ATT over RF_BR", "joint by attention over separate: families", "| RF_BR |", "| accordion |"):
        assert words in page
    (tmp_path / "fc" / "result.json").unlink()
    with pytest.raises(TrainingError, match="measure this system first"):
        table.write([tmp_path / "fc"], labels, tmp_path)


def test_pairs_of_starts_give_an_interval_of_students_t():
    mean, low, high = starts.paired({1: 0.5, 2: 0.6, 3: 0.7, 9: 0.0}, {1: 0.4, 2: 0.4, 3: 0.4})
    assert mean == pytest.approx(0.2)
    assert high - mean == pytest.approx(4.302653 * 0.1 / 3 ** 0.5, rel=1e-5) and mean - low == pytest.approx(high - mean)
    assert starts.paired({1: 0.5}, {1: 0.4, 2: 0.4}) is None
    assert [starts.verdict(*ends) for ends in ((0.01, 0.2), (-0.2, -0.01), (-0.1, 0.1))] == ["repeats", "contradicted", "undecided"]


def test_several_starts_become_a_page_with_a_picture(shards, tmp_path, monkeypatch):
    real = np.full((3, len(CLASSES)), np.nan)
    real[:, ::2], real[0, 1::2] = 1.0, 0.0
    monkeypatch.setattr(measure, "recordings", lambda network, file, form, fixed: np.tile(np.linspace(0.1, 0.9, 32, dtype=np.float32), (3, 1)))
    monkeypatch.setattr(measure, "cost", lambda benchmarks, model: {"seconds_per_clip": 0.001, "multiply_adds": 1})
    monkeypatch.setattr(starts, "read_clips", lambda path: {f"r{n}": row for n, row in enumerate(real)})
    monkeypatch.setattr(starts, "LEAST", 1)
    real[1:, 0] = 0.0
    runs = []
    for name in ("hierarchical_attention", "hierarchical_separate"):
        for seed in (1, 2):
            run = tmp_path / f"{name}-{seed}"
            frozen_train.train_system({**configuration(name), "seed": seed}, shards, run)
            measure.measure(run, shards, "benchmarks")
            runs.append(run)
    labels = frozen.Heard(shards / "valid", "embedding").labels
    text = starts.write(runs, labels, tmp_path, tmp_path / "families.png", "Notes.")
    assert "| joint, attention | 2 |" in text and "| joint by attention over separate | family mAP |" in text
    assert (tmp_path / "families.png").stat().st_size > 1000 and "images/families.png" in text
    own = [line for line in text.splitlines() if line.startswith(("| strings |", "| voice |"))]
    assert len(own) == 2 and all(0 <= float(cell) <= 1 for line in own for cell in line.split("|")[2:-1])
    with pytest.raises(TrainingError, match="has the seed 1 too"):
        starts.write([runs[0], runs[0]], labels, tmp_path, tmp_path / "families.png")


def test_both_sides_are_counted():
    labels = np.array([[PRESENT], [PRESENT], [ABSENT], [UNKNOWN]], np.uint8)
    judged = table.Judged(np.array([[0.9], [0.2], [0.7], [0.9]]), labels)
    assert judged.f1(judged.at_half) == pytest.approx(0.5)
    assert judged.two_class(judged.at_half) == pytest.approx((0.5 + 0) / 2)


def test_the_parity_fixtures_are_reproduced(tmp_path):
    for name in ("clip_tiny_in.npy", "clip_tiny.safetensors"):
        (tmp_path / name).write_bytes((GOLDEN / name).read_bytes())
    runpy.run_path(str(TOP / "training" / "golden" / "make_clip_heads.py"))["main"](tmp_path)
    for file in sorted(GOLDEN.glob("clip_heads_*.npy")):
        assert np.abs(np.load(file) - np.load(tmp_path / file.name)).max() < 1e-5, file.name
    assert (tmp_path / "clip_heads.json").read_text() == (GOLDEN / "clip_heads.json").read_text()


def run_train(monkeypatch, shards, run, *options):
    """The command line on the tiny frozen stack."""
    monkeypatch.setattr(systems, "configurations", lambda path: {"embedding_fc": configuration("embedding_fc")})
    monkeypatch.setattr("sys.argv", ["timbre_training.clip", "train", "--system", "embedding_fc", "--frozen", str(shards), "--run", str(run), *options])
    return clip.main()


def test_the_seed_and_the_loss_of_the_command_line_reach_a_system(shards, tmp_path, monkeypatch):
    assert run_train(monkeypatch, shards, tmp_path / "a", "--seed", "7", "--loss", "focal") == 0
    stated = frozen_train.load(tmp_path / "a")[1]["configuration"]
    assert (stated["seed"], stated["loss"]) == (7, "focal")


@pytest.mark.parametrize("option", (("--width", "8"), ("--architecture", "fc"), ("--start", "model.safetensors")))
def test_what_a_system_has_of_its_own_is_not_taken_from_the_command_line(option, shards, tmp_path, monkeypatch, capsys):
    assert run_train(monkeypatch, shards, tmp_path / "a", *option) == 1
    assert f"{option[0]}: a system of" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()
