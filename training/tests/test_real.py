"""Real recordings: the manifest is read strictly, copies of tests stop the build, clips around recordings are labelled honestly."""

import csv
import json

import numpy as np
import pytest
import soundfile
from conftest import tone

from timbre_training.data import real
from timbre_training.data.corpus import RATE, Bank
from timbre_training.errors import TrainingError
from timbre_training.data.labels import ABSENT, PRESENT, UNKNOWN
from timbre_training.data.real import OTHER, RealBank
from timbre_training.render.render import Renderer
from timbre_training.data.taxonomy import CLASSES, INDEX, UNPITCHED

COLUMNS = "id origin role group present absent use".split()
ROWS = [["flute-1", "a", "solo", "", "flute", "*", "train"], ["flute-2", "b", "solo", "", "flute", "*", "valid"],
        ["cello-1", "a", "solo", "", "cello", "flute;drums", "train"], ["harp-1", "a", "solo", "", "", "*", "train"],
        ["drums-1", "c", "stem", "song", "drums", "flute", "train"], ["street", "c", "noise", "", "", "*", "train"]]


def write(folder, rows, silent=()):
    """A manifest and one file a row."""
    with open(folder / "manifest.csv", "w", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    for number, row in enumerate(rows):
        sound = tone("" if row[0] in ("drums-1", "street") else 60 + number, 3.0)
        soundfile.write(folder / f"{row[0]}.flac", sound * (0 if row[0] in silent else 1), RATE)
    return folder / "manifest.csv"


@pytest.fixture
def recordings(tmp_path, work):
    """A work folder with both banks."""
    manifest = write(tmp_path, ROWS)
    counts = real.build(tmp_path / "bank", manifest, tmp_path, None)
    assert counts == {"kept": 6}
    return RealBank(tmp_path / "bank", "train"), Bank(work / "bank", "train")


def test_a_manifest_becomes_a_bank_whose_splits_stay_apart(recordings, tmp_path):
    bank, _ = recordings
    assert {name: list(pools) for name, pools in bank.solos.items()} == {"flute": ["a"], "cello": ["a"], OTHER: ["a"], "drums": ["c"]}
    assert list(bank.songs) == ["song"] and [row.name for row in bank.noises] == ["street"]
    assert [row.name for row in RealBank(tmp_path / "bank", "valid").recordings] == ["flute-2"]
    flute = bank.solos["flute"]["a"][0]
    assert abs(np.abs(bank.load(flute)).max() - 1) < 1e-3 and len(bank.load(flute)) == flute.frames


def test_rows_that_cannot_be_used_are_named_with_their_lines_and_counted(tmp_path, capsys):
    rows = [*ROWS, ["gone", "a", "solo", "", "flute", "*", "train"], ["odd", "a", "solo", "", "kazoo", "*", "train"],
            ["mute", "a", "solo", "", "flute", "*", "train"], ["torn", "a", "solo", "", "flute", "*", "train"],
            ["closed", "a", "solo", "", "flute", "*", "terms"], ["what", "a", "dance", "", "flute", "*", "train"]]
    manifest = write(tmp_path, rows, silent={"mute"})
    (tmp_path / "gone.flac").unlink()
    (tmp_path / "torn.flac").write_bytes(b"no sound")
    assert real.build(tmp_path / "bank", manifest, tmp_path, None) == {"kept": 6, "left out": 6}
    said = capsys.readouterr().out
    for text in ("manifest.csv:8: gone: left out", "manifest.csv:9: unknown class 'kazoo'", "manifest.csv:10: mute: left out, it is silent",
                 "manifest.csv:11: torn: left out", "manifest.csv:12: left out, its use is 'terms'", "manifest.csv:13: unknown role 'dance'"):
        assert text in said


def test_a_manifest_without_a_column_is_refused(tmp_path):
    (tmp_path / "manifest.csv").write_text("id,role\na,solo\n")
    with pytest.raises(TrainingError, match="no column absent, group, origin, present, use"):
        real.build(tmp_path / "bank", tmp_path / "manifest.csv", tmp_path, None)


def test_a_copy_of_a_test_recording_stops_the_build_unless_told_otherwise(tmp_path):
    music = np.random.default_rng(1)
    sound = np.concatenate([tone(int(p), 0.3) for p in music.integers(50, 80, 40)])
    (tmp_path / "tested").mkdir()
    soundfile.write(tmp_path / "tested" / "secret.flac", sound, RATE)
    manifest = write(tmp_path, ROWS)
    soundfile.write(tmp_path / "cello-1.flac", sound[RATE:] * 0.3, RATE)
    with pytest.raises(TrainingError, match="manifest.csv:4: cello-1: it is a copy of secret"):
        real.build(tmp_path / "bank", manifest, tmp_path, tmp_path / "tested")
    assert real.build(tmp_path / "bank", manifest, tmp_path, tmp_path / "tested", True) == {"kept": 5, "left out": 1}


def test_clips_around_recordings_say_unknown_where_nothing_is_known(recordings):
    bank, samples = recordings
    renderer = Renderer(samples, None, 6.0, bank)
    seen = set()
    for seed in range(30):
        clip = renderer.clip((seed,), "real")
        present = {CLASSES[k] for k in range(len(CLASSES)) if (clip.labels[:, k] == PRESENT).any()}
        assert present <= set(clip.record["classes"])
        seen |= present
        if clip.record["classes"] == ["cello"] and clip.record["sources"] == ["a"]:
            sounding = clip.labels[:, INDEX["cello"]] == PRESENT
            assert (clip.labels[sounding][:, INDEX["oboe"]] == UNKNOWN).all()
            assert (clip.labels[:, INDEX["flute"]] == ABSENT).all() or "flute" in clip.record["classes"]
    assert {"flute", "cello", "drums"} <= seen


def test_no_pitch_is_known_where_a_pitched_recording_plays(recordings):
    bank, samples = recordings
    renderer = Renderer(samples, None, 6.0, bank)
    parts_of, played, sounding = renderer.real, [], 0

    def watched(rng):
        played[:] = parts_of(rng)
        return played

    renderer.real = watched
    for seed in range(30):
        clip = renderer.clip((seed,), "real")
        recorded = [INDEX[part.name] for part, _ in played if part.origins and part.name in INDEX and part.name not in UNPITCHED]
        plays = (clip.labels[:, recorded] == PRESENT).any(axis=1)
        assert (clip.pitches[plays] == UNKNOWN).all()
        sounding += plays.sum()
    assert sounding > 1000


def test_an_instrument_that_is_no_class_makes_every_class_absent(recordings):
    bank, samples = recordings
    renderer = Renderer(samples, None, 4.0, bank)
    part, stem = renderer.recorded(np.random.default_rng(1), 0, 4.0, OTHER)
    assert np.abs(stem).max() > 0.1 and part.unknown == ()
    labels = renderer.labels([(part, stem)], stem, None, 1.0, 1.0, False)
    assert (labels == ABSENT).all()


def test_real_clips_need_real_recordings(work):
    with pytest.raises(TrainingError, match="run `real` first"):
        Renderer(Bank(work / "bank", "train"), None, 3.0).clip((1,), "real")


def test_the_index_of_a_bank_is_written_last(tmp_path):
    manifest = write(tmp_path, ROWS)
    real.build(tmp_path / "bank", manifest, tmp_path, None)
    rows = json.loads((tmp_path / "bank" / "real.json").read_text())
    assert rows[-1]["start"] + rows[-1]["frames"] == (tmp_path / "bank" / "real.f16").stat().st_size // 2
