"""A job: what is to be heard, what is there already, and what came of it."""

from __future__ import annotations

import hashlib
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fsspec

from ..errors import TimbredError
from ..recordings import options, program
from . import hearing, plan
from .dataset import Dataset
from .plan import Recording, Slice

__all__ = ["Job", "Outcome", "Report", "Settings"]


@dataclass(frozen=True)
class Settings:
    """How recordings are heard; the same for all recordings of a dataset."""

    model: str | None = None
    config: str | None = None
    channels: str | int | None = None
    #: Recordings longer than one and a half of this many seconds are cut.
    slice_seconds: float = 3600.0
    #: Seconds before a slice that are heard for it; doubled where that is not enough.
    lead_seconds: float = 60.0
    #: Seconds after which `timbre` is given up; None for never.
    timeout: float | None = None

    @property
    def words(self) -> list[str]:
        """The options of `timbre`."""
        return options(self.model, self.config, self.channels)

    def cache_key(self) -> dict[str, Any]:
        """Everything on which results depend, but the audio and the bundled model."""
        version = subprocess.run([program(), "--version"], capture_output=True, check=True).stdout.decode().strip()
        files = {
            name: None if path is None else hashlib.sha256(Path(path).read_bytes()).hexdigest()
            for name, path in (("model", self.model), ("config", self.config))
        }
        return {"timbre": version, "channels": self.channels, **files}


@dataclass(frozen=True)
class Outcome:
    """What came of a recording."""

    recording: str
    seconds: float = 0.0
    events: int = 0
    problem: str | None = None


@dataclass
class Report:
    """What came of a job."""

    #: Recordings that were heard now, and those that had been heard before.
    heard: int = 0
    kept: int = 0
    #: Seconds of audio that were heard now, and the time it took.
    audio_seconds: float = 0.0
    wall_seconds: float = 0.0
    events: int = 0
    #: Names and problems.
    failed: dict[str, str] = field(default_factory=dict)

    def take(self, outcome: Outcome) -> None:
        """Counts an outcome."""
        if outcome.problem is not None:
            self.failed[outcome.recording] = outcome.problem
            return
        self.heard += 1
        self.audio_seconds += outcome.seconds
        self.events += outcome.events

    def __str__(self) -> str:
        speed = self.audio_seconds / self.wall_seconds if self.wall_seconds > 0 else 0.0
        text = (
            f"{self.heard} recordings heard, {self.audio_seconds / 3600:.2f} h in {self.wall_seconds:.1f} s "
            f"({speed:.0f} times real time), {self.events} events; {self.kept} were there already"
        )
        return text + "".join(f"\nfailed: {name}: {problem}" for name, problem in sorted(self.failed.items()))


class Job:
    """The recordings of a job that are not in the dataset yet. Made where the job is started."""

    def __init__(self, inputs: list[str] | str, out: str, settings: Settings) -> None:
        self.settings = settings
        self.dataset = Dataset(out)
        self.begun = time.monotonic()
        recordings = plan.find(inputs)
        if not recordings:
            raise TimbredError(f"there are no recordings at {inputs}")
        self.dataset.begin(settings.cache_key())
        done = self.dataset.done()
        self.recordings = [each for each in recordings if done.get(each.name) != each.bytes]
        self.report = Report(kept=len(recordings) - len(self.recordings))

    def finish(self) -> Report:
        """The report of a job that is over."""
        self.report.wall_seconds = time.monotonic() - self.begun
        return self.report


def cut(recording: Recording, settings: Settings) -> list[Slice]:
    """The slices of a recording; one where it is heard as a whole."""
    # No format packs more than a second into so few bytes: what is small is not opened.
    if recording.bytes < 1000 * settings.slice_seconds:
        return [Slice(0.0, 0.0, None)]
    filesystem, path = fsspec.core.url_to_fs(recording.url)
    with filesystem.open(path, "rb") as file:
        duration = plan.duration_of(recording, file)
    if duration is None or duration < 1.5 * settings.slice_seconds:
        return [Slice(0.0, 0.0, None)]
    return plan.slices(duration, settings.slice_seconds, settings.lead_seconds)


def hear_whole(recording: Recording, out: str, settings: Settings) -> Outcome:
    """Hears a recording and keeps the result. Runs on a worker; running twice leaves one result."""
    try:
        with hearing.local(recording) as path:
            summary = hearing.hear(path, settings.words, settings.timeout)
        return keep(recording, out, summary)
    except (TimbredError, OSError) as error:
        return fail(recording, out, str(error))


def hear_part(recording: Recording, part: Slice, settings: Settings) -> hearing.SliceResult | str:
    """Hears a slice, or says why not. Runs on a worker."""
    try:
        with hearing.local(recording) as path:
            return hearing.hear_slice(path, part, settings.words)
    except (TimbredError, OSError, RuntimeError) as error:
        return str(error)


def merge_parts(
    recording: Recording, out: str, settings: Settings, results: list[hearing.SliceResult | str]
) -> Outcome:
    """Puts slices together and keeps the result. Runs on a worker."""
    heard = [result for result in results if not isinstance(result, str)]
    if len(heard) < len(results):
        return fail(recording, out, next(result for result in results if isinstance(result, str)))
    try:
        with hearing.local(recording) as path:
            summary = hearing.merge(path, heard, settings.words)
        return keep(recording, out, summary)
    except (TimbredError, OSError, RuntimeError) as error:
        return fail(recording, out, str(error))


def keep(recording: Recording, out: str, summary: dict[str, Any]) -> Outcome:
    """Writes the rows of a recording."""
    events, row = hearing.rows(recording, summary)
    Dataset(out).write(recording.name, events, row)
    return Outcome(recording.name, seconds=row["duration"], events=len(events))


def fail(recording: Recording, out: str, problem: str) -> Outcome:
    """Writes why a recording could not be heard."""
    row = {"recording": recording.name, "url": recording.url, "bytes": recording.bytes, "problem": problem}
    Dataset(out).fail(recording.name, row)
    return Outcome(recording.name, problem=problem)
