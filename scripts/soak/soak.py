#!/usr/bin/python3
"""Lets timbred run for hours in a world that keeps breaking, and fails when it loses its way or grows.

soak.py [--hours H] [--seed N] [--results FOLDER]: see docs/reliability.md. It needs root, for it mounts a disk of its
own on a loop device, and PulseAudio. It ends with 0 when every promise held and nothing grew, 1 when not. The folder of
results holds samples.csv (a line a minute), actions.jsonl (what was done and how it ended), timbred.log and summary.json,
and is complete after each minute, so that a run that is cut short can be read too.
"""

import argparse
import asyncio
import csv
import json
import os
import pathlib
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from clients import Crowd, Probe, Tally
from judge import judge
from troubles import Troubles
from world import Disk, PulseServer

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
STREAMS = ("main", "line")
FIELDS = [
    "seconds", "memory_mb", "descriptors", "threads", "cpu_percent", "heard_seconds", "cpu_of_heard_percent", "delay_ms", "worst_delay_ms",
    "wall_offset_ms", "answer_ms", "lateness_ms", "load", "clients", "sessions", "free_mb", "events", "violations",
]


def total(metrics: str, name: str) -> float:
    """The sum over all lines of the metrics that begin so."""
    return sum(float(line.rsplit(" ", 1)[1]) for line in metrics.splitlines() if line.startswith(name))


def heard_seconds(metrics: str) -> float:
    """Seconds of sound that were analysed since the start, over both sources."""
    passed_over = total("\n".join(line for line in metrics.splitlines() if 'cause="overload"' in line), "timbred_source_lost_frames_total")
    return (total(metrics, "timbred_source_frames_total") - passed_over) / PulseServer.RATE


