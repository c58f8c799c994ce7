"""Archives on real engines, with real workers that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import DEMO, built
from timbred.errors import TimbredError

pytest.importorskip("pyarrow")
pytest.importorskip("fsspec")
soundfile = pytest.importorskip("soundfile")

from timbred import archive  # noqa: E402
from timbred.archive import hearing, job, plan  # noqa: E402

Tones = Callable[[str, float], Path]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def dask() -> Iterator[Any]:
    """A cluster of two workers, which find the program in their environment, as do those that take their places."""
    distributed = pytest.importorskip("distributed")
    program = built("timbre")
    if program is None:
        pytest.skip("timbre is not built: swift build")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIMBRE", str(program))
        with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            with distributed.Client(cluster) as client:
                yield client


def annotate(sounds: Path, out: Path, dask: Any) -> archive.Report:
    from timbred.archive import on_dask

    return on_dask.annotate(str(sounds), str(out), archive.Settings(), client=dask)


def test_a_job_on_dask_keeps_what_was_heard_and_reports_poison(sounds: Path, tmp_path: Path, dask: Any) -> None:
    out = tmp_path / "out"
    report = annotate(sounds, out, dask)
    assert (report.heard, report.kept, list(report.failed)) == (5, 0, ["poison.flac"]), report.failed
    dataset = archive.Dataset(str(out))
    assert dataset.read("recordings")["recording"].to_pylist() == [
        "more/y.wav", "x.wav", "xx.wav", "xxx.wav", "xxxx.wav",
    ]  # fmt: skip
    [failed] = dataset.read("failed").to_pylist()
    assert failed["recording"] == "poison.flac" and "cannot be used" in failed["problem"]
    assert dataset.read("recordings")["duration"].to_pylist() == [2.0, 1.5, 2.0, 2.5, 3.0]
    first = files(out)
    # What is there is kept; what failed is tried again, and gives the same.
    again = annotate(sounds, out, dask)
    assert (again.heard, again.kept) == (0, 5) and files(out) == first
    # Another size means another recording.
    (sounds / "x.wav").write_bytes((sounds / "xx.wav").read_bytes())
    (sounds / "poison.flac").unlink()
    changed = annotate(sounds, out, dask)
    assert (changed.heard, changed.kept, changed.failed) == (1, 4, {})


def test_a_task_that_ran_twice_leaves_one_result(sounds: Path, tmp_path: Path, timbre: Path) -> None:
    [recording] = plan.find(str(sounds / "x.wav"))
    out = tmp_path / "out"
    assert job.hear_whole(recording, str(out), archive.Settings()).problem is None
    first = files(out)
    assert job.hear_whole(recording, str(out), archive.Settings()).problem is None
    assert files(out) == first and len(first) == 2


def test_workers_that_are_killed_lose_nothing(sounds: Path, tmp_path: Path, dask: Any) -> None:
    quiet, disturbed = tmp_path / "quiet", tmp_path / "disturbed"
    annotate(sounds, quiet, dask)
    stop = threading.Event()
    killed: list[int] = []

    def kill() -> None:
        # One worker after the other while the job runs; Dask starts others in their place.
        while len(killed) < 2 and not stop.is_set():
            for facts in list(dask.cluster.workers.values()):
                pid = getattr(facts.process, "pid", None)
                if pid and pid not in killed:
                    killed.append(pid)
                    os.kill(pid, signal.SIGKILL)
                    break
            stop.wait(0.7)

    thread = threading.Thread(target=kill)
    thread.start()
    report = annotate(sounds, disturbed, dask)
    stop.set()
    thread.join()
    assert killed and (report.heard, list(report.failed)) == (5, ["poison.flac"])
    assert files(disturbed) == files(quiet)


def test_a_job_that_was_killed_goes_on(sounds: Path, tmp_path: Path, dask: Any) -> None:
    quiet, broken = tmp_path / "quiet", tmp_path / "broken"
    annotate(sounds, quiet, dask)
    process = subprocess.Popen(
        [sys.executable, "-m", "timbred.archive", "--workers", "1", str(sounds), str(broken)],
        env={**os.environ, "PYTHONPATH": str(Path(archive.__file__).parents[2])},
        start_new_session=True,
    )
    until = time.monotonic() + 120
    while not list(broken.glob("recordings/*/*.parquet")) and time.monotonic() < until:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    report = annotate(sounds, broken, dask)
    assert report.kept >= 1 and report.kept + report.heard == 5
    assert {name: content for name, content in files(broken).items() if not name.endswith(".part")} == files(quiet)


def test_another_configuration_is_refused_for_a_dataset(sounds: Path, tmp_path: Path, timbre: Path) -> None:
    out = str(tmp_path / "out")
    archive.Job(str(sounds), out, archive.Settings())
    with pytest.raises(TimbredError, match="one model and one configuration"):
        archive.Job(str(sounds), out, archive.Settings(channels=1))


def test_inputs_and_outputs_may_lie_in_an_object_store(sounds: Path, timbre: Path) -> None:
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe_file("/bucket/in/x.wav", (sounds / "x.wav").read_bytes())
    [recording] = plan.find("memory://bucket/in")
    outcome = job.hear_whole(recording, "memory://bucket/out", archive.Settings())
    assert outcome.problem is None
    size = (sounds / "x.wav").stat().st_size
    assert archive.Dataset("memory://bucket/out").done() == {"x.wav": (size, "memory:///bucket/in/x.wav")}


def test_letters_of_patterns_and_urls_in_names_are_only_letters(tmp_path: Path, tones: Tones, timbre: Path) -> None:
    folder = tmp_path / "live [2019]"
    folder.mkdir()
    tones("live [2019]/a.wav", 1)
    tones("live [2019]/a.wav::b.wav", 2)
    out = str(tmp_path / "out[1]")
    first = archive.Job(str(folder), out, archive.Settings())
    assert [each.name for each in first.recordings] == ["a.wav", "a.wav::b.wav"]
    seconds = [job.hear_whole(each, out, archive.Settings()).seconds for each in first.recordings]
    assert seconds == pytest.approx([1, 2])
    assert archive.Job(str(folder), out, archive.Settings()).report.kept == 2
    assert archive.Dataset(out).read("recordings")["recording"].to_pylist() == ["a.wav", "a.wav::b.wav"]
    assert [each.name for each in plan.find(f"{tmp_path}/live*/a.wav")] == ["live [2019]/a.wav"]


def test_a_name_that_is_not_utf_8_is_reported_as_the_others(tmp_path: Path, tones: Tones, timbre: Path) -> None:
    tones("in/a.wav", 1).rename(os.fsdecode(os.fsencode(tmp_path) + b"/in/caf\xe9.wav"))
    out = str(tmp_path / "out")
    [recording] = archive.Job(str(tmp_path / "in"), out, archive.Settings()).recordings
    outcome = job.hear_whole(recording, out, archive.Settings())
    assert outcome.recording == "caf\ufffd.wav" and outcome.problem is not None
    assert archive.Dataset(out).read("failed")["recording"].to_pylist() == ["caf\ufffd.wav"]


def test_another_source_of_the_same_names_is_refused(sounds: Path, tmp_path: Path, timbre: Path) -> None:
    out = str(tmp_path / "out")
    [recording] = archive.Job(str(sounds / "x.wav"), out, archive.Settings()).recordings
    assert job.hear_whole(recording, out, archive.Settings()).problem is None
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x.wav").write_bytes((sounds / "x.wav").read_bytes())
    with pytest.raises(TimbredError, match="has results of .*in/x.wav under the name x.wav"):
        archive.Job(str(tmp_path / "other"), out, archive.Settings())


def test_thresholds_behind_a_configuration_belong_to_it(sounds: Path, tmp_path: Path, timbre: Path) -> None:
    (tmp_path / "a.conf").write_text("[events]\nthresholds = t.conf\n")
    (tmp_path / "t.conf").write_text("[instrument.cello]\non = 0.5\n")
    settings = archive.Settings(config=str(tmp_path / "a.conf"))
    archive.Job(str(sounds), str(tmp_path / "out"), settings)
    archive.Job(str(sounds), str(tmp_path / "out"), settings)
    (tmp_path / "t.conf").write_text("[instrument.cello]\non = 0.6\n")
    with pytest.raises(TimbredError, match="one model and one configuration"):
        archive.Job(str(sounds), str(tmp_path / "out"), settings)


@pytest.mark.parametrize("channels", [2, "2"])
def test_a_channel_may_be_selected_by_a_word(tmp_path: Path, timbre: Path, channels: int | str) -> None:
    assert "channels 2" in archive.Settings(channels=channels).cache_key()["settings"]
    assert "channels mix" in archive.Settings(channels="mix").cache_key()["settings"]


def test_a_dataset_that_cannot_be_created_is_an_error_with_the_reason(sounds: Path, tmp_path: Path, timbre: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for out in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(TimbredError, match="the dataset cannot be created: "):
            archive.Job(str(sounds), str(out), archive.Settings())


def test_each_recording_is_cut_once_on_spark(sounds: Path, tmp_path: Path, timbre: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    from timbred.archive import on_spark

    class Tasks(list[Any]):
        """What Spark would distribute, here one after the other."""

        def map(self, work: Callable[[Any], Any]) -> Tasks:
            return Tasks(work(each) for each in self)

        def collect(self) -> list[Any]:
            return self

    class Session:
        sparkContext = property(lambda self: self)

        def parallelize(self, entries: list[Any], count: int) -> Tasks:
            return Tasks(entries)

    cuts: list[str] = []
    cut = job.cut

    def counted(recording: plan.Recording, settings: job.Settings) -> list[plan.Slice]:
        cuts.append(recording.name)
        return cut(recording, settings)

    monkeypatch.setattr(job, "cut", counted)
    names = ["x.wav", "xx.wav"]
    inputs = [str(sounds / name) for name in names]
    report = on_spark.annotate(inputs, str(tmp_path / "out"), archive.Settings(), session=Session())
    assert report.heard == 2 and cuts == names


def test_recordings_are_heard_at_the_same_time_on_spark(
    sounds: Path, tmp_path: Path, timbre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark")
    from timbred.archive import on_spark

    # A program that waits until another one runs beside it.
    together = tmp_path / "together"
    together.write_text(
        f"""#!/bin/sh
