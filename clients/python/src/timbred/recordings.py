"""Analyses recordings by running the program `timbre`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import lines
from .errors import TimbreFailed
from .events import Event, Model

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Activities", "Annotation", "ClipTag", "Segment", "activities", "annotate", "evaluate", "program", "replay", "run"]

FilePath = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment in which an instrument is active, from `start` to `end` in seconds of the recording."""

    instrument: str
    family: str
    start: float
    end: float
    confidence: float

    @property
    def duration(self) -> float:
        """The duration in seconds."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class ClipTag:
    """A tag of the whole recording by the clip model: mean and highest probability over its windows."""

    instrument: str
    family: str
    mean: float
    highest: float


@dataclass(frozen=True, slots=True)
class Annotation:
    """The annotation of a recording."""

    recording: str
    duration: float
    sha256: str
    bytes: int
    software: str
    model: Model | None
    #: How the model was computed, full or int8; None where that is not known.
    precision: str | None
    tag_model: Model | None
    cache_key: str
    segments: tuple[Segment, ...]
    tags: tuple[ClipTag, ...]
    #: What is to be known of the audio: its channels cancel each other.
    notices: tuple[str, ...] = ()
    #: The annotation as JAMS, if it was requested.
    jams_text: str | None = field(default=None, repr=False)

    @classmethod
    def from_summary(cls, fields: Mapping[str, Any], jams_text: str | None = None) -> Annotation:
        """Creates an annotation from the content of NAME.timbre.json, which `timbre annotate` writes."""
        segments = [
            Segment(entry["instrument"], entry["family"], *segment)
            for entry in fields["instruments"]
            for segment in entry["segments"]
        ]
        segments.sort(key=lambda segment: (segment.start, segment.instrument))
        return cls(
            recording=fields["recording"],
            duration=fields["duration_s"],
            sha256=fields["sha256"],
            bytes=fields["bytes"],
            software=fields["software"],
            model=None if fields["model"] is None else Model.from_fields(fields["model"]),
            precision=fields.get("precision"),
            tag_model=None if fields["tag_model"] is None else Model.from_fields(fields["tag_model"]),
            cache_key=fields["cache_key"],
            segments=tuple(segments),
            tags=tuple(
                ClipTag(tag["instrument"], tag["family"], tag["mean"], tag["highest"]) for tag in fields["tags"]
            ),
            notices=tuple(fields.get("notices", ())),
            jams_text=jams_text,
        )

    @property
    def instruments(self) -> dict[str, float]:
        """The total seconds of each instrument, longest first."""
        seconds: dict[str, float] = {}
        for segment in self.segments:
            seconds[segment.instrument] = seconds.get(segment.instrument, 0.0) + segment.duration
        return dict(sorted(seconds.items(), key=lambda entry: -entry[1]))

    def to_pandas(self) -> Any:
        """Returns the segments as a `pandas.DataFrame`."""
        import pandas

        columns = ["instrument", "family", "start", "end", "confidence"]
        rows = [[getattr(segment, column) for column in columns] for segment in self.segments]
        return pandas.DataFrame(rows, columns=columns)

    def to_jams(self) -> Any:
        """Returns the annotation as a `jams.JAMS`."""
        import io

        import jams

        return jams.load(io.StringIO(self.jams_text or ""), fmt="jams")


@dataclass(frozen=True, slots=True)
class Activities:
    """The activity of every class at every hop: `levels` is float32 [T, classes], `times` seconds [T]."""

    levels: npt.NDArray[np.float32]
    times: npt.NDArray[np.float64]
    classes: tuple[str, ...]
    #: Hash of the model.
    model: str

    def of(self, instrument: str) -> npt.NDArray[np.float32]:
        """Returns the activity of one class over time."""
        return self.levels[:, self.classes.index(instrument)]

    def to_pandas(self) -> Any:
        """Returns a `pandas.DataFrame` with a column for each class, indexed by seconds."""
        import pandas

        return pandas.DataFrame(self.levels, index=pandas.Index(self.times, name="time"), columns=list(self.classes))


def program() -> str:
    """Returns the path of `timbre`: $TIMBRE, or the program in PATH."""
    named = os.environ.get("TIMBRE")
    found = shutil.which(named or "timbre")
    if found is None and named:
        raise TimbreFailed(f"$TIMBRE is {named}, which is no program: name timbre there, or leave it empty", 127)
    if found is None:
        raise TimbreFailed("timbre is not in PATH: install timbred, or name the program in $TIMBRE", 127)
    return found


def run(arguments: Sequence[str]) -> bytes:
    """Runs `timbre` with these arguments and returns its output."""
    ended = subprocess.run([program(), *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if ended.returncode != 0:
        said = ended.stderr.decode("utf-8", "replace").strip().splitlines()
        raise TimbreFailed(said[-1] if said else f"timbre exited with status {ended.returncode}", ended.returncode)
    return ended.stdout


def options(model: FilePath | None, config: FilePath | None, channels: str | int | None) -> list[str]:
    """Returns the common options of the verbs."""
    words = []
    for name, value in (("--model", model), ("--config", config), ("--channels", channels)):
        if value is not None:
            words += [name, str(value) if isinstance(value, int) else os.fspath(value)]
    return words


def annotate(
    path: FilePath, *, model: FilePath | None = None, config: FilePath | None = None, channels: str | int | None = None
) -> Annotation:
    """Analyses a recording: the segments of each instrument, and the tags of the whole recording by the clip model."""
    place = Path(path)
    if place.is_dir():
        raise TimbreFailed(f"{place}: it is a folder; 'timbre annotate' annotates the recordings in it", 65)
    with tempfile.TemporaryDirectory(prefix="timbred-") as folder:
        words = ["annotate", "--quiet", "--jobs", "1", "--format", "jams", "--out", folder]
        try:
            run([*words, *options(model, config, channels), "--", str(place)])
        except TimbreFailed as failure:
            raise TimbreFailed(_problem(folder) or str(failure), failure.status) from None
        results = f"{folder}/{place.name}"
        summary = json.loads(Path(results + ".timbre.json").read_bytes())
        return Annotation.from_summary(summary, Path(results + ".jams").read_text(encoding="utf-8"))


def activities(
    path: FilePath,
    *,
    model: FilePath | None = None,
    config: FilePath | None = None,
    channels: str | int | None = None,
    stream: str | None = None,
) -> Activities:
    """Returns the activities of a recording, a session's folder or a file of events, as NumPy arrays."""
    import numpy

    with tempfile.TemporaryDirectory(prefix="timbred-") as folder:
        target = f"{folder}/activities.npz"
        words = ["export", "--quiet", "--format", "npz", "--out", target, *options(model, config, channels)]
        if stream is not None:
            words += ["--stream", stream]
        run([*words, "--", os.fspath(path)])
        with numpy.load(target) as arrays:
            return Activities(
                levels=arrays["activities"],
                times=arrays["times"],
                classes=tuple(str(name) for name in arrays["classes"]),
                model=str(arrays["model"]),
            )


