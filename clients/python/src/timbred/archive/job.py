"""A job: its recordings, the existing results, and its outcome."""

from __future__ import annotations

import tempfile
import time
import wave
from dataclasses import dataclass, field
from typing import Any

from ..errors import TimbredError
from ..recordings import options
from . import hearing, plan
from .dataset import Dataset
from .plan import Recording, Slice

__all__ = ["Job", "Outcome", "Report", "Settings"]


@dataclass(frozen=True)
class Settings:
    """The settings of the analysis; the same for all recordings of a dataset."""

    model: str | None = None
    config: str | None = None
    channels: str | int | None = None
    #: Recordings longer than 1.5 times this many seconds are cut into slices.
    slice_seconds: float = 3600.0
    #: Seconds before a slice that are processed with it; doubled if that is not sufficient.
    lead_seconds: float = 60.0
    #: Seconds after which `timbre` is terminated; None for no limit.
    timeout: float | None = None

    @property
    def words(self) -> list[str]:
        """The options for `timbre`."""
        return options(self.model, self.config, self.channels)

    def cache_key(self) -> dict[str, Any]:
        """Returns everything on which results depend, except the audio: what `timbre` says of a moment of silence.

        It names the program, the models and the settings, those of files that the configuration names included.
        """
        with tempfile.TemporaryDirectory(prefix="timbred-") as folder:
            path = f"{folder}/silence.wav"
            with wave.open(path, "wb") as file:
                # As many channels as may be selected.
                selected = str(self.channels)
                file.setnchannels(max(1, int(selected) if selected.isdecimal() else 1))
                file.setsampwidth(2)
                file.setframerate(44_100)
                file.writeframes(bytes(2 * file.getnchannels() * 4410))
            return {"settings": hearing.hear(path, self.words, None)["cache_key"]}


@dataclass(frozen=True)
class Outcome:
    """The outcome of a recording."""

    recording: str
    seconds: float = 0.0
    events: int = 0
    problem: str | None = None


@dataclass
class Report:
    """The outcome of a job."""

    #: Recordings that were analysed by this job, and those with existing results.
    heard: int = 0
    kept: int = 0
    #: Seconds of audio that were analysed, and the elapsed time.
    audio_seconds: float = 0.0
    wall_seconds: float = 0.0
    events: int = 0
    #: Names and problems.
    failed: dict[str, str] = field(default_factory=dict)

    def take(self, outcome: Outcome) -> None:
        """Adds an outcome."""
        if outcome.problem is not None:
            self.failed[outcome.recording] = outcome.problem
            return
        self.heard += 1
        self.audio_seconds += outcome.seconds
        self.events += outcome.events

    def __str__(self) -> str:
        speed = self.audio_seconds / self.wall_seconds if self.wall_seconds > 0 else 0.0
        text = (
            f"{self.heard} recordings annotated, {self.audio_seconds / 3600:.2f} h in {self.wall_seconds:.1f} s "
            f"({speed:.0f} times real time), {self.events} events; {self.kept} had results already"
        )
        return text + "".join(f"\nfailed: {name}: {problem}" for name, problem in sorted(self.failed.items()))


class Job:
    """The recordings of a job that are not yet in the dataset. Created where the job is started."""

    def __init__(self, inputs: list[str] | str, out: str, settings: Settings) -> None:
        self.settings = settings
        self.dataset = Dataset(out)
        self.begun = time.monotonic()
        recordings = plan.find(inputs)
        if not recordings:
            raise TimbredError(f"no recordings found at {inputs}")
        self.dataset.begin(settings.cache_key())
        done = self.dataset.done()
        for each in recordings:
            _, url = done.get(each.shown, (0, plan.shown(each.url)))
            if url != plan.shown(each.url):
                raise TimbredError(
                    f"{out} has results of {url} under the name {each.shown}, which is {each.url} here: name the folder "
                    "above both, or another dataset"
                )
        self.recordings = [each for each in recordings if done.get(each.shown, (-1, ""))[0] != each.bytes]
        self.report = Report(kept=len(recordings) - len(self.recordings))

    def finish(self) -> Report:
        """Returns the report of the finished job."""
        self.report.wall_seconds = time.monotonic() - self.begun
        return self.report


def cut(recording: Recording, settings: Settings) -> list[Slice]:
    """Returns the slices of a recording; a single one if it is analysed as a whole."""
    # No format packs more than a second into so few bytes: what is small is not opened.
    if recording.bytes < 1000 * settings.slice_seconds:
        return [Slice(0.0, 0.0, None)]
    try:
        filesystem, path = plan.place(recording.url)
        with filesystem.open(path, "rb") as file:
            duration = plan.duration_of(file)
    except Exception:  # noqa: BLE001 - whatever a store raises, the worker meets it again and reports it
        duration = None
    if duration is None or duration < 1.5 * settings.slice_seconds:
        return [Slice(0.0, 0.0, None)]
    return plan.slices(duration, settings.slice_seconds, settings.lead_seconds)


def hear_whole(recording: Recording, out: str, settings: Settings) -> Outcome:
    """Analyses a recording and writes the result. Runs on a worker; running twice leaves one result."""
    if recording.problem is not None:
        return fail(recording, out, plan.shown(recording.problem))
    try:
        with hearing.local(recording) as path:
            summary = hearing.hear(path, settings.words, settings.timeout)
        return keep(recording, out, summary)
    except Exception as error:  # noqa: BLE001 - one recording does not stop the others
        return fail(recording, out, problem(error))


def hear_part(recording: Recording, part: Slice, settings: Settings) -> hearing.SliceResult | str:
    """Analyses a slice; returns the result or the error message. Runs on a worker."""
    try:
        with hearing.local(recording) as path:
            return hearing.hear_slice(path, part, settings.words, settings.timeout)
    except Exception as error:  # noqa: BLE001 - as above
        return problem(error)


def merge_parts(
    recording: Recording, out: str, settings: Settings, results: list[hearing.SliceResult | str]
) -> Outcome:
    """Merges slices and writes the result. Runs on a worker."""
    heard = [result for result in results if not isinstance(result, str)]
    if len(heard) < len(results):
        return fail(recording, out, next(result for result in results if isinstance(result, str)))
    try:
        with hearing.local(recording) as path:
            summary = hearing.merge(path, heard, settings.words, settings.timeout)
        return keep(recording, out, summary)
    except Exception as error:  # noqa: BLE001 - as above
        return fail(recording, out, problem(error))


def problem(error: Exception) -> str:
    """Returns what went wrong in a line; errors that are not expected are named by their type."""
    text = plan.shown(str(error)).strip()
    return text if isinstance(error, TimbredError | OSError) else f"{type(error).__name__}: {text}"


def keep(recording: Recording, out: str, summary: dict[str, Any]) -> Outcome:
    """Writes the rows of a recording."""
    events, row = hearing.rows(recording, summary)
    Dataset(out).write(recording.name, events, row)
    return Outcome(recording.shown, seconds=row["duration"], events=len(events))


def fail(recording: Recording, out: str, problem: str) -> Outcome:
    """Writes the failure of a recording."""
    url = plan.shown(recording.url)
    row = {"recording": recording.shown, "url": url, "bytes": recording.bytes, "problem": problem}
    Dataset(out).fail(recording.name, row)
    return Outcome(recording.shown, problem=problem)
