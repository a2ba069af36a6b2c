"""A colleague on a quiet afternoon: files and functions short enough to read, names that say what they know."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.apps import ROOT

PACKAGE = ROOT / "helpdesk"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "versions" not in path.parts)
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50
EMPTY_NAMES = {"common", "helpers", "manager", "managers", "misc", "util", "utils"}
TOLD_IN_WORDS = {"service", "queries", "rules"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_no_file_holds_two() -> None:
    lengths = {_name(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert not {name: length for name, length in lengths.items() if length > MOST_LINES_OF_A_FILE}


def test_no_function_does_two_things() -> None:
    lengths = {
        f"{_name(path)}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in SOURCES
        for node in _functions(path)
    }
    assert not {name: length for name, length in lengths.items() if length > MOST_LINES_OF_A_FUNCTION}


def test_every_module_is_named_by_what_it_knows() -> None:
    assert not [_name(path) for path in SOURCES if EMPTY_NAMES & _parts(path)]


def test_packages_say_nothing_themselves() -> None:
    assert not [_name(path) for path in SOURCES if path.name == "__init__.py" and path.read_text().strip()]


def test_what_people_can_do_is_told_in_a_sentence() -> None:
    silent = [
        f"{_name(path)}: {node.name}"
        for path in SOURCES
        if TOLD_IN_WORDS & _parts(path)
        for node in ast.parse(path.read_text()).body
        if isinstance(node, Function) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not silent


def _name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def _parts(path: Path) -> set[str]:
    return set(path.relative_to(PACKAGE).with_suffix("").parts)


def _functions(source: Path) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, Function))
