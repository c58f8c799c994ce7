"""The client against a real daemon."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from pathlib import Path

import pytest

import timbred
from conftest import Daemon
from timbred.client import ask


def test_listening_begins_with_who_speaks_and_what_is_on(daemon: Daemon) -> None:
    with timbred.listen(daemon.socket, activity_rate=50, wait=True) as listener:
        assert isinstance(next(listener), timbred.Hello)
        assert isinstance(next(listener), timbred.Snapshot)
        activity = next(event for event in listener if isinstance(event, timbred.Activity))
        assert activity.rms_dbfs > -40 and len(activity.levels) > 1


def test_only_what_was_asked_for_comes(daemon: Daemon) -> None:
    with timbred.listen(daemon.socket, types=["activity"], wait=True) as listener:
        listener.command("status")
        kinds: list[str] = []
        for event in listener:
            kinds.append(event.type)
            # A snapshot follows the subscription; what came before it was not asked for yet.
            if kinds.count("snapshot") == 2 and kinds.count("reply") == 2 and kinds[-3:] == ["activity"] * 3:
                break
        after = kinds[len(kinds) - 1 - kinds[::-1].index("snapshot") :]
        assert set(after) <= {"snapshot", "activity", "reply"}


def test_commands_are_answered_and_refused(daemon: Daemon) -> None:
    timbred.listen(daemon.socket, wait=True).close()
    assert "timbred_" in (ask("metrics", daemon.socket).metrics or "")
    with pytest.raises(timbred.TimbredError, match="refused mark"):
        ask("mark", daemon.socket)


def test_a_daemon_that_went_is_waited_for_and_its_lines_begin_anew(daemon: Daemon) -> None:
    with timbred.listen(daemon.socket, wait=True) as listener:
        hellos = 0
        for event in listener:
            if isinstance(event, timbred.Hello):
                hellos += 1
                assert event.seq == 1
                if hellos == 3:
                    break
                daemon.stop()
                daemon.start()


def test_without_reconnection_the_events_end_with_the_daemon(daemon: Daemon) -> None:
    with timbred.listen(daemon.socket, reconnect=False, wait=True) as listener:
        assert isinstance(next(listener), timbred.Hello)
        daemon.stop()
        events = list(listener)
    assert isinstance(events[-1], timbred.Closing)


def test_asyncio_hears_the_same_and_reconnects(daemon: Daemon) -> None:
    async def listen() -> list[str]:
        kinds: list[str] = []
        async with contextlib.aclosing(timbred.listen_async(daemon.socket, types=["health"], wait=True)) as events:
            async for event in events:
                kinds.append(event.type)
                if kinds.count("hello") == 2:
                    return kinds
                if kinds.count("snapshot") == 1 and daemon.process is not None and kinds[-1] == "snapshot":
                    await asyncio.to_thread(daemon.stop)
                    daemon.start()
        return kinds

    assert asyncio.run(listen())[:2] == ["hello", "snapshot"]


async def first(path: Path) -> timbred.Event:
    return await anext(timbred.listen_async(path))


def test_no_daemon_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(timbred.DaemonNotFound, match="timbred is not running"):
        timbred.listen(tmp_path / "none.sock")
    with pytest.raises(timbred.DaemonNotFound, match="timbred is not running"):
        asyncio.run(first(tmp_path / "none.sock"))


def serve(path: Path, content: bytes) -> threading.Thread:
    """A peer that says `content` to the first who comes, and goes."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()

    def run() -> None:
        connection, _ = server.accept()
        with contextlib.suppress(OSError):
            connection.sendall(content)
        connection.close()
        server.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"GET / HTTP/1.1\n", "not an event line of timbred"),
        (b"[" * 100_000 + b"\n", "not an event line of timbred"),
        (b'{"seq":1,"type":"on","stream":"main"}\n', "a line of type on lacks"),
        (b'{"seq":1,"type":"tags","stream":"main","t":1,"frame":1,"window":3,"tags":[]}\n', "malformed"),
        (b"x" * (3 << 20), "the peer is not timbred|a line of more than"),
    ],
)
def test_a_peer_that_is_not_timbred_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    thread = serve(tmp_path / "a.sock", content)
    with timbred.listen(tmp_path / "a.sock") as listener, pytest.raises(timbred.ProtocolError, match=complaint):
        next(listener)
    thread.join()
    thread = serve(tmp_path / "b.sock", content)
    with pytest.raises(timbred.ProtocolError, match=complaint):
        asyncio.run(first(tmp_path / "b.sock"))
    thread.join()


def test_a_daemon_that_refuses_is_asked_ever_more_rarely(tmp_path: Path) -> None:
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "a.sock"))
    server.listen()
    server.settimeout(0.1)
    accepted = 0
    is_over = threading.Event()

    def run() -> None:
        nonlocal accepted
        while not is_over.is_set():
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                accepted += 1
                with connection:
                    connection.sendall(b'{"seq":1,"type":"closing","reason":"the limit of 1 clients is reached"}\n')

    async def listen() -> int:
        count = 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                async with contextlib.aclosing(timbred.listen_async(tmp_path / "a.sock")) as events:
                    async for _ in events:
                        count += 1
        return count

    thread = threading.Thread(target=run)
    thread.start()
    with timbred.listen(tmp_path / "a.sock") as listener:
        assert [next(listener).seq for _ in range(4)] == [1, 1, 1, 1]
        # 0.1, 0.2 and 0.4 seconds lie between the four.
        assert listener._pause == 0.8
    accepted = 0
    assert 1 <= asyncio.run(listen()) <= 5
    is_over.set()
    thread.join()
    server.close()
    assert accepted <= 6


def test_a_filter_that_the_daemon_refuses_is_an_error(daemon: Daemon) -> None:
    with timbred.listen(daemon.socket, instruments=["fiddle"], wait=True) as listener:
        with pytest.raises(timbred.TimbredError, match="refused the subscription.*fiddle"):
            for _ in range(100):
                next(listener)

    async def listen() -> None:
        async with contextlib.aclosing(timbred.listen_async(daemon.socket, instruments=["fiddle"])) as events:
            async for _ in events:
                pass

    with pytest.raises(timbred.TimbredError, match="refused the subscription.*fiddle"):
        asyncio.run(listen())


def test_who_waits_finds_the_daemon_of_the_user_that_starts_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIMBRE_SOCKET", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    found = []

    def wait() -> None:
        with timbred.listen(wait=True, reconnect=False) as listener:
            found.append(next(listener))

    waiting = threading.Thread(target=wait)
    waiting.start()
    (tmp_path / "timbred").mkdir()
    thread = serve(tmp_path / "timbred" / "timbred.sock", b'{"seq":1,"type":"closing","reason":"x"}\n')
    waiting.join()
    thread.join()
    assert isinstance(found[0], timbred.Closing)


def test_a_line_that_was_cut_off_is_no_event(tmp_path: Path) -> None:
    thread = serve(tmp_path / "a.sock", b'{"seq":1,"type":"closing","reason":"x"}\n{"seq":2,"type":"clo')
    with timbred.listen(tmp_path / "a.sock", reconnect=False) as listener:
        assert [event.seq for event in listener if isinstance(event, timbred.Closing)] == [1]
    thread.join()
