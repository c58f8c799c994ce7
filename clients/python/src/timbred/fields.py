"""Dataclasses from the fields of a JSON object: the base of the generated classes of `events`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Self, TypeAlias

__all__ = ["Fields", "Makers", "each", "optional"]

Maker: TypeAlias = Callable[[Any], Any]
#: By field, what makes its value of the JSON.
Makers: TypeAlias = Mapping[str, Maker]


def each(make: Maker) -> Maker:
    """Converts a list to a tuple, element by element."""

    def made(items: Iterable[Any]) -> tuple[Any, ...]:
        return tuple([make(item) for item in items])

    return made


def optional(make: Maker) -> Maker:
    """Converts a value unless it is null, which becomes None."""
    return lambda value: None if value is None else make(value)


class Fields:
    """Base class without fields; a field whose name is a Python keyword has a trailing underscore."""

    __slots__ = ()
    #: Fields that are not in `MAKERS` are taken as they are.
    MAKERS: ClassVar[Makers] = {}

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Self:
        """Creates an instance from the fields of a line; unknown fields are ignored.

        Raises KeyError where one is missing that has no default, TypeError or AttributeError where one has another form.
        """
        values: dict[str, Any] = {}
        for field in dataclasses.fields(cls):  # type: ignore[arg-type]
            key = field.name.rstrip("_")
            if key in fields or field.default is dataclasses.MISSING:
                make = cls.MAKERS.get(field.name)
                values[field.name] = make(fields[key]) if make else fields[key]
        return cls(**values)
