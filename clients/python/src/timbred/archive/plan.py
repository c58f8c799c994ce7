"""Finds recordings, and cuts long ones into slices."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from typing import Any

import fsspec

from ..errors import TimbredError

__all__ = ["ENDINGS", "GRID", "Recording", "Slice", "find", "slices"]

#: Suffixes of audio files, in lower case.
ENDINGS = (".flac", ".wav", ".ogg", ".opus", ".mp3", ".aif", ".aiff")
#: Seconds after which the hops of the frame model (512 samples at 44.1 kHz) and the patches of the clip model (0.96 s)
#: begin together, at a whole sample of every usual rate. Slices begin there, so that they see the frames of the whole.
GRID = 15.36


@dataclass(frozen=True)
class Recording:
    """A recording of an archive."""

    #: Its path below the input.
    name: str
    url: str
    bytes: int


@dataclass(frozen=True)
class Slice:
    """A part of a recording from `start` to `stop` seconds, processed from `lead` on; None means the end."""

    lead: float
    start: float
    stop: float | None


def find(inputs: list[str] | str) -> list[Recording]:
    """Returns the recordings at fsspec URLs, sorted by name: files, folders (recursively) and patterns."""
    found: dict[str, Recording] = {}
    for url in [inputs] if isinstance(inputs, str) else inputs:
        filesystem, path = fsspec.core.url_to_fs(url)
        path = path.rstrip("/")
        if any(letter in path for letter in "*?["):
            base = path[: min(path.index(letter) for letter in "*?[" if letter in path)].rsplit("/", 1)[0]
            listing = filesystem.glob(path, detail=True)
        elif filesystem.isdir(path):
            base = path
            listing = filesystem.find(path, detail=True)
        elif filesystem.exists(path):
            base = path.rsplit("/", 1)[0]
            listing = {path: filesystem.info(path)}
        else:
            raise TimbredError(f"{url}: no such file or folder")
        for place, facts in listing.items():
            if facts["type"] != "file" or not place.lower().endswith(ENDINGS):
                continue
            if fnmatch.fnmatch(place.rsplit("/", 1)[-1], ".*"):
                continue
            recording = Recording(place[len(base) :].lstrip("/"), filesystem.unstrip_protocol(place), facts["size"])
            other = found.setdefault(recording.name, recording)
            if other.url != recording.url:
                raise TimbredError(
                    f"{other.url} and {recording.url} would have the same name, {recording.name}: name the folder above them"
                )
    return [found[name] for name in sorted(found)]


def slices(duration: float, length: float, lead: float) -> list[Slice]:
    """Cuts a recording into slices of about `length` seconds, each processed from `lead` seconds before it.

    >>> slices(100, 60, 30)
    [Slice(lead=0.0, start=0.0, stop=61.44), Slice(lead=30.72, start=61.44, stop=None)]
    >>> slices(50, 60, 30)
    [Slice(lead=0.0, start=0.0, stop=None)]
    """
    step = GRID * max(1, round(length / GRID))
    before = GRID * max(1, round(lead / GRID))
    count = max(1, round(duration / step))
    return [
        Slice(
            round(max(0.0, index * step - before), 6),
            round(index * step, 6),
            None if index == count - 1 else round((index + 1) * step, 6),
        )
        for index in range(count)
    ]


def duration_of(recording: Recording, open_file: Any) -> float | None:
    """Returns the duration of a recording that can be cut; None if it cannot: MP3 has no exact positions."""
    if recording.name.lower().endswith(".mp3"):
        return None
    import soundfile

    try:
        with soundfile.SoundFile(open_file) as file:
            return float(file.frames / file.samplerate) if file.seekable() else None
    except (RuntimeError, OSError):
        return None
