"""The soak's judge must turn red for what grows, and its clients for what is broken; run by scripts/test with unittest."""

import os
import pathlib
import random
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from clients import Client, Tally  # noqa: E402
from judge import judge  # noqa: E402
from soak import heard_seconds  # noqa: E402
from world import Disk  # noqa: E402


def samples(minutes: int, leak_per_hour: float = 0.0, figure: str = "memory_mb") -> list[dict]:
    generator = random.Random(7)
    result = []
    for minute in range(1, minutes + 1):
        sample = {
            "seconds": minute * 60.0, "memory_mb": 60 + generator.gauss(0, 0.4), "descriptors": 24 + generator.choice([0, 2, 3]),
            "threads": 9, "cpu_of_heard_percent": 3 + generator.gauss(0, 0.3), "delay_ms": 40 + generator.gauss(0, 4),
            "answer_ms": 3 + generator.gauss(0, 1), "wall_offset_ms": 5 - minute * 0.3 + generator.gauss(0, 4),
        }
        sample[figure] += leak_per_hour * minute / 60
        result.append(sample)
    return result


def growing(found: list[dict]) -> list[str]:
    return [verdict["figure"] for verdict in found if verdict["grows"]]


class JudgeTests(unittest.TestCase):
    def test_noise_does_not_grow(self):
        self.assertEqual(growing(judge(samples(120))), [])

    def test_each_figure_can_fail(self):
        for figure, leak in [
            ("memory_mb", 2), ("descriptors", 2), ("threads", 1), ("cpu_of_heard_percent", 1), ("delay_ms", 12), ("answer_ms", 4), ("wall_offset_ms", 1200)
        ]:
            self.assertEqual(growing(judge(samples(120, leak, figure))), [figure])

    def test_growth_before_the_warm_up_ends_is_forgiven(self):
        some = samples(120)
        for sample in some[:14]:
            sample["memory_mb"] -= 40
        self.assertEqual(growing(judge(some)), [])

    def test_what_follows_the_machines_load_is_forgiven_and_what_does_not_is_not(self):
        generator = random.Random(3)
        for own, expected in [(0, []), (60, ["delay_ms"])]:
            some = samples(120, own, "delay_ms")
            for sample in some:
                sample["lateness_ms"] = 1 + sample["seconds"] / 600 + generator.random()
                sample["delay_ms"] += 20 * sample["lateness_ms"]
            # Load that comes and goes can be told from time; load that only grows cannot.
            for sample in some[40:80]:
                sample["delay_ms"] -= 20 * (sample["lateness_ms"] - 1)
                sample["lateness_ms"] = 1
            self.assertEqual(growing(judge(some)), expected)

    def test_missing_values_are_left_out(self):
        some = samples(120, 2)
        some[40]["memory_mb"] = None
        self.assertEqual(growing(judge(some)), ["memory_mb"])


class HeardTests(unittest.TestCase):
    def test_what_was_passed_over_was_not_heard(self):
        metrics = (
            'timbred_source_frames_total{source="main"} 88200\ntimbred_source_frames_total{source="line"} 44100\n'
            'timbred_source_lost_frames_total{source="main",cause="overload"} 22050\n'
            'timbred_source_lost_frames_total{source="main",cause="reopened"} 441000\n')
        self.assertEqual(heard_seconds(metrics), 2.5)


class DiskTests(unittest.TestCase):
    def test_what_is_not_mounted_is_not_filled(self):
        with tempfile.TemporaryDirectory() as folder:
            disk = Disk(pathlib.Path(folder))
            disk.mount_point.mkdir()
            with self.assertRaises(RuntimeError):
                disk.fill()
            self.assertEqual(os.listdir(disk.mount_point), [])


class ClientTests(unittest.TestCase):
    def check(self, *lines: dict) -> list[str]:
        tally = Tally()
        client = Client("one", "", tally)
        for line in lines:
            client._check(line, 0)
        return tally.violations

    def on(self, seq: int, kind: str = "on") -> dict:
        return {"seq": seq, "type": kind, "stream": "main", "instrument": "cello"}

    def snapshot(self, seq: int) -> dict:
        return {"seq": seq, "type": "snapshot", "active": [], "health": {}}

    def test_a_whole_story_is_accepted(self):
        self.assertEqual(
            self.check(
                {"seq": 1, "type": "hello"}, self.snapshot(2), self.on(3), self.on(4, "off"),
                {"seq": 8, "type": "lagged", "skipped": 3, "from": 5, "to": 7}, self.snapshot(9), self.on(10)),
            [])

    def test_a_lagged_that_names_too_few_is_seen(self):
        self.assertEqual(
            len(self.check(
                {"seq": 1, "type": "hello"}, self.snapshot(2),
                {"seq": 8, "type": "lagged", "skipped": 3, "from": 5, "to": 7})), 1)

    def test_a_hole_is_seen(self):
        self.assertEqual(len(self.check({"seq": 1, "type": "hello"}, self.snapshot(3))), 1)

    def test_an_unannounced_end_and_a_second_beginning_are_seen(self):
        self.assertEqual(len(self.check({"seq": 1, "type": "hello"}, self.snapshot(2), self.on(3, "off"))), 1)
        self.assertEqual(len(self.check({"seq": 1, "type": "hello"}, self.snapshot(2), self.on(3), self.on(4))), 1)


if __name__ == "__main__":
    unittest.main()
