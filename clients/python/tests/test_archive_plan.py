"""What is found at an input, what of it is cut into slices, and what becomes of audio that is not all there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import DEMO
from timbred.errors import TimbredError

pytest.importorskip("pyarrow")
pytest.importorskip("fsspec")
soundfile = pytest.importorskip("soundfile")

from timbred import archive  # noqa: E402
from timbred.archive import hearing, job, plan  # noqa: E402

Tones = Callable[[str, float], Path]


def test_recordings_are_found_by_their_names_below_the_input(sounds: Path) -> None:
    names = ["more/y.wav", "poison.flac", "x.wav", "xx.wav", "xxx.wav", "xxxx.wav"]
    assert [each.name for each in plan.find(str(sounds))] == names
    assert [each.name for each in plan.find(f"file://{sounds}/x*.wav")] == names[2:]
    assert [each.name for each in plan.find([str(sounds / "x.wav")])] == ["x.wav"]
    with pytest.raises(TimbredError, match="would have the same name, x.wav"):
        (sounds / "more" / "x.wav").write_bytes((sounds / "x.wav").read_bytes())
        plan.find([str(sounds), str(sounds / "more")])
    with pytest.raises(TimbredError, match="no such file or folder"):
        plan.find(str(sounds / "lost"))


@pytest.mark.parametrize(
    ("source", "path", "url"),
    [
        ("zip://d::file:///x.zip", "d/ok.wav", "zip://d/ok.wav::file:///x.zip"),
        ("sftp://me@host:22/arch", "/arch/a.wav", "sftp://me@host:22/arch/a.wav"),
    ],
)
def test_a_url_keeps_all_that_leads_to_it(source: str, path: str, url: str) -> None:
    assert plan.url_of(path, None, source) == url


def test_links_are_followed_once(tmp_path: Path, tones: Tones) -> None:
    tones("store/x.w64", 1)
    tones("in/y.WAV", 1)
    (tmp_path / "in" / "linked.wav").symlink_to(tmp_path / "in" / "y.WAV")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "store")
    (tmp_path / "store" / "back").symlink_to(tmp_path / "in")
    assert [each.name for each in plan.find(str(tmp_path / "in"))] == ["folder/x.w64", "linked.wav", "y.WAV"]


def test_what_cannot_be_opened_is_reported_and_hidden_folders_are_left_out(
    sounds: Path, tmp_path: Path, timbre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sounds / ".hidden").mkdir()
    (sounds / ".hidden" / "z.wav").write_bytes((sounds / "x.wav").read_bytes())
    (sounds / "dangling.wav").symlink_to(tmp_path / "lost.wav")
    scandir = os.scandir

    def refuse(path: Any) -> Any:
        if str(path).endswith("/more"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = plan.find(str(sounds))
    monkeypatch.undo()
    monkeypatch.setenv("TIMBRE", str(timbre))
    assert [each.name for each in found] == ["dangling.wav", "more", "poison.flac", "x.wav", "xx.wav", "xxx.wav", "xxxx.wav"]
    out = str(tmp_path / "out")
    for each in found[:2]:
        assert len(job.cut(each, archive.Settings())) == 1
        assert job.hear_whole(each, out, archive.Settings()).problem is not None
    problems = archive.Dataset(out).read("failed")["problem"].to_pylist()
    assert "No such file" in problems[0] and problems[1] == f"{sounds}/more: Permission denied"


def length_of(path: Path) -> float | None:
    with path.open("rb") as file:
        return plan.duration_of(file)


@pytest.mark.parametrize(
    ("container", "subtype"),
    [("WAV", "PCM_16"), ("WAVEX", "FLOAT"), ("RF64", "PCM_24"), ("W64", "PCM_16"), ("AIFF", "PCM_24"), ("FLAC", "PCM_16")],
)
def test_what_libsndfile_reads_to_the_end_is_cut(tmp_path: Path, container: str, subtype: str) -> None:
    import numpy

    path = tmp_path / "a"
    soundfile.write(path, numpy.zeros((44_101, 1)), 44_100, subtype, format=container)
    assert length_of(path) == pytest.approx(44_101 / 44_100)
    whole = path.read_bytes()
    if container != "FLAC":
        for other in (whole + whole, whole[: len(whole) // 2]):
            path.write_bytes(other)
            assert length_of(path) is None


def test_what_libsndfile_may_not_read_to_the_end_is_not_cut(tmp_path: Path) -> None:
    import numpy

    kinds = [("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III"), ("WAV", "IMA_ADPCM"), ("AU", "PCM_16")]
    for container, subtype in kinds:
        path = tmp_path / f"{container}-{subtype}"
        soundfile.write(path, numpy.zeros(48_000), 48_000, subtype, format=container)
        assert length_of(path) is None, path
    # Of more than 4 GiB a header tells the rest: a sparse file whose length is told modulo 2^32.
    path = tmp_path / "large.wav"
    soundfile.write(path, numpy.zeros(44_100), 44_100, "PCM_16")
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size + (1 << 32))
    assert length_of(path) is None


def test_joined_flac_is_heard_to_the_end_of_its_last_part(tmp_path: Path, timbre: Path) -> None:
    path = tmp_path / "joined.flac"
    path.write_bytes(2 * DEMO.read_bytes())
    result = hearing.hear_slice(str(path), plan.Slice(0.0, 0.0, None), [])
    merged = hearing.merge(str(path), [result], [])
    assert merged["duration_s"] == pytest.approx(2 * soundfile.info(DEMO).duration)
    assert merged == hearing.hear(str(path), [], None)


def test_frames_that_are_missing_are_a_failure_and_not_silence(
    tmp_path: Path, tones: Tones, timbre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tones("a.wav", 2)
    read = soundfile.SoundFile.read

    def short(file: Any, frames: int, **options: Any) -> Any:
        return read(file, min(frames, max(0, 44_100 - file.tell())), **options)

    monkeypatch.setattr(soundfile.SoundFile, "read", short)
    with pytest.raises(TimbredError, match=r"it ends 1\.000 s before the length in its header"):
        hearing.hear_slice(str(path), plan.Slice(0.0, 0.0, None), [])


def test_a_long_recording_that_cannot_be_read_ends_with_a_reason(tmp_path: Path, timbre: Path) -> None:
    import numpy

    path = tmp_path / "a.flac"
    soundfile.write(path, numpy.random.default_rng(1).uniform(-0.5, 0.5, 20 * 44_100), 44_100)
    whole = path.read_bytes()
    part = plan.Slice(0.0, 0.0, None)
    with pytest.raises(TimbredError, match="did not finish within 0.001 s"):
        hearing.hear_slice(str(path), part, [], timeout=0.001)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(TimbredError, match="the audio cannot be read"):
        hearing.hear_slice(str(path), part, [])
    # The number of samples in the header is 36 bits; 0 means unknown.
    unknown = bytearray(whole)
    unknown[21] &= 0xF0
    unknown[22:26] = bytes(4)
    path.write_bytes(unknown)
    with path.open("rb") as file:
        assert plan.duration_of(file) is None
    gone = plan.Recording("b.flac", f"file://{tmp_path}/b.flac", 1 << 30)
    assert len(job.cut(gone, archive.Settings())) == 1
