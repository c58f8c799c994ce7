#!/usr/bin/env python3
"""Writes src/timbred/events.py from docs/events.schema.json; with --check only says whether it is up to date."""

from __future__ import annotations

import json
import keyword
import pathlib
import sys
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = HERE.parent.parent / "docs" / "events.schema.json"
TARGET = HERE / "src" / "timbred" / "events.py"

HEAD = '''"""The lines of timbred's event stream as dataclasses.

Written by generate_events.py from docs/events.schema.json; change those, not this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from .fields import Fields, Makers, each, optional

'''

#: Names of objects that stand within lines, by line and field.
NESTED = {
    ("hello", "model"): "Model",
    ("hello", "tag_model"): "Model",
    ("snapshot", "active"): "ActiveInstrument",
    ("tags", "window"): "Window",
    ("tags", "tags"): "Tag",
    ("Tag", "attention"): "Attention",
}
#: Their descriptions, where the schema has none.
ABOUT = {
    "Model": "A model by name and hash.",
    "ActiveInstrument": "An instrument that is on.",
    "Window": "What is tagged, in seconds of the stream.",
    "Tag": "The probability that an instrument sounds somewhere in the window.",
    "Attention": "Where an instrument was heard.",
}


class Generator:
    """Collects classes in the order in which they must be defined."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.definitions: dict[str, Any] = schema["$defs"]
        self.classes: dict[str, str] = {}

    def resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema that a reference means, with what stands beside the reference."""
        if "$ref" not in schema:
            return schema
        target = self.definitions[schema["$ref"].rsplit("/", 1)[1]]
        return {**target, **{key: value for key, value in schema.items() if key != "$ref"}}

    def type(self, schema: dict[str, Any], owner: str, name: str) -> tuple[str, str | None]:
        """The annotation of a value, and what makes it of the JSON; None where it is taken as it is."""
        schema = self.resolve(schema)
        if "anyOf" in schema:
            [other] = [each for each in schema["anyOf"] if each != {"type": "null"}]
            annotation, maker = self.type(other, owner, name)
            return f"{annotation} | None", maker and f"optional({maker})"
        if "enum" in schema:
            return "Literal[" + ", ".join(json.dumps(value) for value in schema["enum"]) + "]", None
        if "const" in schema:
            return "int" if isinstance(schema["const"], int) else "str", None
        match schema["type"]:
            case "integer":
                return "int", None
            case "number":
                return "float", None
            case "string":
                return "str", None
            case "boolean":
                return "bool", None
            case "array":
                annotation, maker = self.type(schema["items"], owner, name)
                return f"tuple[{annotation}, ...]", f"each({maker})" if maker else "tuple"
            case "object" if "properties" in schema:
                nested = NESTED[owner, name]
                self.add(nested, schema, ABOUT[nested])
                return nested, f"{nested}.from_fields"
            case "object" if schema.get("additionalProperties"):
                return f"dict[str, {self.type(schema['additionalProperties'], owner, name)[0]}]", None
            case "object":
                return "dict[str, Any]", None
        raise ValueError(f"{owner}.{name}: {schema} is not known here")

    def add(self, name: str, schema: dict[str, Any], about: str, kind: str | None = None) -> None:
        """Writes a class, after those that it needs."""
        if name in self.classes:
            return
        fields: list[tuple[bool, str, str, str]] = []
        makers: dict[str, str] = {}
        for key, value in schema["properties"].items():
            if key == "type":
                continue
            required = key in schema["required"]
            annotation, maker = self.type(value, kind or name, key)
            python = key + "_" if keyword.iskeyword(key) else key
            if not required and not annotation.endswith("| None"):
                annotation += " | None"
                maker = maker and f"optional({maker})"
            if maker:
                makers[python] = maker
            fields.append((required, python, annotation, self.resolve(value).get("description", "")))
        fields.sort(key=lambda field: not field[0])
        lines = ["@dataclass(frozen=True, slots=True)", f"class {name}(Fields):", f'    """{about}"""', ""]
        for required, python, annotation, about_field in fields:
            if about_field:
                lines.append(f"    #: {about_field}")
            lines.append(f"    {python}: {annotation}" + ("" if required else " = None"))
        if kind:
            lines.append(f'    type: ClassVar[Literal["{kind}"]] = "{kind}"')
        if makers:
            inner = ", ".join(f'"{python}": {maker}' for python, maker in makers.items())
            lines.append(f"    MAKERS: ClassVar[Makers] = {{{inner}}}")
        self.classes[name] = "\n".join([*lines, ""])

    def text(self) -> str:
        kinds = [entry["$ref"].rsplit("/", 1)[1] for entry in json.loads(SCHEMA.read_text())["oneOf"]]
        names = {kind: kind.capitalize() for kind in kinds}
        for kind in kinds:
            definition = self.definitions[kind]
            self.add(names[kind], definition, definition["description"], kind)
        union = "Event: TypeAlias = (\n    " + "\n    | ".join(names.values()) + "\n)\n"
        table = "KINDS: Mapping[str, type[Event]] = {\n"
        table += "".join(f'    "{kind}": {name},\n' for kind, name in names.items()) + "}\n"
        exported = [*self.classes, "Event", "KINDS"]
        everything = "__all__ = [\n" + "".join(f'    "{name}",\n' for name in exported) + "]\n"
        body = "\n\n".join(self.classes.values())
        about = "#: A line of any kind.\n"
        return f"{HEAD}{everything}\n\n{body}\n\n{about}{union}\n#: The class of every kind of line.\n{table}"


def main() -> int:
    text = Generator(json.loads(SCHEMA.read_text())).text()
    if "--check" in sys.argv[1:]:
        if TARGET.read_text() == text:
            return 0
        print(f"{TARGET} is out of date: run clients/python/generate_events.py", file=sys.stderr)
        return 1
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
