"""The lines of timbred's event stream as dataclasses.

Written by generate_events.py from docs/events.schema.json; change those, not this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

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
class Model:
    """A model by name and hash."""

    name: str
    sha256: str

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Model:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            name=fields["name"],
            sha256=fields["sha256"],
        )


@dataclass(frozen=True, slots=True)
class Hello:
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

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Hello:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            seq=fields["seq"],
            protocol=fields["protocol"],
            software=fields["software"],
            stream=fields["stream"],
            source=fields["source"],
            rate=fields["rate"],
            hop=fields["hop"],
            classes=tuple(fields["classes"]),
            families=fields["families"],
            model=None if fields["model"] is None else Model.from_fields(fields["model"]),
            latency_ms=fields["latency_ms"],
            streams=tuple(fields["streams"]),
            build=fields.get("build"),
            tag_model=None if fields.get("tag_model") is None else Model.from_fields(fields["tag_model"]),
        )


@dataclass(frozen=True, slots=True)
class ActiveInstrument:
    """An instrument that is on."""

    #: Name of a stream; a channel of a source has its number after a dot.
    stream: str
    instrument: str
    family: str
    #: t of its on.
    since: float
    #: A probability.
    confidence: float

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> ActiveInstrument:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            stream=fields["stream"],
            instrument=fields["instrument"],
            family=fields["family"],
            since=fields["since"],
            confidence=fields["confidence"],
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is on now and how each stream is. The second line, after subscribe and after lagged."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    active: tuple[ActiveInstrument, ...]
    #: The state of each stream.
    health: dict[str, Literal["waiting", "opening", "running", "stalled", "lost", "ended", "failed", "silent"]]
    type: ClassVar[Literal["snapshot"]] = "snapshot"

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Snapshot:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            seq=fields["seq"],
            active=tuple([ActiveInstrument.from_fields(item) for item in fields["active"]]),
            health=fields["health"],
        )


@dataclass(frozen=True, slots=True)
class On:
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

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> On:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            seq=fields["seq"],
            stream=fields["stream"],
            t=fields["t"],
            frame=fields["frame"],
            instrument=fields["instrument"],
            family=fields["family"],
            confidence=fields["confidence"],
            wall=fields.get("wall"),
            onset=fields.get("onset"),
        )


@dataclass(frozen=True, slots=True)
class Off:
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

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Off:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            seq=fields["seq"],
            stream=fields["stream"],
            t=fields["t"],
            frame=fields["frame"],
            instrument=fields["instrument"],
            family=fields["family"],
            confidence=fields["confidence"],
            duration=fields["duration"],
            wall=fields.get("wall"),
            offset=fields.get("offset"),
        )


@dataclass(frozen=True, slots=True)
class Activity:
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

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Activity:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            seq=fields["seq"],
            stream=fields["stream"],
            t=fields["t"],
            frame=fields["frame"],
            levels=fields["levels"],
            peak_dbfs=fields["peak_dbfs"],
            rms_dbfs=fields["rms_dbfs"],
            wall=fields.get("wall"),
        )


@dataclass(frozen=True, slots=True)
class Window:
    """What is tagged, in seconds of the stream."""

    #: Seconds.
    start: float
    #: Seconds.
    end: float

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Window:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            start=fields["start"],
            end=fields["end"],
        )


@dataclass(frozen=True, slots=True)
class Attention:
    """Where an instrument was heard."""

    #: The middle of the moment, in seconds of the stream.
    time: float
    low_hz: float
    high_hz: float

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Attention:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            time=fields["time"],
            low_hz=fields["low_hz"],
            high_hz=fields["high_hz"],
        )


@dataclass(frozen=True, slots=True)
class Tag:
    """The probability that an instrument sounds somewhere in the window."""

    instrument: str
    family: str
    #: A probability.
    probability: float
    #: Where the instrument was heard; only where it is reported.
    attention: Attention | None = None

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Tag:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            instrument=fields["instrument"],
            family=fields["family"],
            probability=fields["probability"],
            attention=None if fields.get("attention") is None else Attention.from_fields(fields["attention"]),
        )


@dataclass(frozen=True, slots=True)
class Tags:
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

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Tags:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            seq=fields["seq"],
            stream=fields["stream"],
            t=fields["t"],
            frame=fields["frame"],
            window=Window.from_fields(fields["window"]),
            tags=tuple([Tag.from_fields(item) for item in fields["tags"]]),
            wall=fields.get("wall"),
        )


@dataclass(frozen=True, slots=True)
class Health:
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

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Health:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            seq=fields["seq"],
            stream=fields["stream"],
            t=fields["t"],
            frame=fields["frame"],
            state=fields["state"],
            source=fields["source"],
            message=fields["message"],
            wall=fields.get("wall"),
        )


@dataclass(frozen=True, slots=True)
class Discontinuity:
    """Audio is missing here."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    #: Name of a stream; a channel of a source has its number after a dot.
    stream: str
    #: Seconds.
    t: float
    frame: int
    reason: Literal["xrun", "overload", "reopened", "rate_change", "suspend", "clock_jump"]
    #: About how much; 0 when nobody can say.
    lost_seconds: float
    #: UTC, RFC 3339 with milliseconds; absent in a replay, whose sounds have no wall time.
    wall: str | None = None
    type: ClassVar[Literal["discontinuity"]] = "discontinuity"

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Discontinuity:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            seq=fields["seq"],
            stream=fields["stream"],
            t=fields["t"],
            frame=fields["frame"],
            reason=fields["reason"],
            lost_seconds=fields["lost_seconds"],
            wall=fields.get("wall"),
        )


@dataclass(frozen=True, slots=True)
class Mark:
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

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Mark:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            seq=fields["seq"],
            stream=fields["stream"],
            t=fields["t"],
            frame=fields["frame"],
            text=fields["text"],
            wall=fields.get("wall"),
        )


@dataclass(frozen=True, slots=True)
class Recording:
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

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Recording:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            seq=fields["seq"],
            stream=fields["stream"],
            t=fields["t"],
            frame=fields["frame"],
            state=fields["state"],
            session=fields["session"],
            message=fields["message"],
            wall=fields.get("wall"),
        )


@dataclass(frozen=True, slots=True)
class Lagged:
    """This consumer read too slowly: the lines from..to were not sent. A snapshot follows."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    skipped: int
    #: Number of the line, counted from 1 for each consumer.
    from_: int
    #: Number of the line, counted from 1 for each consumer.
    to: int
    type: ClassVar[Literal["lagged"]] = "lagged"

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Lagged:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            seq=fields["seq"],
            skipped=fields["skipped"],
            from_=fields["from"],
            to=fields["to"],
        )


@dataclass(frozen=True, slots=True)
class Closing:
    """The connection is about to be closed."""

    #: Number of the line, counted from 1 for each consumer.
    seq: int
    reason: str
    type: ClassVar[Literal["closing"]] = "closing"

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Closing:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            seq=fields["seq"],
            reason=fields["reason"],
        )


@dataclass(frozen=True, slots=True)
class Reply:
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

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Reply:
        """Takes the fields of a line; those that it does not know are passed over."""
        return cls(
            seq=fields["seq"],
            command=fields["command"],
            ok=fields["ok"],
            error=fields.get("error"),
            status=fields.get("status"),
            metrics=fields.get("metrics"),
            recording=fields.get("recording"),
        )


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
