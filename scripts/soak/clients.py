"""Clients of the daemon that hold its lines to their promises, read steadily, stall, or come and go."""

import asyncio
import collections
import datetime
import json
import random
import socket
import statistics
import time


class Tally:
    """What all clients saw together, and the promises that they saw broken."""

    def __init__(self):
        self.counts: collections.Counter = collections.Counter()
        self.violations: list[str] = []
        self.delays: list[float] = []
        self.health: dict[str, str] = {}
        self.changed: dict[str, float] = {}
        self.recording: dict[str, str] = {}

    def violated(self, text: str):
        self.violations.append(text)

    def take_delays(self) -> list[float]:
        delays, self.delays = self.delays, []
        return delays


class Client:
    """One connection that checks every line it reads: `seq` without a hole, one `off` for each `on`."""

    def __init__(self, name: str, path: str, tally: Tally, watches: bool = False):
        self.name, self.path, self.tally, self.watches = name, path, tally, watches
        self.socket: socket.socket | None = None
        self.pending = b""
        self.replies: asyncio.Queue = asyncio.Queue()
        self._begin()

    def _begin(self):
        self.expected = 1
        self.lit: set | None = None
        self.pending = b""

    async def connect(self):
        self.close()
        self._begin()
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.setblocking(False)
        await asyncio.get_running_loop().sock_connect(self.socket, self.path)
        self.tally.counts["connections"] += 1

    async def send(self, command: dict):
        await asyncio.get_running_loop().sock_sendall(self.socket, json.dumps(command).encode() + b"\n")

    async def read(self, seconds: float) -> bool:
        """Reads and checks for a time; False when the daemon closed the connection."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not await self._readable(left):
                return True
            try:
                data = self.socket.recv(65536)
            except BlockingIOError:
                continue
            except ConnectionError:
                return False
            if not data:
                return False
            now = time.time()
            *lines, self.pending = (self.pending + data).split(b"\n")
            for line in lines:
                self._check(json.loads(line), now)
        return True

    async def _readable(self, seconds: float) -> bool:
        """Waits until there is something to read. It takes nothing off the socket, so a timeout loses nothing."""
        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        descriptor = self.socket.fileno()
        loop.add_reader(descriptor, lambda: ready.done() or ready.set_result(True))
        try:
            await asyncio.wait([ready], timeout=seconds)
        finally:
            loop.remove_reader(descriptor)
        return ready.done()

    def _check(self, line: dict, now: float):
        kind = line["type"]
        counts = self.tally.counts
        counts[kind] += 1
        due = self.expected
        if kind == "lagged":
            # The lines it announces have had the numbers before its own.
            if line["from"] != due or line["to"] - line["from"] + 1 != line["skipped"]:
                self.tally.violated(f"{self.name}: lagged names {line['from']} to {line['to']} where {due} was due")
            due = line["to"] + 1
            counts["skipped"] += line["skipped"]
            self.lit = None
        if line["seq"] != due:
            self.tally.violated(f"{self.name}: seq {line['seq']} ({kind}) where {due} was due")
        self.expected = line["seq"] + 1
        if kind == "snapshot":
            self.lit = {(entry["stream"], entry["instrument"]) for entry in line["active"]}
        elif kind == "on" and self.lit is not None:
            key = (line["stream"], line["instrument"])
            if key in self.lit:
                self.tally.violated(f"{self.name}: a second on of {key}")
            self.lit.add(key)
        elif kind == "off" and self.lit is not None:
            key = (line["stream"], line["instrument"])
            if key not in self.lit:
                self.tally.violated(f"{self.name}: an off of {key} without its on")
            self.lit.discard(key)
        elif kind == "reply":
            self.replies.put_nowait((line, now))
        if self.watches:
            self._watch(kind, line, now)

    def _watch(self, kind: str, line: dict, now: float):
        if kind == "snapshot":
            for stream, state in line["health"].items():
                self._heard(stream, state)
        elif kind == "health":
            self.tally.counts["health " + line["state"]] += 1
            self._heard(line["stream"], line["state"])
        elif kind == "discontinuity":
            self.tally.counts["discontinuity " + line["reason"]] += 1
        elif kind == "recording":
            self.tally.counts["recording " + line["state"]] += 1
            self.tally.recording[line["stream"]] = line["state"]
        elif kind == "activity" and "wall" in line:
            heard = datetime.datetime.fromisoformat(line["wall"].replace("Z", "+00:00")).timestamp()
            self.tally.delays.append(now - heard)

    def _heard(self, stream: str, state: str):
        if self.tally.health.get(stream) != state:
            self.tally.health[stream] = state
            self.tally.changed[stream] = time.monotonic()

    def close(self):
        if self.socket:
            self.socket.close()
            self.socket = None


class Crowd:
    """Twenty clients: twelve that read, four that stall, four that come and go."""

    def __init__(self, path: str, tally: Tally, generator: random.Random):
        self.path, self.tally, self.generator = path, tally, generator
        self.ending = False

    def tasks(self):
        roles = [self.reader] * 12 + [self.staller] * 4 + [self.visitor] * 4
        return [asyncio.create_task(self.live(role, f"{role.__name__} {number}")) for number, role in enumerate(roles)]

    async def live(self, role, name: str):
        client = Client(name, self.path, self.tally)
        while not self.ending:
            try:
                await client.connect()
                await role(client)
            except ConnectionError as error:
                if not self.ending:
                    self.tally.counts["connection errors"] += 1
                    self.tally.counts[f"connection errors: {type(error).__name__}"] += 1
            finally:
                client.close()
            await asyncio.sleep(self.generator.uniform(0.1, 1))

    async def reader(self, client: Client):
        """Reads all the time. It is never closed while it reads, unless the daemon ends."""
        await client.send({"command": "subscribe", "activity_rate": self.generator.choice([0, 1, 2])})
        while not self.ending:
            if not await client.read(5):
                if not self.ending:
                    self.tally.violated(f"{client.name} was closed though it read all the time")
                return

    async def staller(self, client: Client):
        """Stops reading for up to two minutes, and goes on or is closed."""
        await client.send({"command": "subscribe", "activity_rate": 10})
        while not self.ending:
            if not await client.read(self.generator.uniform(1, 20)):
                self.tally.counts["stallers closed"] += 1
                return
            self.tally.counts["stalls"] += 1
            await asyncio.sleep(self.generator.uniform(1, 120))

    async def visitor(self, client: Client):
        """Stays for some seconds, says something that may be nonsense, and goes without a word."""
        words = [
            b'{"command":"status"}\n', b'{"command":"metrics"}\n', b'{"command":"dance"}\n', b'{"command":"subscribe',
            b"\xff\xfe\n", b"[" * 64 + b"\n",
        ]
        await asyncio.get_running_loop().sock_sendall(client.socket, self.generator.choice(words))
        await client.read(self.generator.uniform(0.05, 30))


class Probe:
    """The client that measures: delays of lines, and how long an answer takes."""

    def __init__(self, path: str, tally: Tally):
        self.client = Client("probe", path, tally, watches=True)
        self.tally = tally
        self.ending = False
        self.asking = asyncio.Lock()

    async def run(self):
        await self.client.connect()
        await self.client.send({"command": "subscribe", "activity_rate": 5})
        while not self.ending:
            if not await self.client.read(1):
                if not self.ending:
                    self.tally.violated("the probe was closed though it read all the time")
                return

    async def ask(self, command: dict, timeout: float = 30) -> tuple[dict, float]:
        """The reply, and the seconds until it came."""
        # One question at a time, so that nobody takes another's answer.
        async with self.asking:
            while not self.client.replies.empty():
                self.client.replies.get_nowait()
            asked = time.time()
            await self.client.send(command)
            while True:
                line, came = await asyncio.wait_for(self.client.replies.get(), timeout)
                if line["command"] == command["command"]:
                    return line, came - asked

    async def answer_seconds(self) -> float:
        """The median of five answers to `status`."""
        return statistics.median([(await self.ask({"command": "status"}))[1] for _ in range(5)])
