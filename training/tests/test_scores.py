"""MusicXML parts are read with chords, ties, transposition and backups."""

import json
import zipfile
from types import SimpleNamespace

import pytest

from timbre_training.data import scores
from timbre_training.errors import TrainingError
from timbre_training.data.scores import read_mxl

NOTE = "<note>{chord}<pitch><step>{step}</step><octave>4</octave></pitch><duration>{length}</duration>{tie}</note>"


def score(body: str) -> str:
    return ("<score-partwise><part id='P1'><measure><attributes><divisions>2</divisions><transpose><chromatic>-2</chromatic>"
            f"</transpose></attributes>{body}</measure></part></score-partwise>")


def test_a_small_score(tmp_path):
    note = lambda step, length, chord="", tie="": NOTE.format(step=step, length=length, chord=chord, tie=tie)
    body = (note("D", 2) + note("A", 2, "<chord/>") + note("E", 4, tie="<tie type='start'/>") + note("E", 2, tie="<tie type='stop'/>")
            + "<backup><duration>8</duration></backup>" + note("G", 8))
    with zipfile.ZipFile(tmp_path / "a.mxl", "w") as archive:
        archive.writestr("score.xml", score(body))
    assert read_mxl(tmp_path / "a.mxl") == [[(0.0, 1.0, 60), (0.0, 1.0, 67), (0.0, 4.0, 65), (1.0, 3.0, 62)]]


def test_a_file_that_is_no_score_is_named(tmp_path):
    (tmp_path / "b.mxl").write_bytes(b"no zip")
    with pytest.raises(TrainingError, match="b.mxl"):
        read_mxl(tmp_path / "b.mxl")


def test_scores_come_from_several_folders_and_from_the_corpus_of_music21(tmp_path, monkeypatch):
    note = NOTE.format(step="D", length=2, chord="", tie="")
    for folder in ("own", "music21/corpus/bach"):
        (tmp_path / folder).mkdir(parents=True)
        with zipfile.ZipFile(tmp_path / folder / "a.mxl", "w") as archive:
            archive.writestr("score.xml", score(note * 30))
    monkeypatch.setattr(scores, "find_spec", lambda name: SimpleNamespace(origin=str(tmp_path / name / "__init__.py")))
    scores.build([str(tmp_path / "own"), "music21"], tmp_path / "scores.json")
    assert [len(piece[0]) for piece in json.loads((tmp_path / "scores.json").read_text())] == [30, 30]
    monkeypatch.setattr(scores, "find_spec", lambda name: None)
    with pytest.raises(TrainingError, match="music21: not installed"):
        scores.build(["music21"], tmp_path / "other.json")
    (tmp_path / "empty").mkdir()
    with pytest.raises(TrainingError, match="no scores"):
        scores.build([str(tmp_path / "own"), str(tmp_path / "empty")], tmp_path / "other.json")
    assert not (tmp_path / "other.json").exists()
