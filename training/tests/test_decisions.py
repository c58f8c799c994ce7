"""Thresholds, smoothing and events do what the daemon does."""

import numpy as np
import pytest

from timbre_training.evaluate.evaluate import choose_settings, per_hour, reached
from timbre_training.evaluate.events import EventSettings, believed, smooth, segments
from timbre_training.data.labels import PRESENT
from timbre_training.evaluate.metrics import f_curve


def settings(**changes):
    values = dict(on=np.array([0.6]), off=np.array([0.4]), smoothing=0.0, minimum_on=0.0, minimum_off=0.0, rate=100.0)
    return EventSettings(**{**values, **changes})


def test_a_level_between_the_thresholds_keeps_its_state():
    level = np.array([0.5, 0.7, 0.5, 0.5, 0.3, 0.5])[:, None]
    assert segments(believed(level, settings())) == [(0, 1, 4)]


def test_spells_and_gaps_below_the_minimum_do_not_show():
    level = np.array([0.9, 0, 0, 0.9, 0.9, 0.9, 0, 0.9, 0.9, 0, 0, 0, 0])[:, None]
    assert segments(believed(level, settings(minimum_on=30, minimum_off=30))) == [(0, 5, 11)]


def test_smoothing_reaches_63_percent_after_its_time_constant():
    step = smooth(np.ones((40, 1)), 100, 100.0)
    assert abs(step[9, 0] - (1 - np.exp(-1))) < 1e-6


def test_the_threshold_search_finds_the_gap_between_the_classes():
    truth = np.array([True] * 50 + [False] * 50)
    score = np.where(truth, 0.7, 0.2)
    curve = f_curve(truth, score)
    assert curve.max() == 1 and 0.19 < (np.argmax(curve) + 1) / 100 < 0.7


def test_nothing_comes_on_in_a_quiet_clip_at_the_chosen_thresholds():
    rng = np.random.default_rng(2)
    labels = np.zeros((3, 200, 24), np.uint8)
    labels[0, 50:150, 3] = PRESENT
    labels[2, :, 23] = PRESENT
    probabilities = rng.random((3, 200, 24)) * 0.1
    probabilities[0, 50:150, 3], probabilities[2, :, 23] = 0.9, 0.7
    probabilities[1:, 100:104, 3] = 0.6
    chosen, _ = choose_settings(probabilities, labels, np.array([False, True, True]))
    found = believed(probabilities, chosen)
    assert found[0, 60:140, 3].all() and not found[1].any() and not found[2, :, :23].any()


def test_a_level_reaches_what_it_holds_long_enough():
    level = np.zeros((1, 20, 1))
    level[0, 5] = 0.9
    level[0, 6:9] = 0.3
    assert reached(level, 1, 0.5)[0, 0] == 0.9
    assert np.isclose(reached(level, 3, 0.5)[0, 0], 0.6)
    assert reached(level, 8, 0.5)[0, 0] == 0


def test_precision_moves_the_threshold_up():
    rng = np.random.default_rng(1)
    truth = rng.random(4000) < 0.2
    score = np.clip(rng.normal(np.where(truth, 0.5, 0.35), 0.12), 0, 1)
    assert np.argmax(f_curve(truth, score, 0.5)) > np.argmax(f_curve(truth, score, 1.0))


def test_false_events_are_counted_by_the_hour():
    clips = np.zeros((3, 8613, 24), bool)
    clips[1, 10:20, 4] = clips[1, 30:40, 4] = clips[2, 10:20, 5] = True
    assert per_hour(clips) == pytest.approx(3 / (3 * 100 / 3600), rel=1e-3)
    assert np.isnan(per_hour(clips[:0]))
