"""Labels follow the sound, splits stay apart, a clip is a function of its seed."""

import numpy as np
import pytest

from timbre_training.render import effects, music, player
from timbre_training.data.corpus import RATE, Bank, decode, read_index
from timbre_training.errors import TrainingError
from timbre_training.data import bank as builder
from timbre_training.data.labels import ABSENT, FLOOR_DBFS, HOP, PRESENT, UNKNOWN, hop_power, label_part
from timbre_training.render.render import Renderer
from timbre_training.data.taxonomy import CLASSES, INDEX


def test_labels_are_present_exactly_while_the_stem_sounds():
    hops = 400
    stem = np.zeros(hops * HOP)
    stem[100 * HOP:200 * HOP] = 0.3 * np.sin(np.arange(100 * HOP) * 0.1)
    power = hop_power(stem, hops)
    labels = label_part(power, power, None)
    assert (labels[101:200] == PRESENT).all()
    assert (labels[:100] == ABSENT).all() and (labels[202:] == ABSENT).all()


def test_a_decay_ends_45_decibels_below_the_level_of_the_part():
    time = np.arange(600 * HOP) / RATE
    stem = 0.5 * np.sin(2 * np.pi * 440 * time) * 10 ** (-20 * time / 20)          # 20 dB a second
    power = hop_power(stem, 600)
    labels = label_part(power, power, None)
    top = 10 * np.log10(np.percentile(power[power > 1e-12], 95))
    end = np.flatnonzero(labels == PRESENT)[-1]
    assert abs(10 * np.log10(power[end]) - (top - 45)) < 0.5


def test_what_is_buried_or_only_reverberates_is_unknown():
    stem = np.zeros(300)
    stem[50:100] = 1e-2
    tail = stem.copy()
    tail[100:150] = 1e-4
    labels = label_part(stem, np.full(300, 1e-2), tail)
    assert (labels[50:100] == PRESENT).all() and (labels[100:150] == UNKNOWN).all() and (labels[150:] == ABSENT).all()
    assert (label_part(stem, np.full(300, 10.0), None)[50:100] == UNKNOWN).all()


def test_a_rendered_solo_is_labelled_where_its_energy_is(work):
    renderer = Renderer(Bank(work / "bank", "train"), None, 6.0)
    for seed in range(12):
        clip = renderer.clip((seed,), "solo")
        name = clip.record["classes"][0]
        present = clip.labels[:, INDEX[name]] == PRESENT
        power = hop_power(clip.audio, renderer.hops)
        if present.any():
            assert np.median(power[present]) > 10 ** (FLOOR_DBFS / 10)
        others = [k for k in range(len(CLASSES)) if CLASSES[k] != name]
        assert not (clip.labels[:, others] == PRESENT).any()


def test_empty_clips_hold_no_instrument(work):
    renderer = Renderer(Bank(work / "bank", "train"), None, 3.0)
    for seed in range(5):
        assert not (renderer.clip((seed,), "empty").labels == PRESENT).any()


def test_an_empty_clip_may_be_silent_throughout(work):
    renderer = Renderer(Bank(work / "bank", "train"), None, 3.0)
    clips = [renderer.clip((seed,), "empty") for seed in range(120)]
    # A crowd of whom the tiny bank knows nobody is silent too, and its labels are unknown.
    silent = [clip for clip in clips if not clip.audio.any() and (clip.pitches == ABSENT).all()]
    assert silent and all((clip.labels == ABSENT).all() for clip in silent)


@pytest.mark.parametrize("form", [row[1] for row in effects.CODECS])
def test_a_codec_damages_the_sound_and_leaves_it_in_its_place(form, monkeypatch):
    monkeypatch.setattr(effects, "CODECS", [row for row in effects.CODECS if row[1] == form] * 3)
    rng = np.random.default_rng(4)
    time = np.arange(2 * RATE) / RATE
    mix = (np.sin(2 * np.pi * 440 * time) * (np.sin(2 * np.pi * 1.5 * time) > 0) + 0.2 * rng.standard_normal(len(time))).astype(np.float32)
    back = effects.codec(rng, mix)
    assert len(back) == len(mix) and 0.01 < np.std(back - mix) / np.std(mix)
    lags = range(-600, 601, 5)
    nearest = max(lags, key=lambda lag: np.dot(mix[RATE // 2:RATE], back[RATE // 2 + lag:RATE + lag]))
    assert abs(nearest) <= 10


def test_no_sample_is_shifted_by_more_than_two_semitones(work, monkeypatch):
    ratios = []
    monkeypatch.setattr(player, "warp", lambda audio, ratio, *rest: ratios.append(ratio) or np.zeros(0, np.float32))
    bank = Bank(work / "bank", "train")
    samples = player.choose_samples(np.random.default_rng(1), bank, "flute")
    notes = [music.Note(0.1, 0.5, pitch, 1.0) for pitch in range(59, 97)]
    player.play(np.random.default_rng(2), bank, player.Part("flute", notes, samples), RATE)
    # Detuning of the player and of the note come on top: a few tenths of a semitone.
    assert len(ratios) == len(notes) and max(abs(12 * np.log2(ratio)) for ratio in ratios) < player.MAXIMUM_SHIFT + 0.8


def test_validation_sources_never_sound_in_training(work):
    train, valid = Bank(work / "bank", "train"), Bank(work / "bank", "valid")
    assert {s.source for s in train.samples} == {"one", "kit", "street", "hall"}
    assert {s.source for s in valid.samples} == {"two", "three", "kit2", "fan"}
    renderer = Renderer(train, None, 3.0)
    used = {source for seed in range(20) for source in renderer.clip((seed,)).record["sources"]}
    assert used and used <= {"one", "kit"}


def test_a_clip_is_a_function_of_its_seed(work):
    renderer = Renderer(Bank(work / "bank", "train"), None, 3.0)
    a, b, c = renderer.clip((1, 2)), renderer.clip((1, 2)), renderer.clip((1, 3))
    assert np.array_equal(a.audio, b.audio) and np.array_equal(a.labels, b.labels)
    assert not np.array_equal(a.audio, c.audio)


def test_an_unknown_class_names_its_line(corpus, tmp_path):
    text = (corpus / "index.csv").read_text().replace(",cello,", ",kazoo,", 1)
    (tmp_path / "index.csv").write_text(text)
    with pytest.raises(TrainingError, match=r"index.csv:4: unknown class"):
        read_index(tmp_path)


def test_a_missing_font_and_an_undecodable_file_are_named(tmp_path):
    with pytest.raises(TrainingError, match="none.sf2: soundfont not found"):
        builder.soundfont_notes(tmp_path / "none.sf2", "train")
    (tmp_path / "text.sf2").write_text("no font")
    with pytest.raises(TrainingError, match="text.sf2: no soundfont"):
        builder.soundfont_notes(tmp_path / "text.sf2", "train")
    broken = tmp_path / "broken.opus"
    broken.write_bytes(b"OggS" + bytes(100))
    with pytest.raises(TrainingError, match="broken.opus: cannot be decoded"):
        decode(broken)
