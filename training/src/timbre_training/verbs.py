"""A command with verbs, each of which is a function: what the two command lines share."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from .errors import TrainingError

#: Options that many verbs have, as (name, settings of argparse).
WORK = ("--work", dict(type=Path, default=Path("training/work"), help="folder of bank, shards and features"))
RUN = ("--run", dict(type=Path, required=True, help="folder of this training run"))
TIMBRE = ("--timbre", dict(help="feature command (else $TIMBRE, else .build/release/timbre features)"))


def rendered(work: Path) -> list[str]:
    """The splits that have been rendered in a work folder."""
    splits = [split for split in ("train", "valid") if (work / split).exists()]
    if not splits:
        raise TrainingError(f"{work}: no shards in it; run `render` first, or give its folder with --work")
    return splits


class CommandLine:
    """Parses the verb, whose name is that of its function and whose help is its docstring."""

    def __init__(self, program: str, description: str):
        self.program = program
        self.parser = argparse.ArgumentParser(prog=program, description=description)
        self.verbs = self.parser.add_subparsers(required=True, metavar="verb")

    def verb(self, function: Callable[[argparse.Namespace], None], *options) -> None:
        """Adds a verb with these options."""
        sub = self.verbs.add_parser(function.__name__, help=function.__doc__)
        for name, settings in options:
            sub.add_argument(name, **settings)
        sub.set_defaults(function=function)

    def run(self) -> int:
        """Does what the arguments ask for; an error of ours is a sentence and status 1."""
        arguments = self.parser.parse_args()
        try:
            arguments.function(arguments)
        except TrainingError as error:
            print(f"{self.program}: {error}", file=sys.stderr)
            return 1
        return 0
