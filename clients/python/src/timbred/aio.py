"""Reads the event stream of a daemon with asyncio."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Iterable

from . import lines
from .client import BACKOFF, check_protocol, check_subscription, not_found, socket_path
from .errors import ProtocolError
from .events import Event, Hello, Reply

__all__ = ["listen_async"]


async def listen_async(
    path: str | os.PathLike[str] | None = None,
    *,
    types: Iterable[str] | None = None,
    instruments: Iterable[str] | None = None,
    streams: Iterable[str] | None = None,
    minimum_confidence: float | None = None,
    activity_rate: float | None = None,
    reconnect: bool = True,
    wait: bool = False,
) -> AsyncGenerator[Event, None]:
    """Reads the events of a daemon: `async for event in timbred.listen_async(): ...`. The arguments are those of `listen`.

    A caller that leaves the loop early closes the connection with `aclose()` or `contextlib.aclosing`.
    """
    named = os.fspath(path) if path is not None else None
    subscription = lines.subscription(types, instruments, streams, minimum_confidence, activity_rate)
    pause, longest = BACKOFF
    is_patient = wait
    while True:
        place = named or socket_path()
        try:
            reader, writer = await asyncio.open_unix_connection(place, limit=lines.LONGEST_LINE)
        except OSError as error:
            if not is_patient:
                raise not_found(place, error) from None
            await asyncio.sleep(pause)
            pause = min(longest, 2 * pause)
            continue
        try:
            asked = bool(subscription)
            if subscription:
                writer.write(subscription)
            while True:
                try:
                    line = await reader.readuntil(b"\n")
                except asyncio.LimitOverrunError:
                    raise ProtocolError(f"{place}: a line of more than {lines.LONGEST_LINE} bytes") from None
                except (asyncio.IncompleteReadError, ConnectionError):
                    break
                event = lines.parse(line)
                check_protocol(event)
                if isinstance(event, Hello):
                    pause = BACKOFF[0]
                if asked and isinstance(event, Reply) and event.command == "subscribe":
                    asked = False
                    check_subscription(event)
                if event is not None:
                    yield event
        finally:
            writer.close()
        if not reconnect:
            return
        is_patient = True
        # A daemon that refuses its clients is not asked without a pause either.
        await asyncio.sleep(pause)
        pause = min(longest, 2 * pause)
