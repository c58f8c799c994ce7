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

    def type(self, schema: dict[str, Any], owner: str, name: str, access: str) -> tuple[str, str]:
        """The annotation of a value, and the expression that makes it of the JSON that `access` has."""
        schema = self.resolve(schema)
        if "anyOf" in schema:
            [other] = [each for each in schema["anyOf"] if each != {"type": "null"}]
            annotation, expression = self.type(other, owner, name, access)
            if expression != access:
                expression = f"None if {access} is None else {expression}"
            return f"{annotation} | None", expression
        if "enum" in schema:
            return "Literal[" + ", ".join(json.dumps(value) for value in schema["enum"]) + "]", access
        if "const" in schema:
            return "int" if isinstance(schema["const"], int) else "str", access
        match schema["type"]:
            case "integer":
                return "int", access
            case "number":
                return "float", access
            case "string":
                return "str", access
            case "boolean":
                return "bool", access
            case "array":
                annotation, expression = self.type(schema["items"], owner, name, "item")
                made = access if expression == "item" else f"[{expression} for item in {access}]"
                return f"tuple[{annotation}, ...]", f"tuple({made})"
            case "object" if "properties" in schema:
                nested = NESTED[owner, name]
                self.add(nested, schema, ABOUT[nested])
                return nested, f"{nested}.from_fields({access})"
            case "object" if schema.get("additionalProperties"):
                annotation, _ = self.type(schema["additionalProperties"], owner, name, access)
                return f"dict[str, {annotation}]", access
            case "object":
                return "dict[str, Any]", access
        raise ValueError(f"{owner}.{name}: {schema} is not known here")

    def add(self, name: str, schema: dict[str, Any], about: str, kind: str | None = None) -> None:
        """Writes a class, after those that it needs."""
        if name in self.classes:
            return
        fields: list[tuple[bool, str, str, str, str]] = []
        for key, value in schema["properties"].items():
            if key == "type":
                continue
            required = key in schema["required"]
            access = f'fields["{key}"]'
            annotation, expression = self.type(value, kind or name, key, access)
            if not required:
                simple = f'fields.get("{key}")'
                expression = simple if expression == access else f"None if {simple} is None else {expression}"
                if not annotation.endswith("| None"):
                    annotation += " | None"
            about_field = self.resolve(value).get("description", "")
            python = key + "_" if keyword.iskeyword(key) else key
            fields.append((required, python, annotation, expression, about_field))
        fields.sort(key=lambda field: not field[0])
        lines = ["@dataclass(frozen=True, slots=True)", f"class {name}:", f'    """{about}"""', ""]
        for required, python, annotation, _, about_field in fields:
            if about_field:
                lines.append(f"    #: {about_field}")
            lines.append(f"    {python}: {annotation}" + ("" if required else " = None"))
        if kind:
            lines.append(f'    type: ClassVar[Literal["{kind}"]] = "{kind}"')
        lines += [
            "",
            "    @classmethod",
            f"    def from_fields(cls, fields: Mapping[str, Any]) -> {name}:",
            '        """Takes the fields of a line; those that it does not know are passed over."""',
            "        return cls(",
        ]
        lines += [f"            {python}={expression}," for _, python, _, expression, _ in fields]
        lines += ["        )", ""]
        self.classes[name] = "\n".join(lines)

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
