"""What is recorded about a person is told in words: nobody reads `totp:replay` on a page."""

import ast
import re
from collections.abc import Iterator

from helpdesk.accounts.presenters.trail import WORDS
from helpdesk.mfa.types.resets import ResetAct
from tests.apps import ROOT

ACTION = re.compile(r"[a-z-]+:[a-z-]+")


def test_each_act_on_an_account_has_words_and_no_words_are_left_over() -> None:
    assert set(_recorded_about_people()) | set(ResetAct) == set(WORDS)


def _recorded_about_people() -> Iterator[str]:
    """The actions in each function that records something with a person as its target."""
    for path in sorted((ROOT / "helpdesk").rglob("*.py")):
        text = path.read_text()
        for function in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)):
            source = ast.get_source_segment(text, function) or ""
            if "record(" in source and 'f"person:{' in source:
                yield from (words for words in _texts(function) if ACTION.fullmatch(words))


def _texts(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
