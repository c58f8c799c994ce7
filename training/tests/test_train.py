"""Training resumes to the same result, refuses what it must, and its data side keeps its promises."""

import json

import numpy as np
import pytest
import torch

from timbre_training.atomic import atomically
from timbre_training.model import export
from timbre_training.train.blend import blend
from timbre_training.data.corpus import Bank
from timbre_training.data.dataset import blur_edges, crops, overlay
from timbre_training.errors import TrainingError
from timbre_training.model.features import FrontEnd, extract
from timbre_training.data.labels import ABSENT, PRESENT, UNKNOWN
from timbre_training.model.network import Network
from timbre_training.render.render import Renderer, render_shard
from timbre_training.data.taxonomy import CLASSES
from timbre_training.train.train import Trainer, class_weights, taught


@pytest.fixture
def shards(work, tmp_path, configuration, front_end_command):
    for split in ("train", "valid"):
        (tmp_path / split).mkdir()
        render_shard(Renderer(Bank(work / "bank", split), None, 2.0), tmp_path / split, 0, 4, 1)
        assert extract(tmp_path / split, FrontEnd(configuration["front_end"], front_end_command)) == 1
    return tmp_path


def test_a_killed_run_resumes_to_the_same_weights(shards, configuration):
    whole = Trainer(configuration, shards / "train", shards / "valid", shards / "whole")
    whole.fit()
    Trainer(configuration, shards / "train", shards / "valid", shards / "killed").fit(until=3)
    resumed = Trainer(configuration, shards / "train", shards / "valid", shards / "killed")
    assert resumed.step == 3
    resumed.fit()
    for name, value in whole.network.state_dict().items():
        assert torch.equal(value, resumed.network.state_dict()[name]), name
    for name, value in whole.average.state_dict().items():
        assert torch.equal(value, resumed.average.state_dict()[name]), name
    assert [json.loads(line)["step"] for line in open(shards / "whole" / "log.jsonl")] == [4, 8]


def test_a_loss_that_is_not_a_number_names_its_step(shards, configuration):
    trainer = Trainer(configuration, shards / "train", None, shards / "run")
    trainer.one_step()
    with torch.no_grad():
        trainer.network.layers[2].conv.weight[0, 0, 0] = torch.nan
    with pytest.raises(TrainingError, match="step 1: the loss is nan"):
        trainer.one_step()


def test_a_checkpoint_of_another_network_is_refused(shards, configuration):
    Trainer(configuration, shards / "train", None, shards / "run").fit(until=1)
    configuration["network"]["layers"][2]["outputs"] = 7
    with pytest.raises(TrainingError, match="another network"):
        Trainer(configuration, shards / "train", None, shards / "run")


def test_training_without_shards_says_what_to_run(tmp_path, configuration):
    with pytest.raises(TrainingError, match="run `render`"):
        Trainer(configuration, tmp_path, None, tmp_path / "run")


def test_a_missing_feature_command_is_named(configuration):
    with pytest.raises(TrainingError, match="no-such-program"):
        FrontEnd(configuration["front_end"], "no-such-program")(np.zeros(1024, np.float32))


def test_edges_are_ignored_for_as_long_as_asked():
    labels = np.zeros((60, 1), np.uint8)
    labels[20:40] = PRESENT
    blurred = blur_edges(labels, 9, 13)[:, 0]
    assert (blurred[20:29] == UNKNOWN).all() and (blurred[29:40] == PRESENT).all()
    assert (blurred[40:53] == UNKNOWN).all() and (blurred[53:] == ABSENT).all() and (blurred[:20] == ABSENT).all()


def test_overlaid_crops_carry_the_classes_of_both():
    a = np.full((3, 2), 0.8, np.float32), np.array([[PRESENT, ABSENT, ABSENT, UNKNOWN]] * 3, np.uint8)
    b = np.full((3, 2), 0.9, np.float32), np.array([[ABSENT, PRESENT, ABSENT, ABSENT]] * 3, np.uint8)
    features, labels = overlay(np.random.default_rng(1), a, b, 10)
    assert labels[0].tolist() == [PRESENT, PRESENT, ABSENT, UNKNOWN]
    assert features.min() >= 0.8 and features.max() <= 0.9


def test_of_shorter_crops_a_step_takes_more():
    rng = np.random.default_rng(1)
    assert crops(rng, 6, 40) == (6, 40)
    taken = {crops(rng, 6, [20, 40, 114]) for _ in range(50)}
    assert taken == {(34, 20), (17, 40), (6, 114)}


