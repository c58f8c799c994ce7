"""The README's examples and the notebook, run as they stand."""

from __future__ import annotations

import ast
import doctest
import re
from pathlib import Path

import pytest

import timbred
from conftest import DEMO, ROOT

HERE = Path(__file__).resolve().parents[1]


def test_the_examples_of_the_readme_give_what_they_show() -> None:
    pytest.importorskip("numpy")
    failed, tried = doctest.testfile(
        str(HERE / "README.md"), module_relative=False, globs={"demo": DEMO, "timbred": timbred}
    )
    assert (failed, tried > 8) == (0, True)


def test_the_programs_of_the_readme_are_programs_and_name_what_there_is() -> None:
    blocks = re.findall(r"```python\n(.*?)```", (HERE / "README.md").read_text(), re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "timbred":
                assert hasattr(timbred, node.attr), node.attr


def test_the_question_of_the_readme_is_answered_by_duckdb(tmp_path: Path, timbre: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    pytest.importorskip("fsspec")
    from timbred.archive import Settings, job, plan

    [recording] = plan.find(str(DEMO))
    assert job.hear_whole(recording, str(tmp_path / "instruments"), Settings()).problem is None
    [query] = re.findall(r"```sql\n(.*?)```", (HERE / "README.md").read_text(), re.DOTALL)
    query = query.replace("instruments/", f"{tmp_path}/instruments/").replace("oboe", "cello").replace("> 10", "> 1")
    rows = duckdb.sql(query).fetchall()
    assert rows and rows[0][0] == "demo.flac" and rows[0][2] > 1


def test_the_notebook_runs(timbre: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    pytest.importorskip("matplotlib")
    monkeypatch.setenv("PYTHONPATH", str(HERE / "src"))
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    notebook = nbformat.read(HERE / "notebooks" / "demo.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "the notebook is kept without outputs"
    nbclient.NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(HERE / "notebooks")}}
    ).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert any("F1" in str(output) for output in outputs)
    assert ROOT.exists()
