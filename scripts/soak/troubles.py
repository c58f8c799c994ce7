"""What is done to a soaking daemon and its world: a source unplugged, a server killed, a disk full, pulled or broken."""

import asyncio
import json
import signal
import subprocess
import time


class Troubles:
    """The troubles of one `Soak`. Each coroutine makes one, undoes it, waits until all is well, and tells what it did and saw."""

    def __init__(self, soak):
        self.soak = soak

    async def disturb(self):
        """One trouble after another, each over before the next, so that what follows can be laid at its door."""
        troubles = [
            self.good_reload, self.bad_reload, self.source_lost, self.server_crashed, self.server_frozen, self.disk_full,
            self.disk_pulled, self.disk_broken, self.record_by_hand, self.mark,
        ]
        deck: list = []
        while not self.soak.ending:
            if not deck:
                deck = troubles + [self.source_lost, self.good_reload]
                self.soak.generator.shuffle(deck)
            await asyncio.sleep(self.soak.generator.uniform(0.4, 1.6) * self.soak.every)
            trouble = deck.pop()
            began = time.monotonic()
            try:
                told = await trouble()
            except (RuntimeError, subprocess.SubprocessError, OSError, TimeoutError) as error:
                if self.soak.ending or not self.soak.is_alive():
                    return
                self.soak.tally.violated(f"{trouble.__name__}: {type(error).__name__}: {error}")
                told = {"error": str(error)}
            self.act(trouble.__name__, began, told)

    def act(self, name: str, began: float, told: dict):
        line = {"at": round(began - self.soak.begun, 1), "took": round(time.monotonic() - began, 1), "what": name, **told}
        self.soak.actions.write(json.dumps(line) + "\n")
        self.soak.tally.counts["trouble " + name] += 1
        if "recovered_after" in told:
            self.soak.recoveries.setdefault(name, []).append(told["recovered_after"])

    async def good_reload(self):
        self.soak.rate = self.soak.generator.choice([5, 10, 20])
        self.soak.configure()
        self.soak.daemon.send_signal(signal.SIGHUP)
        return {"activity_rate": self.soak.rate}

    async def bad_reload(self):
        self.soak.configure(fault="[events]\nactivity_rat = 3\n[record]\nfolder")
        self.soak.daemon.send_signal(signal.SIGHUP)
        await asyncio.sleep(3)
        self.soak.configure()
        return {"recovered_after": await self.soak.wait_for("a refused reload: the sources", self.soak.heard, 30)}

    async def source_lost(self):
        sink, away = self.soak.generator.choice(["speaker", "line"]), self.soak.generator.uniform(1, 40)
        await asyncio.to_thread(self.soak.pulse.unplug, sink)
        await asyncio.sleep(away)
        await asyncio.to_thread(self.soak.pulse.plug, sink)
        return {"sink": sink, "away": round(away, 1), "recovered_after": await self.soak.wait_for("a source", self.soak.heard, 30)}

    async def server_crashed(self):
        away = self.soak.generator.uniform(1, 20)
        await asyncio.to_thread(self.soak.pulse.crash)
        await asyncio.sleep(away)
        await asyncio.to_thread(self.soak.pulse.start)
        return {"away": round(away, 1), "recovered_after": await self.soak.wait_for("the sources", self.soak.heard, 30)}

    async def server_frozen(self):
        away = self.soak.generator.uniform(1, 15)
        self.soak.pulse.freeze(True)
        await asyncio.sleep(away)
        self.soak.pulse.freeze(False)
        return {"away": round(away, 1), "recovered_after": await self.soak.wait_for("a frozen source", self.soak.heard, 30)}

    async def disk_full(self):
        away = self.soak.generator.uniform(30, 90)
        end = time.monotonic() + away
        while time.monotonic() < end and not self.soak.ending:
            # Again and again: the recorder removes old sessions to make room.
            await asyncio.to_thread(self.soak.disk.fill)
            await asyncio.sleep(1)
        await asyncio.to_thread(self.soak.disk.empty)
        return await self.recording_again(away)

    async def disk_pulled(self):
        away = self.soak.generator.uniform(30, 90)
        await asyncio.to_thread(self.soak.disk.pull)
        await asyncio.sleep(away)
        await asyncio.to_thread(self.soak.disk.mount)
        return await self.recording_again(away)

    async def disk_broken(self):
        away = self.soak.generator.uniform(5, 40)
        await asyncio.to_thread(self.soak.disk.break_down)
        await asyncio.sleep(away)

        async def mended():
            return await asyncio.to_thread(self.soak.disk.mend)

        free = await self.soak.wait_for("the broken disk: the recorder's files", mended, 60)
        # What comes later needs the disk, however late it is.
        while not self.soak.disk.is_mounted() and not self.soak.ending and self.soak.is_alive() and not await mended():
            await asyncio.sleep(1)
        return {"released_after": free, **await self.recording_again(away)}

    async def recording_again(self, away: float):
        """After a trouble with the disk the recorder, which tries every 30 s, must go on, and all sessions be whole."""
        told = {"away": round(away, 1), "recovered_after": await self.soak.wait_for("the recording", self.soak.recorded, 75)}
        return {**told, **await asyncio.to_thread(self.soak.repair)}

    async def record_by_hand(self):
        for action in ("stop", "start", "stop", "auto"):
            await self.soak.probe.ask({"command": "record", "action": action})
            await asyncio.sleep(self.soak.generator.uniform(0.5, 8))
        return {"recovered_after": await self.soak.wait_for("the recording", self.soak.recorded, 75)}

    async def mark(self):
        await self.soak.probe.ask({"command": "mark", "text": f"soak {time.monotonic():.0f}"})
        return {}