def evaluate(
    path: FilePath, *, model: FilePath | None = None, config: FilePath | None = None, jobs: int | None = None
) -> dict[str, Any]:
    """Evaluates a set of recordings with references and returns the output of `timbre evaluate --json` as a dictionary.

    `path` is a folder of recordings and references, or a manifest. "left_out" lists the recordings that were left out.
    """
    with tempfile.TemporaryDirectory(prefix="timbred-") as folder:
        target = Path(folder, "figures.json")
        words = ["evaluate", "--quiet", "--json", str(target), *options(model, config, None)]
        if jobs is not None:
            words += ["--jobs", str(jobs)]
        try:
            run([*words, "--", os.fspath(path)])
        except TimbreFailed:
            # With some recordings left out there are figures of the others.
            if not target.exists():
                raise
        figures: dict[str, Any] = json.loads(target.read_bytes())
        return figures


def replay(
    path: FilePath,
    *,
    activity_rate: float = 0,
    model: FilePath | None = None,
    config: FilePath | None = None,
    channels: str | int | None = None,
) -> Iterator[Event]:
    """Yields the events of a recording as a daemon would send them, while the recording is processed."""
    words = ["replay", "--quiet", "--activity", str(activity_rate), *options(model, config, channels)]
    process = subprocess.Popen(
        [program(), *words, "--", os.fspath(path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    try:
        for line in process.stdout:
            event = lines.parse(line)
            if event is not None:
                yield event
        said = process.stderr.read().decode("utf-8", "replace").strip()
        if process.wait() != 0:
            raise TimbreFailed(said or f"timbre exited with status {process.returncode}", process.returncode)
    finally:
        process.stdout.close()
        process.stderr.close()
        if process.poll() is None:
            process.terminate()
        process.wait()


def _problem(folder: str) -> str | None:
    """Returns the problem of the single recording from `failed.csv`."""
    import csv

    try:
        with open(f"{folder}/failed.csv", encoding="utf-8", newline="") as file:
            return next((row["problem"] for row in csv.DictReader(file)), None)
    except OSError:
        return None
