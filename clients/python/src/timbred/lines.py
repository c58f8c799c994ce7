"""Converts lines of JSON to events, and options to commands."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from .errors import ProtocolError
from .events import KINDS, Event

__all__ = ["LONGEST_LINE", "command", "parse", "subscription"]

#: Longest line in bytes; a peer that sends a longer one is not timbred.
LONGEST_LINE = 1 << 20


def parse(line: str | bytes) -> Event | None:
    """Returns the event of a line; None for an unknown type, which readers must ignore.

    >>> parse('{"seq":9,"type":"closing","reason":"the daemon stops"}')
    Closing(seq=9, reason='the daemon stops')
    >>> parse('{"seq":9,"type":"of the future"}') is None
    True
    >>> parse('{"seq":9,"type":"on"}')
    Traceback (most recent call last):
    timbred.errors.ProtocolError: a line of type on lacks 'stream': {"seq":9,"type":"on"}
    """
    shown = line if isinstance(line, str) else line.decode("utf-8", "replace")
    try:
        fields = json.loads(line)
        kind = fields["type"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ProtocolError(f"not an event line of timbred: {shown.strip()[:200]}") from None
    if not isinstance(kind, str) or kind not in KINDS:
        return None
    try:
        return KINDS[kind].from_fields(fields)
    except KeyError as error:
        raise ProtocolError(f"a line of type {kind} lacks {error}: {shown.strip()[:200]}") from None
    except (TypeError, AttributeError):
        raise ProtocolError(f"a line of type {kind} is malformed: {shown.strip()[:200]}") from None


def command(name: str, **arguments: Any) -> bytes:
    """Returns the line of a command.

    >>> command("mark", text="second theme")
    b'{"command": "mark", "text": "second theme"}\\n'
    """
    return json.dumps({"command": name, **arguments}, ensure_ascii=False).encode() + b"\n"


def subscription(
    types: Iterable[str] | None,
    instruments: Iterable[str] | None,
    streams: Iterable[str] | None,
    minimum_confidence: float | None,
    activity_rate: float | None,
) -> bytes | None:
    """Returns the command that subscribes to these; None without any of them."""
    options: dict[str, Any] = {}
    for name, words in (("types", types), ("instruments", instruments), ("streams", streams)):
        if words is not None:
            # A text is a sequence of letters, which is never meant.
            options[name] = [words] if isinstance(words, str) else list(words)
    if minimum_confidence is not None:
        options["minimum_confidence"] = minimum_confidence
    if activity_rate is not None:
        options["activity_rate"] = activity_rate
    return command("subscribe", **options) if options else None
