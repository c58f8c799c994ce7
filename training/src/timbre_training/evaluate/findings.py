"""Beside each finding of the papers, what the tables say: fills the column "here" of docs/systems.md from the generated pages; a later page goes before an earlier one."""

import re
from pathlib import Path

from ..errors import TrainingError

#: A claim about single instruments, by the columns of a "per instrument" table.
BY_INSTRUMENT = re.compile(r"by instrument: `(.+)` over `(.+)`")
#: The claim that the attention of families can be read.
ATTENTION = "where a family's attention lies"


def cells(line: str) -> list[str]:
    """The cells of a row of a Markdown table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def tables(text: str) -> list[list[list[str]]]:
    """All tables of a page: rows of cells, the head first, the rule below it left out."""
    blocks = re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE)
    return [[cells(line) for number, line in enumerate(block.splitlines()) if number != 1] for block in blocks]


def measured(text: str) -> dict[str, str]:
    """What a generated page says of each finding that it judges, and of where the attention of families lies."""
    found = {}
    for head, *rows in tables(text):
        if head[0] == "finding":
            found |= {row[0]: in_words(head[1:], row[1:]) for row in rows}
        elif head[:2] == ["family", "share on its own members"]:
            found[ATTENTION] = "share on its own members (if it were even): " + ", ".join(f"{name} {own} ({even})" for name, own, even, *_ in rows)
    return found


def in_words(head: list[str], row: list[str]) -> str:
    """A row of findings on one line: each figure with its interval and its verdict."""
    parts = []
    for name, value in zip(head, row):
        if name == "paper" or value in ("", "-"):
            continue
        if name.startswith("95 %"):
            parts[-1] += f" ({value})"
        elif name == "repeats":
            parts[-1] += f": **{value}**"
        else:
            parts.append(f"{name.removesuffix(' here')} {value}")
    return "; ".join(parts)


def by_instrument(texts: list[str], better: str, worse: str) -> str | None:
    """For how many instruments one system has the higher F1 on the last page that has both; names those on the smaller side. None without one."""
    for head, *rows in (table for text in reversed(texts) for table in tables(text)):
        if head[0] != "instrument" or better not in head or worse not in head:
            continue
        values = [(row[0], row[head.index(better)], row[head.index(worse)]) for row in rows if row[0] != "mean"]
        values = [(name, float(a), float(b)) for name, a, b in values if "-" not in (a, b)]
        higher, lower = [name for name, a, b in values if a > b], [name for name, a, b in values if a < b]
        word, named = ("higher", higher) if len(higher) < len(lower) else ("lower", lower)
        return f"F1 higher for {len(higher)} of {len(values)}, lower for {len(lower)}" + (f"; {word}: {', '.join(named)}" if named else "")
    return None


def fill(page: str, texts: list[str]) -> str:
    """The page with every cell under "here" made anew from the generated pages `texts`."""
    known = {name: said for text in texts for name, said in measured(text).items()}
    lines, column, met = [], None, set()
    for line in page.splitlines():
        row = cells(line) if line.startswith("|") else []
        if not row:
            column = None
        elif row[0] == "finding":
            column = row.index("here")
        elif column is not None and not set(row[0]) <= set("- "):
            named = BY_INSTRUMENT.fullmatch(row[0])
            said = by_instrument(texts, *named.groups()) if named else known.get(row[0])
            if said is None:
                raise TrainingError(f"'{row[0]}': no generated page has this finding; take the row out or write its name as there")
            met.add(row[0])
            row[column] = said
            line = "| " + " | ".join(row) + " |"
        lines.append(line)
    if lost := [name for name in known if name not in met]:
        raise TrainingError(f"the page lacks the finding '{lost[0]}' of a generated page; add its row, with the paper's figure")
    return "\n".join(lines) + "\n"


def write(page: Path, generated: list[Path]) -> None:
    """Fills a page in place."""
    try:
        page.write_text(fill(page.read_text(), [path.read_text() for path in generated if path.exists()]))
    except TrainingError as error:
        raise TrainingError(f"{page}: {error}") from error
