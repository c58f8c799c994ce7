"""Reads the event stream of a daemon."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any

from . import lines
from .errors import DaemonNotFound, ProtocolError, TimbredError
from .events import Event, Hello, Reply

__all__ = ["Listener", "ask", "listen", "socket_path"]

#: Seconds between two attempts to reconnect: the first pause, and the longest.
BACKOFF = (0.1, 5.0)
#: The protocol version that this client supports.
PROTOCOL = 1


def socket_path() -> str:
    """Returns the path of the socket: $TIMBRE_SOCKET, that in the user's runtime folder if it exists, or that in /run."""
    named = os.environ.get("TIMBRE_SOCKET")
    if named:
        return named
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and os.path.exists(f"{runtime}/timbred/timbred.sock"):
        return f"{runtime}/timbred/timbred.sock"
    return "/run/timbred/timbred.sock"


def not_found(path: str, error: OSError) -> DaemonNotFound:
    """Returns the error for a failed connection, with the remedy."""
    if isinstance(error, (FileNotFoundError, ConnectionRefusedError)):
        return DaemonNotFound(f"{path}: timbred is not running, or uses another socket (TIMBRE_SOCKET, or the argument path)")
    if isinstance(error, PermissionError):
        return DaemonNotFound(f"{path}: only members of the group timbred may connect, and this user is not one")
    return DaemonNotFound(f"{path}: {error.strerror or error}")


def check_protocol(event: Event | None) -> None:
    """Raises an error if the daemon uses another protocol version."""
    if isinstance(event, Hello) and event.protocol != PROTOCOL:
        raise ProtocolError(f"the daemon uses protocol version {event.protocol}, and this client supports {PROTOCOL}")


def check_subscription(reply: Reply) -> None:
    """Raises an error if the daemon refused what a listener asked for: it would get everything."""
    if not reply.ok:
        raise TimbredError(f"the daemon refused the subscription: {reply.error}")


class Listener:
    """A connection to a daemon: an iterator over its events, which also sends commands.

    The constructor connects. The iteration ends when the daemon disconnects, unless `reconnect` is true: then the listener
    waits for the daemon and yields its `hello` and `snapshot`, which contain the current state. Not thread-safe.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        types: Iterable[str] | None = None,
        instruments: Iterable[str] | None = None,
        streams: Iterable[str] | None = None,
        minimum_confidence: float | None = None,
        activity_rate: float | None = None,
        reconnect: bool = True,
        wait: bool = False,
    ) -> None:
        self._named = os.fspath(path) if path is not None else None
        self.path = self._named or socket_path()
        self._pause = BACKOFF[0]
        self.reconnect = reconnect
        self._subscription = lines.subscription(types, instruments, streams, minimum_confidence, activity_rate)
        self._socket: socket.socket | None = None
        self._rest = b""
        #: Whether the reply to the listener's own subscription has not arrived yet.
        self._asked = False
        self._is_closed = False
        if wait:
            self._wait()
        else:
            self._connect()

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        while not self._is_closed:
            line = self._line()
            if line is None:
                self._disconnect()
                if not self.reconnect:
                    break
                # A daemon that refuses its clients is not asked without a pause either.
                self._rest_a_while()
                self._wait()
                continue
            event = lines.parse(line)
            check_protocol(event)
            if isinstance(event, Hello):
                self._pause = BACKOFF[0]
            if self._asked and isinstance(event, Reply) and event.command == "subscribe":
                self._asked = False
                check_subscription(event)
            if event is not None:
                return event
        raise StopIteration

    def command(self, name: str, **arguments: Any) -> None:
        """Sends a command; its `Reply` is one of the following events."""
        if self._socket is None:
            raise TimbredError("the connection is closed")
        self._socket.sendall(lines.command(name, **arguments))

    def close(self) -> None:
        """Closes the connection and ends the iteration."""
        self._is_closed = True
        self._disconnect()

    def __enter__(self) -> Listener:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connect(self) -> None:
        # The daemon of a user may start later than one that waits for it.
        self.path = self._named or socket_path()
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(self.path)
            if self._subscription:
                connection.sendall(self._subscription)
        except OSError as error:
            connection.close()
            raise not_found(self.path, error) from None
        self._socket, self._rest, self._asked = connection, b"", bool(self._subscription)

    def _wait(self) -> None:
        while not self._is_closed:
            try:
                return self._connect()
            except DaemonNotFound:
                self._rest_a_while()

    def _rest_a_while(self) -> None:
        time.sleep(self._pause)
        self._pause = min(BACKOFF[1], 2 * self._pause)

    def _disconnect(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _line(self) -> bytes | None:
        """Returns the next line without its newline; None after the end of the connection. A truncated line is discarded."""
        while b"\n" not in self._rest:
            if len(self._rest) > lines.LONGEST_LINE:
                raise ProtocolError(f"{self.path}: a line of more than {lines.LONGEST_LINE} bytes: the peer is not timbred")
            try:
                received = self._socket.recv(1 << 16) if self._socket else b""
            except ConnectionError:
                received = b""
            if not received:
                return None
            self._rest += received
        line, self._rest = self._rest.split(b"\n", 1)
        return line


def listen(
    path: str | os.PathLike[str] | None = None,
    *,
    types: Iterable[str] | None = None,
    instruments: Iterable[str] | None = None,
    streams: Iterable[str] | None = None,
    minimum_confidence: float | None = None,
    activity_rate: float | None = None,
    reconnect: bool = True,
    wait: bool = False,
) -> Listener:
    """Reads the events of a daemon: `for event in timbred.listen(): ...`.

    `types` selects types of timed lines (`["on", "off"]`), `instruments` the classes of `on` and `off`,
    `minimum_confidence` the lowest confidence of an `on`, and `activity_rate` the `activity` lines per second. By default
    all lines are received, with 10 activity lines per second. After a disconnection the listener waits for the daemon
    unless `reconnect` is false; a daemon that is not available at the beginning is an error unless `wait` is true.

    >>> listen("/no/such.sock")
    Traceback (most recent call last):
    timbred.errors.DaemonNotFound: /no/such.sock: timbred is not running, or uses another socket ...
    """
    return Listener(
        path,
        types=types,
        instruments=instruments,
        streams=streams,
        minimum_confidence=minimum_confidence,
        activity_rate=activity_rate,
        reconnect=reconnect,
        wait=wait,
    )


def ask(name: str, path: str | os.PathLike[str] | None = None, **arguments: Any) -> Reply:
    """Sends one command and returns its reply."""
    with Listener(path, types=[], reconnect=False) as listener:
        listener.command(name, **arguments)
        for event in listener:
            if isinstance(event, Reply) and event.command == name:
                if not event.ok:
                    raise TimbredError(f"the daemon refused {name}: {event.error}")
                return event
    raise DaemonNotFound(f"{listener.path}: the daemon closed the connection without a reply")
