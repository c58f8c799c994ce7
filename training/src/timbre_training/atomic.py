"""A file that is there whole or not at all: a killed program leaves no half of it under its name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def atomically(path: Path) -> Iterator[BinaryIO]:
    """Opens `path` for writing; what stood there is replaced once all has been written."""
    part = path.with_name(f"{path.name}.part")
    with open(part, "wb") as file:
        yield file
    part.rename(path)
