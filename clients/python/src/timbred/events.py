"""The lines of timbred's event stream as dataclasses.

Written by generate_events.py from docs/events.schema.json; change those, not this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from .fields import Fields, Makers, each, optional

__all__ = [
    "Model",
    "Hello",
    "ActiveInstrument",
    "Snapshot",
    "On",
    "Off",
    "Activity",
    "Window",
    "Attention",
    "Tag",
    "Tags",
    "Health",
    "Discontinuity",
    "Mark",
    "Recording",
    "Lagged",
    "Closing",
    "Reply",
    "Event",
    "KINDS",
]


@dataclass(frozen=True, slots=True)
class Model(Fields):
    """A model by name and hash."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Hello(Fields):
    """Who speaks. The first line, and again when a model was loaded."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    protocol: int
    software: str
    #: Name of a stream; a channel of a source has its number after a dot.
    stream: str
    source: str
    #: Samples per second of frame.
    rate: int
    #: Samples from one activity to the next.
    hop: int
    #: The instruments, in the order of the model; empty while it is being loaded.
    classes: tuple[str, ...]
    #: The family of each class.
    families: dict[str, str]
    model: Model | None
    #: From a sound's arrival to its event, as designed.
    latency_ms: float
    streams: tuple[str, ...]
    #: Which build of the program: what git describe said of the source, and a hash of the machine code.
    build: str | None = None
    #: The model of tags; absent when there are none.
    tag_model: Model | None = None
    type: ClassVar[Literal["hello"]] = "hello"
    MAKERS: ClassVar[Makers] = {"classes": tuple, "model": optional(Model.from_fields), "tag_model": optional(Model.from_fields), "streams": tuple}


@dataclass(frozen=True, slots=True)
class ActiveInstrument(Fields):
    """An instrument that is on."""

    #: Name of a stream; a channel of a source has its number after a dot.
    stream: str
    instrument: str
    family: str
    #: t of its on.
    since: float
    #: A probability.
    confidence: float


@dataclass(frozen=True, slots=True)
class Snapshot(Fields):
    """What is on now and how each stream is. The second line, after subscribe and after lagged."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    active: tuple[ActiveInstrument, ...]
    #: The state of each stream.
    health: dict[str, Literal["waiting", "opening", "running", "stalled", "lost", "ended", "failed", "silent"]]
    type: ClassVar[Literal["snapshot"]] = "snapshot"
    MAKERS: ClassVar[Makers] = {"active": each(ActiveInstrument.from_fields)}


@dataclass(frozen=True, slots=True)
class On(Fields):
    """An instrument began to sound."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    #: Name of a stream; a channel of a source has its number after a dot.
    stream: str
    #: Seconds.
    t: float
    frame: int
    instrument: str
    family: str
    #: A probability.
    confidence: float
    #: UTC, RFC 3339 with milliseconds; absent in a replay, whose sounds have no wall time.
    wall: str | None = None
    #: Estimate of when the sound began, at most t; absent in lines of older versions.
    onset: float | None = None
    type: ClassVar[Literal["on"]] = "on"


@dataclass(frozen=True, slots=True)
class Off(Fields):
    """An instrument stopped sounding; exactly one for every on."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    #: Name of a stream; a channel of a source has its number after a dot.
    stream: str
    #: Seconds.
    t: float
    frame: int
    instrument: str
    family: str
    #: A probability.
    confidence: float
    #: Seconds since its on.
    duration: float
    #: UTC, RFC 3339 with milliseconds; absent in a replay, whose sounds have no wall time.
    wall: str | None = None
    #: Estimate of when the sound ended, at most t; absent in lines of older versions.
    offset: float | None = None
    type: ClassVar[Literal["off"]] = "off"