class Soak:
    """One run: the daemon, its world, and the figures."""

    def __init__(self, arguments):
        self.seconds = arguments.hours * 3600
        self.every = arguments.trouble_seconds
        self.generator = random.Random(arguments.seed)
        self.results = pathlib.Path(arguments.results).resolve()
        self.results.mkdir(parents=True, exist_ok=True)
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="timbre-soak-"))
        self.socket = str(self.directory / "timbred.sock")
        self.configuration = self.directory / "timbred.conf"
        self.tally = Tally()
        self.pulse = PulseServer(self.directory, ROOT / "demo/demo.flac")
        self.disk = Disk(self.directory)
        self.program = self._copy_of_programs()
        self.rate = 20
        self.daemon: subprocess.Popen | None = None
        self.samples: list[dict] = []
        self.actions = open(self.results / "actions.jsonl", "w", buffering=1)
        self.recoveries: dict[str, list[float]] = {}
        self.lateness: list[float] = []
        self.heard_before: float | None = None
        self.ending = False

    def _copy_of_programs(self) -> pathlib.Path:
        """The programs as they are now: a build in the hours to come shall not change them."""
        share = self.directory / "share/timbred/models"
        share.mkdir(parents=True)
        for name in ("timbred", "timbre"):
            shutil.copy2(ROOT / ".build/release" / name, self.directory / name)
        for file in (ROOT / "models").glob("*.safetensors"):
            shutil.copy2(file, share)
        return self.directory / "timbred"

    # The daemon

    def configure(self, fault: str = ""):
        models = self.directory / "share/timbred/models"
        self.configuration.write_text(
            f"""{fault}
[[stream]]
name = main
source = pulse:speaker.monitor
[[stream]]
name = line
source = pulse:line.monitor
channels = 1
[model]
path = {models}/default.safetensors
[tags]
model = {models}/clip.safetensors
[socket]
path = {self.socket}
lag_seconds = 45
[events]
activity_rate = {self.rate}
[record]
folder = {self.disk.sessions}
always = yes
before_seconds = 3
after_seconds = 3
part_minutes = 0.7
keep_days = 0.01
maximum_megabytes = 80
minimum_free_megabytes = 4
when_full = remove_oldest
[realtime]
priority = 0
""")

    async def start(self):
        await asyncio.to_thread(self.disk.make)
        await asyncio.to_thread(self.pulse.start)
        self.configure()
        log = open(self.results / "timbred.log", "w")
        self.daemon = subprocess.Popen(
            [str(self.program), "--config", str(self.configuration)], env=self.pulse.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        for _ in range(600):
            if os.path.exists(self.socket):
                return
            await asyncio.sleep(0.1)
        raise RuntimeError("timbred did not open its socket within a minute")

    def is_alive(self) -> bool:
        return self.daemon.poll() is None

    # Watching

    def process_figures(self) -> dict:
        folder = pathlib.Path(f"/proc/{self.daemon.pid}")
        status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
        fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        ticks = int(fields[11]) + int(fields[12])
        return {
            "memory": int(status["VmRSS"].split()[0]) / 1024,
            "threads": int(status["Threads"]),
            "descriptors": len(os.listdir(folder / "fd")),
            "cpu": ticks / os.sysconf("SC_CLK_TCK"),
        }

    async def sample(self, begun: float, before: dict, since: float) -> dict:
        figures = self.process_figures()
        now = time.monotonic()
        answer = clients = heard = None
        try:
            answer = await self.probe.answer_seconds() * 1000
            metrics = (await self.probe.ask({"command": "metrics"}))[0]["metrics"]
            clients = int(total(metrics, "timbred_clients "))
            heard = heard_seconds(metrics)
            figures["descriptors"] = self.process_figures()["descriptors"]
        except (TimeoutError, ConnectionError) as error:
            self.tally.violated(f"no answer to status or metrics within 30 s: {type(error).__name__}")
        # A device's clock is not the machine's: within a minute they hardly part, over hours they do.
        delays = self.tally.take_delays()
        lateness, self.lateness = self.lateness, []
        soonest = min(delays, default=0)
        try:
            sessions, free = len(os.listdir(self.disk.sessions)), self.disk.free() / 1e6
        except OSError:
            sessions, free = None, None
        counts = self.tally.counts
        cpu = figures["cpu"] - before["cpu"]
        fresh = heard - self.heard_before if heard is not None and self.heard_before is not None else None
        self.heard_before = heard
        return {
            "seconds": round(now - begun, 1),
            "memory_mb": round(figures["memory"], 2),
            # A connection is a descriptor each; what is left must not grow.
            "descriptors": figures["descriptors"] - (clients or 0) if clients is not None else None,
            "threads": figures["threads"],
            "cpu_percent": round(100 * cpu / (now - since), 3),
            "heard_seconds": round(fresh, 1) if fresh is not None else None,
            # What the daemon did not hear, for want of a source or of processor time, it did no work for.
            "cpu_of_heard_percent": round(100 * cpu / fresh, 3) if fresh is not None and fresh > 10 else None,
            "delay_ms": round((statistics.median(delays) - soonest) * 1000, 2) if delays else None,
            "worst_delay_ms": round((max(delays) - soonest) * 1000, 1) if delays else None,
            "wall_offset_ms": round(statistics.median(delays) * 1000, 2) if delays else None,
            "answer_ms": round(answer, 3) if answer is not None else None,
            "lateness_ms": round(statistics.median(lateness) * 1000, 3) if lateness else None,
            "load": round(os.getloadavg()[0], 2),
            "clients": clients, "sessions": sessions, "free_mb": round(free, 1) if free is not None else None,
            "events": counts["on"] + counts["off"], "violations": len(self.tally.violations),
        }

    async def feel(self):
        """Measures how late this machine wakes whoever sleeps at our priority: no line can be sooner than that."""
        while not self.ending:
            asleep = time.monotonic()
            await asyncio.sleep(0.05)
            self.lateness.append(time.monotonic() - asleep - 0.05)

    async def watch(self, begun: float):
        """Samples once a minute and keeps the results readable."""
        with open(self.results / "samples.csv", "w", buffering=1, newline="") as file:
            writer = csv.DictWriter(file, FIELDS)
            writer.writeheader()
            number = 0
            while not self.ending:
                before, since = self.process_figures(), time.monotonic()
                number += 1
                await asyncio.sleep(max(1, begun + 60 * number - time.monotonic()))
                if not self.is_alive():
                    return
                sample = await self.sample(begun, before, since)
                self.samples.append(sample)
                writer.writerow(sample)
                self.summarize(complete=False)

    async def keep_playing(self):
        while not self.ending:
            await asyncio.to_thread(self.pulse.keep_playing)
            await asyncio.sleep(1)

    # What a trouble waits for

    async def wait_for(self, what: str, condition, limit: float) -> float:
        """Seconds until the condition holds; past the limit that is a broken promise."""
        began = time.monotonic()
        while not await condition():
            if self.ending or not self.is_alive():
                return 0
            if time.monotonic() - began > limit:
                self.tally.violated(f"{what} did not come back within {limit:.0f} s")
                break
            await asyncio.sleep(0.25)
        return round(time.monotonic() - began, 2)

    async def heard(self) -> bool:
        return all(self.tally.health.get(stream) in ("running", "silent") for stream in STREAMS)

    async def recorded(self) -> bool:
        reply, _ = await self.probe.ask({"command": "record", "action": "status"})
        return all(source["state"] == "recording" for source in reply["recordings"])

    def repair(self) -> dict:
        """Mends what the trouble left open. Every session must be in order then, or be the one that is recorded."""
        if not self.disk.is_mounted():
            raise RuntimeError("the disk is not mounted, so its sessions cannot be mended")
        answer = subprocess.run(
            [str(self.directory / "timbre"), "sessions", "repair", str(self.disk.sessions)], capture_output=True, text=True,
            timeout=120)
        lines = answer.stdout.splitlines()
        if answer.returncode != 0:
            refused = [line for line in (answer.stdout + answer.stderr).splitlines() if "in order" not in line]
            self.tally.violated(f"sessions repair ended with {answer.returncode}: {' | '.join(refused)[:400]}")
        return {"sessions": len(lines), "mended": sum("closed it" in line for line in lines)}

    # The end

    def summarize(self, complete: bool, **more):
        verdicts = judge(self.samples)
        summary = {
            "complete": complete, "hours": round((time.monotonic() - self.begun) / 3600, 3), "version": self.version,
            "verdicts": verdicts, "violations": self.tally.violations, "counts": dict(sorted(self.tally.counts.items())),
            "recoveries": {
                name: {"times": len(values), "median_s": statistics.median(values), "most_s": max(values)}
                for name, values in sorted(self.recoveries.items())
            },
            **more,
        }
        partial = self.results / "summary.json.new"
        partial.write_text(json.dumps(summary, indent=1) + "\n")
        partial.rename(self.results / "summary.json")
        return summary

    async def run(self) -> bool:
        self.version = subprocess.run(
            ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--tags"], capture_output=True, text=True
        ).stdout.strip()
        self.begun = time.monotonic()
        await self.start()
        self.probe = Probe(self.socket, self.tally)
        crowd = Crowd(self.socket, self.tally, self.generator)
        begun = self.begun = time.monotonic()
        work = [asyncio.create_task(job) for job in (
            self.probe.run(), self.watch(begun), self.keep_playing(), self.feel())]
        await self.wait_for("the first sound", self.heard, 60)
        work += crowd.tasks() + [asyncio.create_task(Troubles(self).disturb())]
        while time.monotonic() - begun < self.seconds and self.is_alive():
            await asyncio.sleep(1)
            for task in [task for task in work if task.done() and task.exception()]:
                self.tally.violated(f"a task of the harness ended: {task.exception()!r}")
                work.remove(task)
        self.ending = self.probe.ending = crowd.ending = True
        more = {"daemon_died": None}
        if self.is_alive():
            self.daemon.send_signal(signal.SIGTERM)
            asked = time.monotonic()
            try:
                status = await asyncio.to_thread(self.daemon.wait, 20)
            except subprocess.TimeoutExpired:
                status = "none within 20 s"
            more |= {"exit_status": status, "exit_seconds": round(time.monotonic() - asked, 2)}
            if status != 0 or more["exit_seconds"] > 2:
                self.tally.violated(f"SIGTERM: status {status} after {more['exit_seconds']} s")
        else:
            more["daemon_died"] = self.daemon.returncode
            self.tally.violated(f"timbred ended by itself, with {self.daemon.returncode}")
        for task in work:
            task.cancel()
        if self.disk.is_mounted():
            more["sessions"] = await asyncio.to_thread(self.repair)
        summary = self.summarize(complete=True, **more)
        return not self.tally.violations and not any(verdict["grows"] for verdict in summary["verdicts"])

    def close(self):
        if self.daemon and self.is_alive():
            self.daemon.kill()
            self.daemon.wait()
        self.pulse.close()
        self.disk.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--hours", type=float, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trouble-seconds", type=float, default=60, help="between two troubles, on average")
    parser.add_argument("--results", default=ROOT / ".build/soak")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        print("soak: it mounts a disk of its own on a loop device and so needs root", file=sys.stderr)
        return 77
    if os.environ.get("TIMBRE_SOAK_APART") != "1":
        # In a mount namespace of its own: others that are made meanwhile would hold the disk's mount, and so the disk, for as long as they last.
        apart = ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv]
        os.execvpe(apart[0], apart, dict(os.environ, TIMBRE_SOAK_APART="1"))
    soak = Soak(arguments)
    # A stop asked from outside ends the run in order, with its figures.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: setattr(soak, "seconds", 0))
    try:
        good = asyncio.run(soak.run())
    finally:
        soak.close()
    for violation in soak.tally.violations:
        print(f"soak: {violation}")
    for verdict in judge(soak.samples):
        print(
            f"soak: {verdict['figure']:12} median {verdict['median']:.4g} {verdict['unit']}, "
            f"{verdict['slope_per_hour']:+.3g} an hour{', IT GROWS' if verdict['grows'] else ''}")
    print(f"soak: {'passed' if good else 'FAILED'}; the results are in {soak.results}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
