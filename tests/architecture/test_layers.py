"""The layers of docs/architecture.md, as contracts in pyproject.toml, and what a contract cannot say."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.apps import ROOT

PACKAGE = ROOT / "helpdesk"
# These hold the request; everything else is given what it needs.
MAY_USE_THE_REQUEST = {"web", "app.py", "migrations", "jobs"}


def test_imports_go_downwards_only(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports()
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_only_web_and_app_reach_for_the_request_at_hand() -> None:
    found = [
        f"{path.relative_to(ROOT)}: from flask import {name}"
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in MAY_USE_THE_REQUEST
        for name in _imported_from_flask(path)
        if name in {"g", "current_app"}
    ]
    assert not found, "\n".join(found)


def _imported_from_flask(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "flask":
            yield from (alias.name for alias in node.names)
