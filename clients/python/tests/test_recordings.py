"""Recordings through the program `timbre`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import timbred
from conftest import DEMO


def test_an_annotation_says_what_sounds_when() -> None:
    heard = timbred.annotate(DEMO)
    assert heard.recording == "demo.flac" and heard.duration > 30 and heard.model is not None
    assert heard.segments == tuple(sorted(heard.segments, key=lambda segment: (segment.start, segment.instrument)))
    assert all(0 <= segment.start <= segment.end <= heard.duration for segment in heard.segments)
    instrument, seconds = next(iter(heard.instruments.items()))
    assert seconds == pytest.approx(sum(segment.duration for segment in heard.segments if segment.instrument == instrument))
    assert any(tag.highest > 0.5 for tag in heard.tags)


def test_annotations_become_tables_and_jams() -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("jams")
    heard = timbred.annotate(DEMO)
    table = heard.to_pandas()
    assert len(table) == len(heard.segments) and set(table.columns) >= {"instrument", "start", "end"}
    jam = heard.to_jams()
    assert jam.file_metadata.duration == pytest.approx(heard.duration)
    assert len(jam.annotations[0].data) == len(heard.segments)


def test_activities_are_arrays_at_every_hop() -> None:
    numpy = pytest.importorskip("numpy")
    heard = timbred.activities(DEMO)
    assert heard.levels.dtype == numpy.float32 and heard.levels.shape == (len(heard.times), len(heard.classes))
    assert numpy.allclose(numpy.diff(heard.times), 512 / 44100, atol=1e-6)
    assert heard.of(heard.classes[3]) == pytest.approx(heard.levels[:, 3])
    if pytest.importorskip("pandas"):
        assert list(heard.to_pandas().columns) == list(heard.classes)


def test_audio_that_is_shorter_than_a_hop_has_no_activities(tones: Callable[[str, float], Path]) -> None:
    pytest.importorskip("numpy")
    heard = timbred.activities(tones("a.wav", 0.006))
    assert heard.levels.shape == (0, len(heard.classes)) and heard.times.shape == (0,) and len(heard.classes) > 0


def test_what_cannot_be_heard_is_an_error_with_the_reason(
    tmp_path: Path, tones: Callable[[str, float], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "damaged.flac"
    damaged.write_bytes(b"no audio")
    with pytest.raises(timbred.TimbreFailed, match="damaged.flac cannot be used") as caught:
        timbred.annotate(damaged)
    assert caught.value.status == 65
    with pytest.raises(timbred.TimbreFailed, match="No such file"):
        timbred.annotate(tmp_path / "lost.wav")
    with pytest.raises(timbred.TimbreFailed):
        list(timbred.replay(damaged))
    with pytest.raises(timbred.TimbreFailed, match="it is a folder"):
        timbred.annotate(tmp_path)
    monkeypatch.setenv("TIMBRE", str(tmp_path / "lost"))
    with pytest.raises(timbred.TimbreFailed, match=r"\$TIMBRE is .*lost, which is no program"):
        timbred.annotate(tones("a.wav", 1))
    monkeypatch.delenv("TIMBRE")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(timbred.TimbreFailed, match="timbre is not in PATH"):
        timbred.annotate(tones("a.wav", 1))