@dataclass(frozen=True, slots=True)
class Activity(Fields):
    """The level of every instrument."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    #: Name of a stream; a channel of a source has its number after a dot.
    stream: str
    #: Seconds.
    t: float
    frame: int
    #: Smoothed activity of each class; all 0 while the gate is shut.
    levels: dict[str, float]
    #: dB relative to full scale; digital silence is -120.
    peak_dbfs: float
    #: dB relative to full scale; digital silence is -120.
    rms_dbfs: float
    #: UTC, RFC 3339 with milliseconds; absent in a replay, whose sounds have no wall time.
    wall: str | None = None
    type: ClassVar[Literal["activity"]] = "activity"


@dataclass(frozen=True, slots=True)
class Window(Fields):
    """What is tagged, in seconds of the stream."""

    #: Seconds.
    start: float
    #: Seconds.
    end: float


@dataclass(frozen=True, slots=True)
class Attention(Fields):
    """Where an instrument was heard."""

    #: The middle of the moment, in seconds of the stream.
    time: float
    low_hz: float
    high_hz: float


@dataclass(frozen=True, slots=True)
class Tag(Fields):
    """The probability that an instrument sounds somewhere in the window."""

    instrument: str
    family: str
    #: A probability.
    probability: float
    #: Where the instrument was heard; only where it is reported.
    attention: Attention | None = None
    MAKERS: ClassVar[Makers] = {"attention": optional(Attention.from_fields)}


@dataclass(frozen=True, slots=True)
class Tags(Fields):
    """What the last seconds held as a whole."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    #: Name of a stream; a channel of a source has its number after a dot.
    stream: str
    #: Seconds.
    t: float
    frame: int
    #: What is tagged, in seconds of the stream.
    window: Window
    #: Every class of the clip model, in its order.
    tags: tuple[Tag, ...]
    #: UTC, RFC 3339 with milliseconds; absent in a replay, whose sounds have no wall time.
    wall: str | None = None
    type: ClassVar[Literal["tags"]] = "tags"
    MAKERS: ClassVar[Makers] = {"window": Window.from_fields, "tags": each(Tag.from_fields)}


@dataclass(frozen=True, slots=True)
class Health(Fields):
    """The state of a stream's source changed."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    #: Name of a stream; a channel of a source has its number after a dot.
    stream: str
    #: Seconds.
    t: float
    frame: int
    state: Literal["waiting", "opening", "running", "stalled", "lost", "ended", "failed", "silent"]
    source: str
    message: str
    #: UTC, RFC 3339 with milliseconds; absent in a replay, whose sounds have no wall time.
    wall: str | None = None
    type: ClassVar[Literal["health"]] = "health"


@dataclass(frozen=True, slots=True)
class Discontinuity(Fields):
    """Audio is missing here."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    #: Name of a stream; a channel of a source has its number after a dot.
    stream: str
    #: Seconds.
    t: float
    frame: int
    reason: Literal["xrun", "overload", "reopened", "rate_change", "suspend", "clock_jump"]
    #: About how much; 0 when unknown.
    lost_seconds: float
    #: UTC, RFC 3339 with milliseconds; absent in a replay, whose sounds have no wall time.
    wall: str | None = None
    type: ClassVar[Literal["discontinuity"]] = "discontinuity"


@dataclass(frozen=True, slots=True)
class Mark(Fields):
    """A person or a program put a mark here."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    #: Name of a stream; a channel of a source has its number after a dot.
    stream: str
    #: Seconds.
    t: float
    frame: int
    text: str
    #: UTC, RFC 3339 with milliseconds; absent in a replay, whose sounds have no wall time.
    wall: str | None = None
    type: ClassVar[Literal["mark"]] = "mark"


@dataclass(frozen=True, slots=True)
class Recording(Fields):
    """The recording of the stream's source began, ended or failed."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    #: Name of a stream; a channel of a source has its number after a dot.
    stream: str
    #: Seconds.
    t: float
    frame: int
    state: Literal["started", "stopped", "failed"]
    session: str
    message: str
    #: UTC, RFC 3339 with milliseconds; absent in a replay, whose sounds have no wall time.
    wall: str | None = None
    type: ClassVar[Literal["recording"]] = "recording"


@dataclass(frozen=True, slots=True)
class Lagged(Fields):
    """This consumer read too slowly: the lines from..to were not sent. A snapshot follows."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    skipped: int
    #: Number of the line, counted from 1 for each consumer.
    from_: int
    #: Number of the line, counted from 1 for each consumer.
    to: int
    type: ClassVar[Literal["lagged"]] = "lagged"


@dataclass(frozen=True, slots=True)
class Closing(Fields):
    """The connection is about to be closed."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    reason: str
    type: ClassVar[Literal["closing"]] = "closing"


@dataclass(frozen=True, slots=True)
class Reply(Fields):
    """The answer to a command: with ok, status and metrics carry their answer; without, error says why."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    command: str
    ok: bool
    error: str | None = None
    status: dict[str, Any] | None = None
    metrics: str | None = None
    recording: dict[str, Any] | None = None
    type: ClassVar[Literal["reply"]] = "reply"


#: A line of any kind.
Event: TypeAlias = (
    Hello
    | Snapshot
    | On
    | Off
    | Activity
    | Tags
    | Health
    | Discontinuity
    | Mark
    | Recording
    | Lagged
    | Closing
    | Reply
)

#: The class of every kind of line.
KINDS: Mapping[str, type[Event]] = {
    "hello": Hello,
    "snapshot": Snapshot,
    "on": On,
    "off": Off,
    "activity": Activity,
    "tags": Tags,
    "health": Health,
    "discontinuity": Discontinuity,
    "mark": Mark,
    "recording": Recording,
    "lagged": Lagged,
    "closing": Closing,
    "reply": Reply,
}
