"""Thresholds come from other clips, and the bootstrap says how sure a mean is."""

import numpy as np

from timbre_training.data.labels import PRESENT, UNKNOWN
from timbre_training.published.statistics import counts, draws, f1, held_out_counts, interval, resampled_f1, resampled_map


def example(clips=40, noise=0.2, seed=1):
    rng = np.random.default_rng(seed)
    labels = (rng.random((clips, 30, 3)) < 0.3).astype(np.uint8) * PRESENT
    return np.clip(labels * 0.6 + rng.normal(0.2, noise, labels.shape), 0, 1), labels


def test_f1_counts_known_frames_only():
    probabilities, labels = np.array([[[0.9], [0.8], [0.1], [0.9]]]), np.array([[[PRESENT], [0], [PRESENT], [UNKNOWN]]], np.uint8)
    found = counts(probabilities, labels, np.array([0.5]))
    assert found[0, 0].tolist() == [1, 2, 2] and f1(found[0, 0]) == 0.5
    assert np.isnan(f1(np.array([0, 3, 0])))


def test_thresholds_never_see_the_clips_they_judge():
    probabilities, labels = example()
    before = held_out_counts(probabilities, labels)
    labels_changed = labels.copy()
    labels_changed[0] = PRESENT - labels_changed[0]
    after = held_out_counts(probabilities, labels_changed)
    assert np.array_equal(before[0, :, 1], after[0, :, 1])


def test_the_interval_holds_the_mean_and_narrows_with_the_clips():
    widths = []
    for clips in (20, 320):
        per_clip = held_out_counts(*example(clips))
        values = resampled_f1(per_clip, draws(clips))
        low, high = interval(values)
        assert low < np.nanmean(f1(per_clip.sum(axis=0))) < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_paired_differences_tell_apart_what_single_intervals_do_not():
    rng = np.random.default_rng(3)
    labels = (rng.random((60, 30, 2)) < np.linspace(0.05, 0.9, 60)[:, None, None]).astype(np.uint8) * PRESENT
    hard = np.linspace(0.05, 0.6, 60)[:, None, None]
    worse = np.clip(labels * 0.5 + 0.2 + rng.normal(0, hard, labels.shape), 0, 1)
    better = np.clip(worse + 0.02 * (2.0 * labels - 1), 0, 1)
    a, b = (resampled_f1(held_out_counts(p, labels), draws(60)) for p in (better, worse))
    assert interval(a - b)[0] > 0
    assert interval(a)[0] < interval(b)[1]


def test_map_of_a_perfect_ranking_is_one_in_every_resampling():
    truth = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0, np.nan]] * 4, float)
    score = np.nan_to_num(truth, nan=0.5)
    assert np.allclose(resampled_map(truth, score, draws(20)[:50]), 1)
