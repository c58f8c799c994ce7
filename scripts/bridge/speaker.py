"""A daemon that says what it is asked to, in a process of its own: the bridge cannot tell it from timbred."""

import json
import multiprocessing
import socket
import time

CLASSES = {
    "voice": "voice", "flute": "woodwind", "clarinet": "woodwind", "saxophone": "woodwind", "trumpet": "brass", "horn": "brass",
    "trombone": "brass", "violin": "strings", "cello": "strings", "guitar": "plucked", "harp": "plucked", "piano": "keyboard",
    "organ": "keyboard", "drums": "percussion", "cymbals": "percussion", "synthesizer": "electronic",
}


class Speaker:
    """Listens at a path; `say` hands it work, which it does in order."""

    def __init__(self, path, streams=("main",)):
        self.orders, inner = multiprocessing.Pipe()
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(path)
        listening.listen()
        self.process = multiprocessing.get_context("fork").Process(target=_run, args=(listening, inner, streams), daemon=True)
        self.process.start()
        listening.close()

    def marks(self, count, rate):
        """Says `count` marks whose text is their number and the monotonic nanoseconds at which they were said; waits for the end."""
        return self._do(("marks", count, rate))

    def flashes(self, count, rate):
        """Turns the violin on and off in turns; the nanoseconds of each."""
        return self._do(("flashes", count, rate))

    def levels(self, seconds, rate, lit=3):
        """Says level frames of every stream at `rate`, with instruments that come and go."""
        return self._do(("levels", seconds, rate, lit))

    def _do(self, order):
        self.orders.send(order)
        return self.orders.recv()

    def end(self):
        try:
            self.orders.send(None)
        except BrokenPipeError:
            pass  # It went with the bridge.
        self.process.join(5)


class _Voice:
    def __init__(self, connection, streams):
        self.connection, self.streams, self.number = connection, streams, 0
        self.begin = time.monotonic_ns()
        self.input = b""
        self.active = {}

    def line(self, kind, **members):
        self.number += 1
        return json.dumps({"seq": self.number, "type": kind, **members}, separators=(",", ":")).encode() + b"\n"

    def timed(self, kind, stream, **members):
        seconds = (time.monotonic_ns() - self.begin) / 1e9
        now = time.time()
        if kind == "on":
            self.active[stream, members["instrument"]] = {
                "stream": stream, "since": round(seconds, 6), **{name: members[name] for name in ("instrument", "family", "confidence")}}
        if kind == "off": self.active.pop((stream, members["instrument"]), None)
        wall = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03}Z"
        return self.line(kind, stream=stream, t=round(seconds, 6), frame=int(seconds * 44100), wall=wall, **members)

    def greet(self):
        hello = self.line(
            "hello", protocol=1, software="timbred test", stream=self.streams[0], source="tone:440", rate=44100, hop=512,
            classes=list(CLASSES), families=CLASSES, model={"name": "test", "sha256": "ab" * 32}, latency_ms=40,
            streams=list(self.streams))
        self.connection.sendall(hello + self.snapshot())

    def snapshot(self):
        return self.line("snapshot", active=list(self.active.values()), health={name: "running" for name in self.streams})

    def answer(self):
        """Whatever was asked; false when the bridge is gone."""
        self.connection.setblocking(False)
        try:
            data = self.connection.recv(65536)
            if not data:
                return False
            self.input += data
        except BlockingIOError:
            return True
        finally:
            self.connection.setblocking(True)
        while b"\n" in self.input:
            line, self.input = self.input.split(b"\n", 1)
            command = json.loads(line)["command"]
            more = {"metrics": ""} if command == "metrics" else {}
            self.connection.sendall(self.line("reply", command=command, ok=True, **more))
            if command == "subscribe":
                self.connection.sendall(self.snapshot())
        return True

    def paced(self, count, rate, each):
        begin = time.monotonic()
        for number in range(count):
            pause = begin + number / rate - time.monotonic()
            if pause > 0: time.sleep(pause)
            each(number)
            if number % 64 == 0: self.answer()


def _run(listening, orders, streams):
    connection, _ = listening.accept()
    listening.close()
    voice = _Voice(connection, streams)
    voice.greet()
    while True:
        while not orders.poll(0.02):
            if not voice.answer(): return
        order = orders.recv()
        if order is None: return
        name, *rest = order
        orders.send(globals()[f"_{name}"](voice, *rest))


def _marks(voice, count, rate):
    def each(number):
        connection = voice.connection
        connection.sendall(voice.timed("mark", voice.streams[0], text=f"{number} {time.monotonic_ns()}"))

    voice.paced(count, rate, each)


def _flashes(voice, count, rate):
    times = []

    def each(number):
        more = {} if number % 2 == 0 else {"duration": 0.1}
        line = voice.timed(
            "off" if number % 2 else "on", voice.streams[0], instrument="violin", family="strings", confidence=1, **more)
        times.append(time.monotonic_ns())
        voice.connection.sendall(line)

    voice.paced(count, rate, each)
    return times


def _levels(voice, seconds, rate, lit):
    names = list(CLASSES)
    active = {stream: [] for stream in voice.streams}

    def each(number):
        out = b""
        for place, stream in enumerate(voice.streams):
            if number % rate == 0:
                wanted = [names[(number // rate * 3 + place * 5 + step * 5) % len(names)] for step in range(lit)]
                for name in [one for one in active[stream] if one not in wanted]:
                    active[stream].remove(name)
                    out += voice.timed("off", stream, instrument=name, family=CLASSES[name], confidence=0.8, duration=1.0)
                for name in [one for one in wanted if one not in active[stream]]:
                    active[stream].append(name)
                    out += voice.timed("on", stream, instrument=name, family=CLASSES[name], confidence=0.9)
            phase = number / rate
            levels = {
                name: round(0.55 + 0.4 * abs((phase * (1 + index % 3) + index / 7) % 2 - 1), 3) if name in active[stream]
                else round(0.06 * abs((phase + index / 5) % 2 - 1), 3) for index, name in enumerate(names)}
            out += voice.timed("activity", stream, levels=levels, peak_dbfs=-6.0, rms_dbfs=-18.0)
        voice.connection.sendall(out)

    voice.paced(int(seconds * rate), rate, each)
