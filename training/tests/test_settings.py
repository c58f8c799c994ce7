"""Settings chosen on recordings: the measure by hand, the same states as the daemon's, figures of what a person sees."""

import csv
import json

import numpy as np
import pytest
import soundfile
import torch
from conftest import tone

from timbre_training.evaluate import calibrate, card
from timbre_training.model import export
from timbre_training.data import real
from timbre_training.__main__ import calibrated, settings_of_file
from timbre_training.data.corpus import RATE as SAMPLES
from timbre_training.errors import TrainingError
from timbre_training.model.features import FrontEnd
from timbre_training.model.network import Network
from timbre_training.evaluate.figures import Settings, believe, event_figures
from timbre_training.data.labels import ABSENT, PRESENT, UNKNOWN
from timbre_training.evaluate.onsets import delays, onset_errors
from timbre_training.evaluate.recordings import Heard, connected, folds, origins
from timbre_training.evaluate.settings import ON, Choice, between_strokes, candidates, chosen, judge, timings
from timbre_training.data.taxonomy import CLASSES, INDEX

RATE = 44100 / 512


def test_the_measure_is_one_for_the_truth_and_falls_with_what_is_wrong():
    labels = np.zeros((2, 200), np.uint8)
    labels[0, 50:150] = PRESENT
    perfect, weights = labels == PRESENT, np.ones(2)
    assert judge(perfect, labels, weights) == 1.0
    assert judge(np.zeros((2, 200), bool), labels, weights) == 0.0
    late, false = perfect.copy(), perfect.copy()
    late[0, :90] = False
    false[1, 20:60] = True
    assert 0.4 < judge(late, labels, weights) < 0.95 and 0.4 < judge(false, labels, weights) < 0.9
    assert judge(late, labels, weights) > judge(false, labels, weights)


def test_drums_go_on_between_the_strokes_of_a_rhythm_and_a_flute_does_not():
    labels = np.zeros(400, np.uint8)
    for start in (50, 100, 150):
        labels[start:start + 15] = PRESENT
    drums = between_strokes(labels, "drums")
    assert (drums[65:100] == UNKNOWN).all() and (drums[300:] == ABSENT).all() and (drums[:50] == ABSENT).all()
    assert (between_strokes(labels, "flute") == labels).all()


def test_the_threshold_chosen_lies_between_the_class_and_what_is_not():
    rng = np.random.default_rng(1)
    labels = np.zeros((12, 300), np.uint8)
    labels[:6, 100:250] = PRESENT
    level = np.where(labels == PRESENT, 0.5, 0.15) + rng.normal(0, 0.03, labels.shape)
    found = {"flute": candidates("flute", level, labels, np.ones(12), RATE)}
    choice = chosen(found)["flute"]
    assert 0.2 < choice.on < 0.48 and choice.off < choice.on and choice.score > 0.95


def test_a_class_with_few_recordings_follows_the_others():
    def found(best: int, evidence: float):
        return np.tile(1 - 0.01 * np.abs(np.arange(len(ON)) - best), (len(timings("flute")), 1)), evidence

    others = {name: found(5, 200.0) for name in ("oboe", "clarinet", "bassoon", "horn")}
    few, many = chosen({**others, "flute": found(12, 2.0)}), chosen({**others, "flute": found(12, 600.0)})
    alone = chosen({**others, "flute": found(12, 2.0)}, prior=0.0)
    assert few["flute"].on == few["oboe"].on == ON[5] and many["flute"].on == alone["flute"].on == ON[12]
    assert list(few) == ["oboe", "clarinet", "bassoon", "horn", "flute"]


def test_clips_that_share_a_source_fall_into_the_same_half():
    clips = connected({"a": {"x"}, "b": {"x", "y"}, "c": {"y"}, "d": {"z"}})
    assert clips["a"] == clips["b"] == clips["c"] != clips["d"]
    sides = folds(list(clips.values()))
    assert sorted(sides.values()) == [0, 1]
    assert origins("o/r:a.wav|b.wav") == {"o/r"}
    assert origins("seth814/Audio-Classification:a.wav|b.wav") == {"seth814/Audio-Classification:a.wav", "seth814/Audio-Classification:b.wav"}


def heard(name, kind, present, frames=200):
    """A recording in which one class sounds in the middle, all others are absent."""
    labels = np.full((frames, len(CLASSES)), ABSENT, np.uint8)
    if present:
        labels[50:150, INDEX[present]] = PRESENT
    return Heard(name, name, kind, np.zeros((frames, len(CLASSES))), labels)