case "$*" in *silence.wav*) exec {timbre} "$@" ;; esac
touch {tmp_path}/runs.$$
for _ in $(seq 600); do
    [ $(ls {tmp_path}/runs.* | wc -l) -ge 2 ] && exec {timbre} "$@"
    sleep 0.1
done
exit 1
"""
    )
    together.chmod(0o755)
    monkeypatch.setenv("TIMBRE", str(together))
    report = on_spark.annotate([str(sounds / "x.wav"), str(sounds / "xx.wav")], str(tmp_path / "out"), archive.Settings(), master="local[2]")
    assert report.heard == 2 and not report.failed


def long_recording(path: Path, rate: int) -> Path:
    """Three and a half minutes of the demo, again and again, at another rate where that is asked for."""
    sound, own = soundfile.read(DEMO, dtype="int16", always_2d=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(sound.shape[1])
        file.setsampwidth(2)
        # Played at another rate it sounds higher; what matters is that it goes through the resampler.
        file.setframerate(rate)
        for _ in range(int(210 * rate / len(sound)) + 1):
            file.writeframes(sound.astype("<i2").tobytes())
    assert own > 0
    return path


def same_events(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    """The same entries at the same times, but for the last digits that a slice's other beginning leaves.

    An entry's `start` is an estimate that looks back by at most 1.2 s, and may fall on another rise where a level lies at its limit.
    """
    assert [row["instrument"] for row in found] == [row["instrument"] for row in expected]
    for row, other in zip(found, expected, strict=True):
        assert row["end"] == pytest.approx(other["end"], abs=0.012)
        assert row["start"] == pytest.approx(other["start"], abs=1.2)
        assert row["confidence"] == pytest.approx(other["confidence"], abs=0.002)
    moved = [row for row, other in zip(found, expected, strict=True) if abs(row["start"] - other["start"]) > 0.012]
    assert len(moved) <= len(expected) // 20


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_slices_give_the_events_of_the_whole(tmp_path: Path, timbre: Path, rate: int) -> None:
    path = str(long_recording(tmp_path / "long.wav", rate))
    [recording] = plan.find(path)
    whole = hearing.hear(path, [], None)
    with soundfile.SoundFile(path) as file:
        duration = file.frames / file.samplerate
    parts = plan.slices(duration, 60, 30)
    assert len(parts) >= 3
    merged = hearing.merge(path, [hearing.hear_slice(path, part, []) for part in parts], [])
    same_events(hearing.rows(recording, merged)[0], hearing.rows(recording, whole)[0])
    expected, found = hearing.rows(recording, whole)[1], hearing.rows(recording, merged)[1]
    assert [entry["instrument"] for entry in found["instruments"]] == [entry["instrument"] for entry in expected["instruments"]]
    assert {**found, "tags": None, "instruments": None} == {**expected, "tags": None, "instruments": None}
    for tag, other in zip(found["tags"], expected["tags"], strict=True):
        assert tag == pytest.approx(other, abs=1e-4)


def test_a_slice_whose_lead_was_too_short_is_heard_again(tmp_path: Path, timbre: Path) -> None:
    path = str(long_recording(tmp_path / "long.wav", 44_100))
    [recording] = plan.find(path)
    parts = [plan.Slice(0, 0, 61.44), plan.Slice(61.44, 61.44, None)]
    results = [hearing.hear_slice(path, part, []) for part in parts]
    assert not hearing.agrees(*results)
    merged = hearing.merge(path, results, [])
    same_events(hearing.rows(recording, merged)[0], hearing.rows(recording, hearing.hear(path, [], None))[0])


def test_a_job_on_spark_gives_what_dask_gives(sounds: Path, tmp_path: Path, dask: Any) -> None:
    pytest.importorskip("pyspark")
    from timbred.archive import on_spark

    long_recording(sounds / "long.wav", 44_100)
    settings = archive.Settings(slice_seconds=61.44, lead_seconds=61.44)
    from timbred.archive import on_dask

    on_dask.annotate(str(sounds), str(tmp_path / "dask"), settings, client=dask)
    report = on_spark.annotate(str(sounds), str(tmp_path / "spark"), settings, master="local[2,4]")
    assert (report.heard, list(report.failed)) == (6, ["poison.flac"])
    assert files(tmp_path / "spark") == files(tmp_path / "dask")


def test_spark_survives_the_death_of_a_worker(
    sounds: Path, tmp_path: Path, timbre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark")
    from timbred.archive import on_spark

    once = tmp_path / "once"
    # A program that kills the Python worker that runs it, the first time.
    fatal = tmp_path / "timbre"
    fatal.write_text(
        # Not the process that starts the job, which asks of what program and settings it is.
        f'#!/bin/sh\ncase "$*" in *silence.wav*) ;; *) mkdir {once} 2>/dev/null && kill -9 $PPID ;; esac\nexec {timbre} "$@"\n'
    )
    fatal.chmod(0o755)
    monkeypatch.setenv("TIMBRE", str(fatal))
    report = on_spark.annotate(str(sounds), str(tmp_path / "out"), archive.Settings(), master="local[2,4]")
    assert once.exists() and (report.heard, list(report.failed)) == (5, ["poison.flac"])
