#!/usr/bin/python3
"""Measures the sinks of "timbre bridge" on the loopback: bench.py [--timbre PROGRAM] [--sinks NAME,NAME] [--seconds S].

For each sink a bridge of its own and a real other end: the time from the moment at which an event is written to the
daemon's socket until the other end has it, at 50 events a second; then 1,000 events a second for S seconds, paced, and how
many of them arrived. "no bridge" reads the socket itself: what the machine costs. mqtt includes a mosquitto broker and
mosquitto_sub, command the start of a shell. artnet and sacn send 40 packets a second, and states, not events: for them it is the time until a packet shows the new state. "page" is the
live page in Chromium, with 1 and with 16 streams at 30 level frames a second: pictures drawn in a second.
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time

from page import pictures
from speaker import Speaker
from wire import WebSocket, free_port, has, http, osc

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Bench:
    """A speaker, and a bridge with one sink and the page of figures."""

    def __init__(self, timbre, sink, streams=("main",)):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="timbre-bridge-"))
        path = str(self.folder / "timbred.sock")
        self.speaker = Speaker(path, streams)
        self.port = free_port()
        sinks = [sink] if sink.startswith("web:") else [sink, f"web:{self.port}"]
        if sink.startswith("web:"): self.port = int(sink[4:].split(",")[0])
        self.bridge = subprocess.Popen(
            [timbre, "bridge", "--socket", path, "--status-socket", str(self.folder / "status.sock"), *sinks],
            stderr=subprocess.DEVNULL)
        end = time.monotonic() + 30
        while True:
            try:
                # What is said before the bridge has the daemon's state is not passed on.
                # Whole lines: the help of a counter begins like the counter.
                counters = self.counters().splitlines()
                wanted = [f'timbred_bridge_sink_open{{sink="{name.split(",")[0]}"}} 1' for name in sinks]
                if all(line in counters for line in [*wanted, "timbred_bridge_daemon_connected 1"]): break
            except OSError:
                pass
            if time.monotonic() > end:
                raise TimeoutError(f"{sink} does not open")
            time.sleep(0.05)

    def counters(self):
        return http(self.port, "/metrics")

    def end(self):
        self.bridge.terminate()
        self.bridge.wait()
        self.speaker.end()
        shutil.rmtree(self.folder, ignore_errors=True)


class Direct:
    """A speaker alone, whose socket is read without a bridge: what the machine itself costs."""

    def __init__(self, marks):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="timbre-bridge-"))
        path = str(self.folder / "timbred.sock")
        self.speaker = Speaker(path)
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(path)
            swallow(peer.makefile("rb"), marks)

    def end(self):
        self.speaker.end()
        shutil.rmtree(self.folder, ignore_errors=True)


class Marks:
    """Counts marks as they come, each with its delay."""

    def __init__(self):
        self.delays = []

    def take(self, text):
        now = time.monotonic_ns()
        self.delays.append((now - int(text.split()[1])) / 1e6)

    def line(self, line):
        event = json.loads(line)
        if event.get("type") == "mark":
            self.take(event["text"])


def thread(body):
    threading.Thread(target=body, daemon=True).start()


def swallow(lines, marks):
    def body():
        try:
            for line in lines: marks.line(line)
        except (OSError, ValueError):
            pass
    thread(body)


def osc_sink(marks, folder, start):
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))

    def body():
        while True:
            for address, arguments in osc(receiver.recv(65536)):
                if address.endswith("/mark"): marks.take(arguments[0])

    bench = start(f"osc:127.0.0.1:{receiver.getsockname()[1]}")
    thread(body)
    return bench, lambda: None


def web_sink(marks, folder, start):
    port = free_port()
    bench = start(f"web:{port}")
    peer = WebSocket(port, "/ws")
    swallow(iter(peer.receive, None), marks)
    return bench, lambda: None


def stream_sink(marks, folder, start):
    port = free_port()
    bench = start(f"web:{port}")
    peer = socket.create_connection(("127.0.0.1", port))
    peer.sendall(f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    lines = (line[6:] for line in peer.makefile("rb") if line.startswith(b"data: "))
    swallow(lines, marks)
    return bench, lambda: None


def tcp_sink(marks, folder, start):
    port = free_port()
    bench = start(f"tcp:{port}")
    peer = socket.create_connection(("127.0.0.1", port))
    swallow(peer.makefile("rb"), marks)
    return bench, lambda: None


def jsonl_sink(marks, folder, start):
    # The sink writes to a file; a reader of files has no moment of arrival, so "tail -f" stands at the other end.
    file = folder / "events.jsonl"
    bench = start(f"jsonl:{file}")
    tail = subprocess.Popen(["tail", "-n", "+1", "-F", str(file)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    swallow(tail.stdout, marks)
    return bench, tail.terminate


def mqtt_sink(marks, folder, start):
    port = free_port()
    (folder / "broker.conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    broker = subprocess.Popen(
        ["mosquitto", "-c", str(folder / "broker.conf")], stderr=subprocess.DEVNULL,
        env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"})
    time.sleep(0.5)
    peer = subprocess.Popen(
        ["mosquitto_sub", "-p", str(port), "-q", "1", "-t", "timbred/+/event"], stdout=subprocess.PIPE)
    bench = start(f"mqtt://127.0.0.1:{port}/timbred")
    swallow(peer.stdout, marks)
    return bench, lambda: (peer.terminate(), broker.terminate())


def command_sink(marks, folder, start):
    pipe, program = folder / "pipe", folder / "tell"
    os.mkfifo(pipe)
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$TIMBRE_JSON" > {pipe}\n')
    program.chmod(0o755)
    reader = os.fdopen(os.open(pipe, os.O_RDWR), "rb")
    bench = start(f"command:{program},types=mark,per_second=1000,at_once=64")
    swallow(reader, marks)
    return bench, lambda: None


EVENTS = {
    "no bridge": lambda marks, folder, start: (Direct(marks), lambda: None), "osc": osc_sink, "web (WebSocket)": web_sink, "web (SSE)": stream_sink, "tcp": tcp_sink, "jsonl": jsonl_sink,
    "mqtt": mqtt_sink, "command": command_sink,
}


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def row(name, delays, rate, sent, got):
    def three(values):
        if not values: return "-"
        return f"{statistics.median(values):.1f} / {percentile(values, 0.95):.1f} / {max(values):.1f}"

    print(f"| {name} | {three(delays)} | {three(rate)} | {sent} | {got} |", flush=True)


def settle(marks, count, timeout=2):
    """Waits until all arrived, or nothing came for `timeout` seconds."""
    seen, since = -1, time.monotonic()
    while len(marks.delays) < count and time.monotonic() - since < timeout:
        if len(marks.delays) != seen: seen, since = len(marks.delays), time.monotonic()
        time.sleep(0.02)


def events(timbre, name, seconds):
    """One sink that tells events."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="timbre-peer-"))
    folder.chmod(0o755)
    marks = Marks()
    bench, end = EVENTS[name](marks, folder, lambda sink: Bench(timbre, sink))
    try:
        time.sleep(0.3)
        bench.speaker.marks(300, 50)
        settle(marks, 300)
        slow, marks.delays = marks.delays, []
        count = int(1000 * seconds)
        bench.speaker.marks(count, 1000)
        settle(marks, count)
        row(name, slow, marks.delays, count, len(marks.delays))
    finally:
        end()
        bench.end()
        shutil.rmtree(folder, ignore_errors=True)


