"""A teacher's targets: calibrated on what is labelled, kept by recording, learned with their own weight, refused when of another shape."""

import csv

import numpy as np
import pytest
import soundfile
import torch
from conftest import tone

from timbre_training.data import real, teacher
from timbre_training.data.corpus import RATE, Bank
from timbre_training.data.dataset import batch, overlay
from timbre_training.errors import TrainingError
from timbre_training.data.labels import ABSENT, HOP, PRESENT, SOFT, UNKNOWN, soft_labels
from timbre_training.data.real import RealBank
from timbre_training.render.render import Renderer
from timbre_training.data.taxonomy import CLASSES, INDEX
from timbre_training.train.train import NO_AUGMENTATION


def hears_flutes(audio):
    """Stands in for both models: log odds that say flute where it is high, else nothing."""
    windows = max(1, 1 + (int(len(audio) * 16000 / RATE) - teacher.WINDOW) // teacher.STEP)
    spectrum = np.abs(np.fft.rfft(audio[:RATE]))
    high = np.argmax(spectrum) > 500
    rows = np.full((windows, 2, len(teacher.TAUGHT)), -4.0)
    rows[:, :, teacher.TAUGHT.index("flute")] = 3.0 if high else -3.0
    return rows


@pytest.fixture
def folder(tmp_path):
    """A bank of labelled held-out tones and two unlabelled recordings."""
    rows = [[f"f{k}", "a", "solo", "", "flute", "*", "valid"] for k in range(6)] + [[f"c{k}", "a", "solo", "", "cello", "*", "valid"] for k in range(6)]
    rows += [["high", "b", "unlabelled", "", "", "", "train"], ["low", "b", "unlabelled", "", "", "", "train"]]
    with open(tmp_path / "manifest.csv", "w", newline="") as file:
        csv.writer(file).writerows(["id origin role group present absent use".split(), *rows])
    for row in rows:
        pitch = 84 if row[0][0] in "fh" else 40
        sound = np.concatenate([tone(pitch, 1.0) for _ in range(8 if row[2] == "unlabelled" else 3)])
        soundfile.write(tmp_path / f"{row[0]}.flac", sound, RATE)
    real.build(tmp_path / "bank", tmp_path / "manifest.csv", tmp_path, None)
    return tmp_path


def test_the_calibrated_targets_tell_the_classes_apart_and_are_nan_where_nothing_calibrates(folder):
    assert teacher.teach(hears_flutes, folder) == 2
    targets = RealBank(folder / "bank", "train").targets
    assert targets["high"][:, INDEX["flute"]].min() > 0.7 and targets["low"][:, INDEX["flute"]].max() < 0.3
    assert np.isnan(targets["high"][:, INDEX["oboe"]]).all(), "no teacher knows the oboe"
    assert np.isnan(targets["high"][:, INDEX["trumpet"]]).all(), "no trumpet calibrates it"


def test_taught_clips_carry_the_targets_as_labels(folder, work):
    teacher.teach(hears_flutes, folder)
    renderer = Renderer(Bank(work / "bank", "train"), None, 6.0, RealBank(folder / "bank", "train"))
    seen = []
    for seed in range(6):
        clip = renderer.clip((seed,), "taught")
        column = clip.labels[:, INDEX["flute"]]
        assert (clip.labels[:, INDEX["oboe"]] == UNKNOWN).all() and ((column >= SOFT) | (column == UNKNOWN)).all()
        seen += [(int(v) - SOFT) / 250 for v in np.unique(column) if v >= SOFT]
    assert max(seen) > 0.7 and min(seen) < 0.3


def test_taught_clips_need_a_teacher(folder, work):
    with pytest.raises(TrainingError, match="run `teach` first"):
        Renderer(Bank(work / "bank", "train"), None, 3.0, RealBank(folder / "bank", "train")).clip((1,), "taught")


def test_soft_labels_keep_a_probability_within_a_half_percent():
    labels = soft_labels(np.array([0.0, 0.25, 1.0, np.nan]))
    assert labels.tolist() == [SOFT, SOFT + 62, SOFT + 250, UNKNOWN]


def test_a_batch_weighs_what_is_known_taught_and_unknown():
    class One:
        def crop(self, rng, frames):
            labels = np.full((frames, 4), ABSENT, np.uint8)
            labels[:, 1], labels[:, 2], labels[:, 3] = PRESENT, UNKNOWN, SOFT + 200
            return np.zeros((frames, 12), np.float32), labels

    _, targets, weights = batch(One(), np.random.default_rng(1), 2, 3, 2, 12, NO_AUGMENTATION, 0, soft_weight=0.4)
    assert torch.equal(weights[0, :, 0], torch.tensor([1.0, 1.0, 0.0, 0.4]))
    assert torch.allclose(targets[0, :, 0], torch.tensor([0.0, 1.0, 0.0, 0.8]))


def test_two_crops_together_know_no_more_than_both():
    row = lambda *values: (np.ones((1, 2), np.float32), np.array([values], np.uint8))
    _, labels = overlay(np.random.default_rng(1), row(ABSENT, ABSENT, UNKNOWN, UNKNOWN, SOFT + 9), row(ABSENT, UNKNOWN, PRESENT, SOFT + 9, ABSENT), 6)
    assert labels.tolist() == [[ABSENT, UNKNOWN, PRESENT, UNKNOWN, SOFT + 9]]


def test_windows_of_the_teacher_lie_on_our_hops():
    assert teacher.hops_of(0, 1000) == slice(0, 83)
    second = teacher.hops_of(1, 1000)
    assert abs(second.start * HOP / RATE - 0.48) < 0.012
    assert teacher.hops_of(50, 60) == slice(59, 60)


def test_a_teacher_of_another_shape_is_refused_with_what_was_expected(tmp_path):
    pytest.importorskip("ai_edge_litert")
    (tmp_path / "map.csv").write_text("index,mid,display_name\n0,/m/0,Flute\n")
    with pytest.raises(TrainingError, match="names 1 classes; expected are AudioSet's 521"):
        teacher.Teacher(tmp_path / "x.tflite", tmp_path / "map.csv")
    names = [n for names in teacher.NAMES.values() for n in names]
    rows = "".join(f'{k},/m/{k},"{names[k] if k < len(names) else k}"\n' for k in range(521))
    (tmp_path / "map.csv").write_text("index,mid,display_name\n" + rows)
    (tmp_path / "x.tflite").write_bytes(b"TFL3 but not really")
    with pytest.raises(TrainingError, match="expected is a LiteRT file that takes 15600 samples"):
        teacher.Teacher(tmp_path / "x.tflite", tmp_path / "map.csv")
    assert len(CLASSES) - len(teacher.TAUGHT) == 3