def test_class_weights_are_the_published_ones():
    counts = np.array([794532, 230484, 99407, 99132, 24426, 14954, 11468, 8696, 8310, 4914, 3006])
    expected = [.437, .794, 1.058, 1.059, 1.642, 1.906, 2.066, 2.246, 2.277, 2.668, 3.093]
    assert np.allclose(class_weights(counts).numpy(), expected, atol=2e-3)


def test_classes_that_never_occur_do_not_change_the_weights_of_the_others():
    counts = np.array([794532, 230484, 3006])
    spread = np.zeros(24, int)
    spread[[2, 5, 20]] = counts
    weights = class_weights(spread).numpy()
    assert np.array_equal(weights[[2, 5, 20]], class_weights(counts)) and (np.delete(weights, [2, 5, 20]) == 1).all()
    assert (class_weights(np.array([0, 7, 0])) == 1).all() and (class_weights(np.zeros(3, int)) == 1).all()


@pytest.mark.parametrize("key, value", [("seed", 6), ("batch", 3), ("average", 0.5), ("outputs", 7), ("class_weights", False), ("steps", 9),
                                        ("optimizer", {"kind": "adamw", "rate": 0.002, "decay": 0.01, "schedule": "one_cycle"})])
def test_a_run_does_not_go_on_by_another_recipe(key, value, shards, configuration):
    Trainer(configuration, shards / "train", None, shards / "run").fit(until=1)
    Trainer({**configuration, "history": "told otherwise"}, shards / "train", None, shards / "run")
    with pytest.raises(TrainingError, match=f"begun with '{key}' .*choose another --run folder"):
        Trainer({**configuration, key: value}, shards / "train", None, shards / "run")
    assert Trainer({**configuration, key: value}, shards / "train", None, shards / "other", start=shards / "run").step == 0


def test_other_steps_are_no_other_recipe_where_the_rate_does_not_depend_on_them(shards, configuration):
    steady = {**configuration, "optimizer": {**configuration["optimizer"], "schedule": "steady"}}
    Trainer(steady, shards / "train", None, shards / "run").fit(until=1)
    assert Trainer({**steady, "steps": 20}, shards / "train", None, shards / "run").step == 1
    Trainer(configuration, shards / "train", None, shards / "untouched").save()
    assert Trainer({**configuration, "steps": 20}, shards / "train", None, shards / "untouched").step == 0


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    file = tmp_path / "kept.npy"
    file.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), atomically(file) as out:
        out.write(b"half of")
        raise KeyboardInterrupt
    assert file.read_bytes() == b"old"
    with atomically(file) as out:
        out.write(b"new")
    assert file.read_bytes() == b"new" and [path.name for path in tmp_path.iterdir()] == ["kept.npy"]


def test_a_run_can_start_from_the_weights_of_another(shards, configuration):
    Trainer(configuration, shards / "train", None, shards / "first").fit(until=2)
    second = Trainer(configuration, shards / "train", None, shards / "second", start=shards / "first")
    kept = torch.load(shards / "first" / "checkpoint.pt", weights_only=True)["average"]
    assert second.step == 0
    assert all(torch.equal(value, kept[name]) for name, value in second.network.state_dict().items())


def exported(trainer, path):
    """The model file of a trainer's averaged network."""
    c = trainer.configuration
    settings = {"on": [0.5] * 24, "off": [0.3] * 24, "smoothing_ms": 30, "minimum_on_ms": 0, "minimum_off_ms": 150}
    export.write(path, trainer.average, export.describe(trainer.average, "tiny", c["front_end"], list(CLASSES), settings, {}))
    return path


def test_a_run_begins_with_the_weights_of_a_model_file(shards, configuration):
    first = Trainer(configuration, shards / "train", None, shards / "first")
    first.fit(until=2)
    file = exported(first, shards / "first.safetensors")
    second = Trainer(configuration, shards / "train", None, shards / "second", start=file)
    for name, value in export.tensors(second.network).items():
        assert torch.allclose(value, export.tensors(first.average)[name], atol=1e-3), name
    wider = json.loads(json.dumps(configuration))
    wider["network"]["layers"][2]["outputs"] = 7
    with pytest.raises(TrainingError, match="other layers than the configuration"):
        Trainer(wider, shards / "train", None, shards / "wider", start=file)


