"""Finds recordings, and cuts long ones into slices."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from ..errors import TimbredError

__all__ = ["ENDINGS", "GRID", "Recording", "Slice", "find", "slices"]

#: Suffixes of audio files, in lower case: those that `timbre` looks for in folders.
ENDINGS = (".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".mp2", ".aif", ".aiff", ".m4a", ".aac", ".au", ".caf", ".w64", ".rf64")
#: Protocols whose URLs have a host in front of the path.
HOSTS = ("sftp", "ssh", "ftp", "smb", "hdfs", "webhdfs")
#: Seconds after which the hops of the frame model (512 samples at 44.1 kHz) and the patches of the clip model (0.96 s)
#: begin together, at a whole sample of every usual rate. Slices begin there, so that they see the frames of the whole.
GRID = 15.36
#: Bytes of a sample in the encodings whose length follows from the number of samples.
WIDTHS = {"PCM_S8": 1, "PCM_U8": 1, "ALAW": 1, "ULAW": 1, "PCM_16": 2, "PCM_24": 3, "PCM_32": 4, "FLOAT": 4, "DOUBLE": 8}
#: Bytes that the header and the chunks of an uncompressed file may have beside its samples.
CHUNKS = 1 << 14


@dataclass(frozen=True)
class Recording:
    """A recording of an archive."""

    #: Its path below the input.
    name: str
    url: str
    bytes: int
    #: Why it cannot be read, where that is known already: a folder that cannot be listed.
    problem: str | None = None

    @property
    def shown(self) -> str:
        """Its name as text: bytes that are not UTF-8 are replaced."""
        return shown(self.name)


@dataclass(frozen=True)
class Slice:
    """A part of a recording from `start` to `stop` seconds, processed from `lead` on; None means the end."""

    lead: float
    start: float
    stop: float | None


def shown(text: str) -> str:
    """Returns a file name as text that can be stored: bytes that are not UTF-8 are replaced.

    >>> shown("caf\\udce9.wav")
    'caf\ufffd.wav'
    """
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def place(url: str) -> tuple[Any, str]:
    """Returns the file system of a URL and the path in it. A local path is taken as it is, whatever its letters."""
    if url.startswith("file:///"):
        return LocalFileSystem(), url.removeprefix("file://")
    found: tuple[Any, str] = fsspec.core.url_to_fs(url)
    return found


def url_of(path: str, filesystem: Any, source: str) -> str:
    """Returns the URL of a path that was found at the URL `source`, with all that leads to it."""
    scheme, _, rest = source.partition("://")
    if "::" in source and not isinstance(filesystem, LocalFileSystem):
        return f"{scheme}://{path}::{source.partition('::')[2]}"
    if scheme in HOSTS:
        return f"{scheme}://{rest.partition('/')[0]}/{path.lstrip('/')}"
    return str(filesystem.unstrip_protocol(path))


def files_below(folder: str) -> dict[str, dict[str, Any]]:
    """Returns the files of a local folder and of all below it, links followed; hidden folders are left out.

    What cannot be opened is returned, too, so that it is reported: links to nothing, and folders with their problem.
    """
    found: dict[str, dict[str, Any]] = {}
    seen: set[tuple[int, int]] = set()

    def note(error: OSError) -> None:
        found[error.filename] = {"type": "file", "size": 0, "problem": f"{error.filename}: {error.strerror}"}

    for top, folders, names in os.walk(folder, onerror=note, followlinks=True):
        facts = os.stat(top)
        # Links may form cycles.
        if (facts.st_dev, facts.st_ino) in seen:
            folders.clear()
            continue
        seen.add((facts.st_dev, facts.st_ino))
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = f"{top.rstrip('/')}/{name}"
            found[path] = {"type": "file", "size": os.path.getsize(path) if os.path.exists(path) else 0}
    return found


def find(inputs: list[str] | str) -> list[Recording]:
    """Returns the recordings at fsspec URLs, sorted by name: files, folders (recursively) and patterns."""
    found: dict[str, Recording] = {}
    for url in [inputs] if isinstance(inputs, str) else inputs:
        source = f"file://{os.path.abspath(url)}" if os.path.exists(url) else url
        filesystem, path = place(source)
        path = path.rstrip("/")
        if filesystem.isdir(path):
            base = path
            listing = files_below(path) if isinstance(filesystem, LocalFileSystem) else filesystem.find(path, detail=True)
        elif filesystem.exists(path):
            base = path.rsplit("/", 1)[0]
            listing = {path: {"type": "file", "size": filesystem.size(path)}}
        elif any(letter in path for letter in "*?["):
            base = path[: min(path.index(letter) for letter in "*?[" if letter in path)].rsplit("/", 1)[0]
            listing = filesystem.glob(path, detail=True)
        else:
            raise TimbredError(f"{url}: no such file or folder")
        for where, facts in listing.items():
            problem = facts.get("problem")
            if problem is None and (facts["type"] != "file" or not where.lower().endswith(ENDINGS)):
                continue
            name = where[len(base) :].lstrip("/") or base.rsplit("/", 1)[-1]
            if any(part.startswith(".") for part in name.split("/")):
                continue
            recording = Recording(name, url_of(where, filesystem, source), facts["size"], problem)
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


def duration_of(open_file: Any) -> float | None:
    """Returns the duration of a recording that can be cut; None if it cannot.

    Slices are read with libsndfile, which ends earlier than `timbre` in what was joined, cut short or written without a
    length. So only FLAC is cut, which `hearing` checks further, and uncompressed files whose header tells their size.
    """
    import soundfile

    try:
        size = open_file.seek(0, os.SEEK_END)
        open_file.seek(0)
        head = open_file.read(28)
        open_file.seek(0)
        with soundfile.SoundFile(open_file) as file:
            width = file.channels * WIDTHS.get(file.subtype, 0)
            if file.format == "FLAC":
                # A file that was written into a pipe may not know its length; libsndfile tells the greatest number then.
                is_known = 0 <= file.frames < 1 << 62
            else:
                is_known = abs(size - announced(file.format, head)) <= 1 and 0 <= size - file.frames * width <= CHUNKS
            return float(file.frames / file.samplerate) if is_known and file.seekable() else None
    except (RuntimeError, OSError):
        return None


def announced(container: str, head: bytes) -> int:
    """Returns the length of a file according to its first 28 bytes; 0 for containers that do not tell it there."""
    match container:
        case "WAV" | "WAVEX":
            return 8 + int.from_bytes(head[4:8], "little")
        case "RF64":
            return 8 + int.from_bytes(head[20:28], "little")
        case "W64":
            return int.from_bytes(head[16:24], "little")
        case "AIFF":
            return 8 + int.from_bytes(head[4:8], "big")
    return 0
