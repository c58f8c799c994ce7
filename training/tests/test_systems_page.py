"""docs/systems.md names what exists: files, types, classes, configurations, commands, rows; and says what the generated pages say."""

import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from timbre_training import __main__ as training
from timbre_training.evaluate import findings
from timbre_training.clip import __main__ as clip_training
from timbre_training.clip.glimpses import GLIMPSE_ARCHITECTURES
from timbre_training.errors import TrainingError

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGE = (DOCS / "systems.md").read_text()
GENERATED = [(DOCS / name).read_text() for name in ("frame-systems.md", "clip-systems.md", "frame-starts.md")]
LINKS = [(text, target) for text, target in re.findall(r"\[([^\[\]]+)\]\(([^)]+)\)", PAGE) if not target.startswith("https:")]
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines() if not line.startswith("#")]
COMMANDS += re.findall(r"`(python -m [^`]+)`", PAGE)
PROGRAMS = {"timbre_training": training, "timbre_training.clip": clip_training}


def below(page: str, anchor: str) -> str | None:
    """What stands below the heading with an anchor."""
    for part in re.split(r"^#+ ", page, flags=re.MULTILINE)[1:]:
        heading, _, rest = part.partition("\n")
        if re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") == anchor:
            return rest
    return None


def is_in(name: str, file: Path) -> bool:
    """Whether a file declares a name, or is the file of that name."""
    if name == file.name or file.suffix == ".json" and name == file.stem:
        return True
    text, last = file.read_text(), re.escape(name.split(".")[-1])
    if file.suffix == ".swift":
        words = "struct|class|enum|protocol|case|let|var|func"
        return re.search(rf"\b({words}) {last}\b", text) is not None and re.search(rf"\b{name.split('.')[0]}\b", text) is not None
    if file.suffix == ".py":
        return re.search(rf"^\s*(class|def) {last}\b", text, re.MULTILINE) is not None
    values = json.loads(text)
    return name in values.get("systems", ()) or name == values.get("architecture")


@pytest.mark.parametrize(("text", "target"), LINKS)
def test_what_is_linked_exists_and_declares_what_it_is_linked_for(text, target):
    path, _, anchor = target.partition("#")
    file = DOCS / path
    assert file.is_file()
    if anchor:
        assert below(file.read_text(), anchor) is not None
    if text.startswith("`"):
        assert is_in(text.strip("`"), file), f"{path} declares no {text}"


@pytest.mark.parametrize(("name", "path"), [
    ("ClipArchitecture.gone", "Sources/Models/Clip/AttentionHead.swift"), ("GoneTests.parity", "Tests/PublishedModelsTests/HeadTests.swift"),
    ("Gone", "training/src/timbre_training/published/vggish.py"), ("gone", "training/configs/clip-systems.json"), ("residual", "training/configs/published/plain.json")])
def test_what_is_gone_would_be_noticed(name, path):
    assert not is_in(name, ROOT / path)


def test_every_system_is_linked_to_its_row():
    linked = 0
    for head, *rows in findings.tables(PAGE):
        if not head[0].startswith("system"):
            continue
        for title, target in (link for row in rows for link in re.findall(r"\[([^\]]+)\]\(([^)]+)\)", row[0])):
            path, _, anchor = target.partition("#")
            lines = below((DOCS / path).read_text(), anchor).splitlines()
            assert any(line.startswith((f"| {title} |", f"{title} ")) for line in lines), f"{target} has no row '{title}'"
            linked += 1
    assert linked >= 37