def test_single_sources_fall_into_the_four_cases():
    clips = [heard(str(k), "solo", "flute") for k in range(4)] + [heard("n", "noise", None), heard("o", "other", None)]
    reported = [np.zeros((200, len(CLASSES)), bool) for _ in clips]
    reported[0][60:150, INDEX["flute"]] = True
    reported[1][60:150, INDEX["flute"]] = reported[1][60:100, INDEX["oboe"]] = True
    reported[2][60:150, INDEX["oboe"]] = True
    reported[5][60:150, INDEX["banjo"]] = True
    figures = event_figures(clips, reported, least=1)
    assert figures["single"] == {"only right": 0.25, "right and wrong": 0.25, "only wrong": 0.25, "nothing": 0.25}
    assert figures["noise"] == [0, 1] and figures["other"] == [1, 1]
    assert figures["entries"] == 4 and figures["never_reported"] == 0.5
    assert abs(figures["median_delay_ms"] - 10 / RATE * 1000) < 1e-6


def test_settings_decide_each_class_by_its_own_numbers():
    activity = np.zeros((300, len(CLASSES)))
    activity[50:250, INDEX["flute"]] = activity[50:250, INDEX["oboe"]] = 0.4
    settings = Settings(0.0, {"flute": Choice(0.3, 0.1, 0.0, 150.0, 1.0), "oboe": Choice(0.6, 0.3, 0.0, 150.0, 1.0)})
    reported = believe(activity, settings)
    assert reported[60:240, INDEX["flute"]].all() and not reported[:, INDEX["oboe"]].any()


def test_the_delay_of_a_class_is_how_late_its_rise_begins():
    activity = np.zeros((400, len(CLASSES)))
    activity[100:300, INDEX["flute"]] = np.minimum(0.9, 0.09 * np.arange(1, 201))
    activity[100:300, INDEX["oboe"]] = 0.9
    labels = np.full(activity.shape, ABSENT, np.uint8)
    labels[90:290, INDEX["flute"]] = PRESENT
    labels[90:290, INDEX["oboe"]] = PRESENT
    settings = Settings(0.0, {name: Choice(0.5, 0.3, 60.0, 150.0, 1.0) for name in ("flute", "oboe")})
    errors = onset_errors([Heard("x", "x", "mix", activity, labels)] * 3, settings)
    assert errors == {"flute": [pytest.approx(10 / RATE * 1000)] * 3, "oboe": [pytest.approx(10 / RATE * 1000)] * 3}
    errors["oboe"] = [0.0] * 3
    late = delays(errors)
    assert late[INDEX["flute"]] > late[INDEX["piano"]] > late[INDEX["oboe"]] > 0
    assert delays({}) == [0.0] * len(CLASSES)


def test_a_network_is_calibrated_on_held_out_recordings_exported_and_described(tmp_path, configuration, front_end_command):
    rows = [[f"{name}-{k}", f"o{k}", "solo", "", name, "*", "valid"] for name in ("flute", "cello") for k in range(4)]
    rows += [[f"noise-{k}", f"o{k}", "noise", "", "", "*", "valid"] for k in range(2)]
    with open(tmp_path / "manifest.csv", "w", newline="") as file:
        csv.writer(file).writerows(["id origin role group present absent use".split(), *rows])
    for row in rows:
        soundfile.write(tmp_path / f"{row[0]}.flac", tone("" if row[4] == "" else 80 if row[4] == "flute" else 45, 2.0), SAMPLES)
    real.build(tmp_path / "bank", tmp_path / "manifest.csv", tmp_path, None)
    (tmp_path / "valid").mkdir()
    torch.manual_seed(6)
    network = Network(configuration["network"]).eval()
    run = tmp_path / "run"
    with pytest.raises(TrainingError, match="run `calibrate` first"):
        calibrated(run)
    calibrate.calibrate(network, FrontEnd(configuration["front_end"], front_end_command), tmp_path, None, run / "calibration", None)
    figures, settings = calibrated(run)
    assert figures["held out, cross-validated"]["events"]["singles"] == 8 and set(settings["choices"]) == {"flute", "cello"}
    in_file = settings_of_file(settings)
    assert len(in_file["on"]) == len(in_file["minimum_off_ms"]) == len(in_file["delay_ms"]) == len(CLASSES)
    state = {"configuration": configuration, "step": 8, "shards": ["0000"]}
    description = export.describe(network, "tiny", configuration["front_end"], list(CLASSES), in_file, card.provenance(configuration, state, figures))
    export.write(tmp_path / "tiny.safetensors", network, description)
    assert export.read(tmp_path / "tiny.safetensors")[1]["minimum_on_ms"] == in_file["minimum_on_ms"]
    page = card.write(network, state, figures, settings, "Notes.")
    assert "entries never reported" in page and "Taken for what (held-out recordings" in page
    json.dumps(description)
