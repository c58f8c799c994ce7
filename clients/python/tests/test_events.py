"""Lines and their dataclasses."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import timbred
from conftest import DEMO, ROOT
from timbred.events import KINDS

HERE = Path(__file__).resolve().parent


def test_dataclasses_are_those_of_the_schema() -> None:
    check = subprocess.run([sys.executable, HERE.parent / "generate_events.py", "--check"], check=False)
    assert check.returncode == 0


def test_every_example_of_the_documentation_is_read_without_loss() -> None:
    text = (ROOT / "docs" / "events.md").read_text()
    lines = re.findall(r'^\{"seq":.*\}$', text, re.MULTILINE)
    kinds = set()
    for line in lines:
        event = timbred.parse(line)
        assert event is not None
        kinds.add(event.type)
        # Whatever the line says stands in a field of the event.
        assert {name.removesuffix("_") for name in (field.name for field in fields(event))} >= (
            json.loads(line).keys() - {"type"}
        )
    assert kinds == set(KINDS)


def test_fields_of_a_later_version_are_passed_over() -> None:
    event = timbred.parse('{"seq":1,"type":"closing","reason":"x","later":[1,2]}')
    assert event == timbred.Closing(seq=1, reason="x")


def test_a_replay_gives_what_the_program_prints(timbre: Path) -> None:
    printed = subprocess.run([timbre, "replay", "-q", DEMO], stdout=subprocess.PIPE, check=True).stdout
    events = list(timbred.replay(DEMO))
    assert [timbred.parse(line) for line in printed.splitlines()] == events
    assert any(isinstance(event, timbred.On) for event in events)