def test_residual_layers_put_into_a_model_leave_it_as_it_is(shards, configuration):
    file = exported(Trainer(configuration, shards / "train", None, shards / "first"), shards / "first.safetensors")
    longer = json.loads(json.dumps(configuration))
    layers = longer["network"]["layers"]
    layers.insert(7, {"type": "residual", "name": "memory.0", "outputs": 8, "dilation": 8})
    start = Trainer(longer, shards / "train", None, shards / "longer", start=file)
    x = torch.rand(2, 24, 180)
    with torch.no_grad():
        before, after = export.read(file)[0](x), start.network.eval()(x)
    assert torch.allclose(before, after, atol=1e-5)
    assert start.network.receptive_field() > export.read(file)[0].receptive_field()
    layers.insert(7, {"type": "residual", "name": "wider.0", "outputs": 9, "dilation": 8})
    with pytest.raises(TrainingError, match="cannot begin as the identity|other layers"):
        Trainer(longer, shards / "train", None, shards / "wider", start=file)


def test_a_teacher_says_what_labels_do_not_and_a_share_of_what_they_do():
    targets, mask, heard = torch.tensor([1.0, 0.0, 0.0, 1.0]), torch.tensor([1.0, 1.0, 0.0, 0.5]), torch.tensor([0.5, 0.5, 0.75, 0.0])
    goal, weight = taught(targets, mask, heard, 0.25)
    assert torch.equal(goal, torch.tensor([0.875, 0.125, 0.75, 0.75]))
    assert torch.equal(weight, torch.tensor([1.0, 1.0, 1.0, 0.5]))


def test_a_student_comes_to_say_what_its_teacher_says(shards, configuration):
    file = exported(Trainer(configuration, shards / "train", None, shards / "first"), shards / "first.safetensors")
    x = torch.rand(8, 24, 180)
    with torch.no_grad():
        goal = export.read(file)[0](x).sigmoid()
    configuration |= {"teacher": {"model": str(file), "share": 1.0}, "seed": 8, "class_weights": False, "label_smoothing": 0.0}
    student = Trainer(configuration, shards / "train", None, shards / "student")
    distance = lambda: float((student.network.eval()(x).sigmoid() - goal).abs().mean())
    with torch.no_grad():
        before = distance()
    student.fit()
    with torch.no_grad():
        assert distance() < before
    configuration["teacher"]["model"] = str(shards / "none.safetensors")
    with pytest.raises(TrainingError, match="none.safetensors"):
        Trainer(configuration, shards / "train", None, shards / "other")
    other = json.loads(json.dumps(configuration))
    other["teacher"]["model"] = str(file)
    other["network"]["layers"] = [row for row in other["network"]["layers"] if row["type"] != "max_pool"][:-1] + other["network"]["layers"][-1:]
    with pytest.raises(TrainingError, match="must have its student's inputs, classes and stride"):
        Trainer(other, shards / "train", None, shards / "third")


def test_only_the_named_layers_are_trained(shards, configuration):
    configuration["trained"] = ["head.5"]
    trainer = Trainer(configuration, shards / "train", None, shards / "run")
    before = {name: value.clone() for name, value in export.tensors(trainer.network).items()}
    trainer.fit()
    for name, value in export.tensors(trainer.network).items():
        assert torch.equal(value, before[name]) != name.startswith("head.5"), name
    configuration["trained"] = ["head.9"]
    with pytest.raises(TrainingError, match="names 'head.9', which is no layer"):
        Trainer(configuration, shards / "train", None, shards / "other")


def test_a_blend_lies_between_both_and_its_norms_fit_it(shards, configuration):
    run = Trainer(configuration, shards / "train", None, shards / "run")
    file = exported(run, shards / "start.safetensors")
    run.fit()
    state = torch.load(run.file, weights_only=True)
    mixed = blend(state, file, 0.25, shards / "train")
    start, end = export.tensors(export.read(file)[0]), export.tensors(run.average)
    network = Network(configuration["network"])
    network.load_state_dict(mixed["average"])
    for name, value in export.tensors(network).items():
        if "running" not in name:
            assert torch.allclose(value, 0.25 * end[name] + 0.75 * start[name], atol=1e-5), name
    assert any(not torch.equal(value, export.tensors(run.average)[name]) for name, value in export.tensors(network).items() if "running" in name)
    assert "0.25 of its own" in mixed["configuration"]["history"]
