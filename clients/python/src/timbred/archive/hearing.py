"""The work of a worker: fetches a recording, runs `timbre` on it or on a slice, and returns rows."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from .. import lines
from ..errors import TimbreFailed
from ..events import Hello, Off, On, Tags
from ..recordings import program
from .plan import GRID, Recording, Slice, place, shown

__all__ = ["SliceResult", "hear", "hear_slice", "local", "merge", "rows"]


@contextlib.contextmanager
def local(recording: Recording) -> Iterator[str]:
    """Yields the path of the recording as a local file; a fetched copy is removed afterwards."""
    filesystem, path = place(recording.url)
    protocol = filesystem.protocol if isinstance(filesystem.protocol, tuple) else (filesystem.protocol,)
    if "file" in protocol:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="timbred-") as folder:
        target = f"{folder}/{os.path.basename(path)}"
        filesystem.get_file(path, target)
        yield target


def hear(path: str, words: list[str], timeout: float | None) -> dict[str, Any]:
    """Runs `timbre annotate` on a file and returns the content of NAME.timbre.json."""
    with tempfile.TemporaryDirectory(prefix="timbred-") as folder:
        command = [program(), "annotate", "-q", "-j", "1", "-f", "csv", "-o", folder, *words, "--", path]
        try:
            ended = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False
            )
        except subprocess.TimeoutExpired:
            raise TimbreFailed(f"timbre did not finish within {timeout} s", -9) from None
        summary = Path(folder, os.path.basename(path) + ".timbre.json")
        if ended.returncode != 0 or not summary.exists():
            raise TimbreFailed(_problem(folder, ended), ended.returncode)
        found: dict[str, Any] = json.loads(summary.read_bytes())
        return found


def _problem(folder: str, ended: subprocess.CompletedProcess[bytes]) -> str:
    import csv

    with contextlib.suppress(OSError), open(f"{folder}/failed.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            return row["problem"]
    if ended.returncode < 0:
        return f"timbre was terminated by signal {-ended.returncode}"
    said = ended.stderr.decode("utf-8", "replace").strip().splitlines()
    return said[-1] if said else f"timbre exited with status {ended.returncode}"


class Change(NamedTuple):
    """An instrument turns on or off; times are in seconds of the recording."""

    #: The time of the event, and the estimated onset or offset.
    time: float
    edge: float
    kind: str
    instrument: str
    confidence: float


@dataclass(frozen=True)
class SliceResult:
    """The events of a slice and of its lead, which precedes it."""

    slice: Slice
    hello: Hello
    #: The changes in the order of the events.
    changes: list[Change]
    #: (seconds, probabilities) of every set of tags.
    tags: list[tuple[float, list[tuple[str, str, float]]]]
    #: Seconds of the whole recording.
    duration: float = 0.0

    def before(self, time: float, since: float) -> list[Change]:
        """Returns the changes from `since` to `time`."""
        return [change for change in self.changes if since <= change.time < time]

    def active(self, time: float) -> dict[str, Change]:
        """Returns the instruments that are on just before `time`, with the change that turned each on."""
        on: dict[str, Change] = {}
        for change in self.changes:
            if change.time >= time:
                break
            if change.kind == "on":
                on[change.instrument] = change
            else:
                on.pop(change.instrument, None)
        return on


#: Seconds that are processed after a slice, so that the events at the end of the stream are outside it.
TAIL = 1.0


def hear_slice(path: str, part: Slice, words: list[str], timeout: float | None = None) -> SliceResult:
    """Runs `timbre replay` on a slice and its lead, passed as samples on standard input, for at most `timeout` seconds."""
    import soundfile

    with soundfile.SoundFile(path) as file:
        rate, channels, frames = file.samplerate, file.channels, file.frames
        first = round(part.lead * rate)
        last = frames if part.stop is None else min(frames, round((part.stop + TAIL) * rate))
        file.seek(first)
        command = [program(), "replay", "-q", *words, "--", f"stdin:f32le:{rate}:{channels}"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None

        problems: list[str] = []

        def feed() -> None:
            assert process.stdin is not None
            try:
                left = last - first
                while left > 0:
                    block = file.read(min(left, 1 << 16), dtype="float32", always_2d=True)
                    if len(block) == 0:
                        problems.append(f"the audio cannot be read: it ends {left / rate:.3f} s before the length in its header")
                        break
                    process.stdin.write(block.astype("<f4").tobytes())
                    left -= len(block)
            except BrokenPipeError:
                pass
            except (RuntimeError, OSError) as error:
                problems.append(f"the audio cannot be read: {error}")
            finally:
                # Whatever happened, timbre must not wait for more.
                with contextlib.suppress(BrokenPipeError):
                    process.stdin.close()

        def expire() -> None:
            problems.append(f"timbre did not finish within {timeout} s")
            process.kill()

        feeder = threading.Thread(target=feed)
        timer = threading.Timer(timeout, expire) if timeout is not None else None
        hello: Hello | None = None
        changes: list[Change] = []
        tags: list[tuple[float, list[tuple[str, str, float]]]] = []
        try:
            feeder.start()
            if timer is not None:
                timer.start()
            for line in process.stdout:
                event = lines.parse(line)
                if isinstance(event, Hello):
                    hello = event
                elif isinstance(event, On | Off):
                    edge = event.onset if isinstance(event, On) else event.offset
                    time, edge = (round(each + part.lead, 6) for each in (event.t, event.t if edge is None else edge))
                    changes.append(Change(time, edge, event.type, event.instrument, event.confidence))
                elif isinstance(event, Tags):
                    entries = [(tag.instrument, tag.family, tag.probability) for tag in event.tags]
                    tags.append((round(event.t + part.lead, 6), entries))
            said = process.stderr.read().decode("utf-8", "replace").strip()
            status = process.wait()
        finally:
            if timer is not None:
                timer.cancel()
            process.kill()
            process.wait()
            feeder.join()
            process.stdout.close()
            process.stderr.close()
        if problems or status != 0 or hello is None:
            raise TimbreFailed(problems[0] if problems else said or f"timbre exited with status {status}", status)
    return SliceResult(part, hello, changes, tags, duration=frames / rate)


#: Seconds before a boundary in which both slices must have the same events.
CHECKED = 10.0
#: The shortest lead of a slice that is processed again, in seconds: a multiple of the grid on which slices begin.
SHORTEST_LEAD = 2 * GRID


def agrees(earlier: SliceResult, later: SliceResult) -> bool:
    """Returns whether two slices have the same events before their boundary, and the same instruments on."""
    boundary = later.slice.start
    since = max(later.slice.lead, boundary - CHECKED)
    return earlier.before(boundary, since) == later.before(boundary, since) and (
        earlier.active(boundary) == later.active(boundary)
    )


def merge(path: str, results: list[SliceResult], words: list[str], timeout: float | None = None) -> dict[str, Any]:
    """Returns the summary of a recording from its slices, in the form of `hear`.

    If two slices differ at their boundary, the later one is processed again with a longer lead, if necessary from the
    beginning of the recording. The events are those of the whole recording, except for the last digits of their values.
    A file of several FLAC streams is heard as a whole instead, because its slices are those of the first.
    """
    sha256, streams = _survey(path)
    if streams > 1:
        return hear(path, words, timeout)
    checked = [results[0]]
    for later in results[1:]:
        while checked and not agrees(checked[-1], later):
            boundary, stop = later.slice.start, later.slice.stop
            # Longer each time, so that this ends; a slice may have had no lead at all.
            lead = round(boundary - max(SHORTEST_LEAD, 2 * (boundary - later.slice.lead)), 6)
            if lead <= 0:
                # Heard from the beginning, it is right for all that is before it, too.
                checked, lead, boundary = [], 0.0, 0.0
            later = hear_slice(path, Slice(lead, boundary, stop), words, timeout)
        checked.append(later)
    changes: list[Change] = []
    windows: list[list[tuple[str, str, float]]] = []
    for result in checked:
        stop = float("inf") if result.slice.stop is None else result.slice.stop
        changes += [change for change in result.changes if result.slice.start <= change.time < stop]
        windows += [entries for time, entries in result.tags if result.slice.start <= time < stop]
    hello, duration = checked[0].hello, checked[0].duration
    return _summary(path, sha256, hello, duration, changes, windows)


#: The beginning of a FLAC stream: its marker, and the header of its first block, which may be the only one.
_FLAC = re.compile(rb"fLaC[\x00\x80]\x00\x00\x22")


def _survey(path: str) -> tuple[str, int]:
    """Returns the SHA-256 of a file, and the number of FLAC streams in it."""
    digest, streams, tail = hashlib.sha256(), 0, b""
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
            streams += len(_FLAC.findall(tail + block))
            # One byte less than the pattern, so that none is counted twice.
            tail = (tail + block)[-7:]
    return digest.hexdigest(), streams


def _summary(
    path: str,
    sha256: str,
    hello: Hello,
    duration: float,
    changes: list[Change],
    windows: list[list[tuple[str, str, float]]],
) -> dict[str, Any]:
    segments: dict[str, list[list[float]]] = {}
    on: dict[str, float] = {}
    for change in changes:
        if change.kind == "on":
            on[change.instrument] = max(0.0, change.edge)
        elif change.instrument in on:
            start = on.pop(change.instrument)
            segment = [min(start, duration), min(max(start, change.edge), duration), change.confidence]
            segments.setdefault(change.instrument, []).append(segment)
    mean: dict[str, list[Any]] = {}
    for entries in windows:
        for instrument, family, probability in entries:
            tag = mean.setdefault(instrument, [family, 0.0, 0.0])
            tag[1] += probability
            tag[2] = max(tag[2], probability)
    return {
        "bytes": os.path.getsize(path),
        "sha256": sha256,
        "duration_s": duration,
        "software": hello.software,
        "model": None if hello.model is None else {"name": hello.model.name, "sha256": hello.model.sha256},
        "precision": hello.precision,
        "tag_model": None if hello.tag_model is None else {"sha256": hello.tag_model.sha256},
        "instruments": [
            {"instrument": name, "family": hello.families[name], "segments": segments[name]}
            for name in hello.classes
            if name in segments
        ],
        "tags": [
            {"instrument": name, "family": tag[0], "mean": round(tag[1] / len(windows), 4), "highest": tag[2]}
            for name, tag in mean.items()
        ],
    }


def rows(recording: Recording, summary: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Returns the rows of a recording in `events`, sorted by time, and its row in `recordings`."""
    events = [
        {
            "recording": recording.shown,
            "instrument": entry["instrument"],
            "family": entry["family"],
            "start": start,
            "end": end,
            "duration": round(end - start, 6),
            "confidence": confidence,
        }
        for entry in summary["instruments"]
        for start, end, confidence in entry["segments"]
    ]
    events.sort(key=lambda row: (row["start"], row["instrument"]))
    model, tag_model = summary["model"] or {}, summary["tag_model"] or {}
    row = {
        "recording": recording.shown,
        "url": shown(recording.url),
        "bytes": recording.bytes,
        "sha256": summary["sha256"],
        "duration": summary["duration_s"],
        "software": summary["software"],
        "model": model.get("name"),
        "model_sha256": model.get("sha256"),
        "precision": summary.get("precision"),
        "tag_model_sha256": tag_model.get("sha256"),
        "instruments": [
            {
                "instrument": entry["instrument"],
                "seconds": round(sum(end - start for start, end, _ in entry["segments"]), 6),
            }
            for entry in summary["instruments"]
        ],
        "tags": summary["tags"],
    }
    return events, row