def test_no_system_is_left_out():
    linked = {target for _, target in LINKS}
    for file in (ROOT / "training/configs/published").glob("*.json"):
        assert f"../training/configs/published/{file.name}" in linked
        values = json.loads(file.read_text())
        assert "published_f1" not in values or f"[{values['title']}](" in PAGE
    for name in json.loads((ROOT / "training/configs/clip-systems.json").read_text())["systems"]:
        assert (f"`{name}`", "../training/configs/clip-systems.json") in LINKS
    for name in GLIMPSE_ARCHITECTURES:
        assert re.search(rf"\b{name}`", PAGE)
    rest = (ROOT / "Sources/PublishedModels/ClipArchitectures.swift").read_text().partition("shipped + [")[2].partition("]")[0]
    shipped = (ROOT / "Sources/Models/Clip/ClipArchitecture.swift").read_text().partition("shipped: [ClipArchitecture] = [")[2].partition("]")[0]
    cases = (ROOT / "Sources/PublishedModels/Frame/PublishedArchitecture.swift").read_text()
    for table, names in (("ClipArchitecture", re.findall(r"\.(\w+)", shipped + rest)), ("PublishedArchitecture", re.findall(r"^    case (\w+)", cases, re.MULTILINE))):
        assert len(names) >= 6
        for name in names:
            assert f"`{table}.{name}`" in PAGE


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_verb_and_options(command, capsys, monkeypatch):
    words = shlex.split(command)
    if words[0] == "timbre":
        offered = (ROOT / "completions/timbre.bash").read_text()
        for option in (word for word in words if word.startswith("--")):
            assert f"{words[1]},{option}" in offered
        return
    assert words[:2] == ["python", "-m"]
    monkeypatch.setattr(sys, "argv", [words[2], words[3], "--help"])
    monkeypatch.setenv("COLUMNS", "2000")
    with pytest.raises(SystemExit) as ended:
        PROGRAMS[words[2]].main()
    assert ended.value.code == 0
    offered = re.split(r"[\s\[\]{},|]+", capsys.readouterr().out)
    for before, word in zip(words[3:], words[4:]):
        if word.startswith("--") or before in ("--architecture", "--loss") or words[3] == before == "reproduce":
            assert word in offered, f"{words[3]} knows no {word}"
        if word.startswith("training/") and "NAME" not in word:
            assert (ROOT / word).exists()


def test_the_settings_that_choose_a_model_are_documented():
    settings = (DOCS / "configuration.md").read_text()
    assert "| `model` |" in below(settings, "tags") and "| `path` |" in below(settings, "model")


def test_the_findings_are_those_of_the_generated_pages():
    assert findings.fill(PAGE, GENERATED) == PAGE, "run: python -m timbre_training findings"


def test_the_papers_differences_are_those_of_the_configurations():
    of_page = {row[0]: row[1] for head, *rows in findings.tables(PAGE) if head[0] == "finding" for row in rows}
    judged = next(table for table in findings.tables(GENERATED[0]) if table[0][0] == "finding")
    for row in judged[1:]:
        assert of_page[row[0]].startswith(row[judged[0].index("paper")])


def test_of_pages_with_the_same_instruments_the_last_one_counts():
    page = "| instrument | a | b |\n| --- | --- | --- |\n| oboe | {} | 0.2 |\n"
    assert findings.by_instrument([page.format(0.3), page.format(0.1), "no table"], "a", "b").startswith("F1 higher for 0 of 1")


def test_folders_that_a_page_takes_whole_hold_its_runs_alone():
    commands = COMMANDS + re.findall(r"^python -m .*", (ROOT / "training/README.md").read_text(), re.MULTILINE)
    rows = {"W/clip/runs": ("--system NAME", "--system att_tf", "clip-glimpses.json"), "W/clip/starts": ("--system NAME",)}
    for folder, trained in rows.items():
        assert any(f"--runs {folder}/*" in command for command in commands)
        for command in commands:
            if re.search(rf"clip train .*--run {folder}/", command):
                assert any(word in command for word in trained), command


def test_a_finding_that_is_on_one_side_alone_is_named():
    page = "| finding | in the paper | here |\n|---|---|---|\n| a over b | +0.1 | |\n| by instrument: `a` over `b` | most | |\n"
    judged = "| finding | paper | F1 here | 95 % | repeats |\n| --- | --- | --- | --- | --- |\n| a over b | +0.100 | +0.2 | +0.1 to +0.3 | yes |\n"
    single = "\n| instrument | a | b |\n| --- | --- | --- |\n| oboe | 0.3 | 0.2 |\n| horn | 0.4 | 0.1 |\n| viola | 0.1 | 0.2 |\n| mean | 0.3 | 0.2 |\n"
    filled = findings.fill(page, [judged + single])
    assert "| a over b | +0.1 | F1 +0.2 (+0.1 to +0.3): **yes** |" in filled
    assert "| F1 higher for 2 of 3, lower for 1; lower: viola |" in filled
    assert findings.fill(filled, [judged + single]) == filled
    with pytest.raises(TrainingError, match="by instrument: `a` over `b`"):
        findings.fill(page, [judged])
    with pytest.raises(TrainingError, match="lacks the finding 'c over d'"):
        findings.fill(page, [judged + "| c over d | +0.1 | +0.2 | 0 to +0.3 | yes |\n" + single])