def lamps(timbre, name):
    """One sink that tells states in packets of DMX."""
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    if name == "artnet":
        receiver.bind(("127.0.0.1", 0))
        sink, at = f"artnet:127.0.0.1:{receiver.getsockname()[1]}", 18
    else:
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        receiver.bind(("127.0.0.1", 5568))
        sink, at = "sacn:1,host=127.0.0.1", 126
    bench = Bench(timbre, sink + ",map=violin@1,follow=on,attack=1,release=1")
    changes, last = [], [0]

    def body():
        while True:
            packet = receiver.recv(2048)
            value = packet[at] if len(packet) > at else 0
            if value != last[0] and value in (0, 255): changes.append((time.monotonic_ns(), value))
            if value in (0, 255): last[0] = value

    thread(body)
    try:
        time.sleep(0.3)
        told = bench.speaker.flashes(200, 6.7)
        time.sleep(1.2)
        delays = [(seen - said) / 1e6 for said, (seen, _) in zip(told, changes)]
        got = len(changes)
        # Whatever happens in between, the end is right.
        bench.speaker.flashes(1001, 1000)
        time.sleep(1.2)
        row(f"{name} (packet with the new state)", delays if got == 200 else [], [], 200, got)
        print(f"  after 1,001 changes in a second the lamp is {'on, as it should be' if last[0] == 255 else 'WRONG'}", flush=True)
    finally:
        bench.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--timbre", default=str(ROOT / ".build/release/timbre"))
    parser.add_argument("--sinks", help="names of the table's rows; all without it")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--pictures", help="a folder for what the page looks like")
    arguments = parser.parse_args()
    wanted = arguments.sinks.split(",") if arguments.sinks else [*EVENTS, "artnet", "sacn", "page"]
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    print("| sink | ms at 50/s: median / 95 % / most | ms at 1,000/s | sent | arrived |\n|---|---|---|---|---|", flush=True)
    for name in wanted:
        if name in EVENTS:
            if name == "mqtt" and not (has("mosquitto") and has("mosquitto_sub")): print("mqtt: install mosquitto and mosquitto-clients"); continue
            events(arguments.timbre, name, arguments.seconds)
        elif name in ("artnet", "sacn"): lamps(arguments.timbre, name)
        elif has("chromium"): pictures(lambda streams: Bench(arguments.timbre, f"web:{free_port()}", streams), arguments.pictures)
        else: print("page: install chromium")
    print(f"load at the end {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    main()
