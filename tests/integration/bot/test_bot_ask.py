"""The assistant on the command line."""

import json

import pytest

from helpdesk.bot.cli import ask

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def database():
    """It reads no database."""
    return "sqlite"


@pytest.fixture
def run(app):
    return lambda *arguments, lines=None: app.test_cli_runner().invoke(ask, arguments, input=lines)


def test_a_question_gives_an_answer_object(run):
    result = run("qr code wont scan")

    found = json.loads(result.output)
    assert result.exit_code == 0
    assert list(found) == ["outcome", "answers", "text"]
    assert found["outcome"] == "answer"
    assert list(found["answers"][0]) == ["id", "title", "confidence"]
    assert found["answers"][0]["id"] == "barcodes/will-not-scan"


def test_lines_are_answered_in_order(run):
    texts = ["lost my phone", "speak to a person", "hello", "wibble wobble fnord", "", "a\ud800b", "email"]

    result = run("--jsonl", lines="\n".join(json.dumps({"text": text}) for text in texts))

    outcomes = [json.loads(line)["outcome"] for line in result.output.splitlines()]
    assert outcomes == ["answer", "handover", "smalltalk", "unknown", "unknown", "unknown", "clarify"]


def test_what_is_asked_back_holds_the_options(run):
    found = json.loads(run("email").output)

    assert 2 <= len(found["answers"]) <= 3


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"text": 1}', "null"])
def test_a_broken_line_is_named(run, line):
    result = run("--jsonl", lines=f'{{"text": "hello"}}\n{line}\n')

    assert result.exit_code == 1
    assert "Line 2" in result.stderr


def test_without_a_text_it_says_what_is_missing(run):
    assert run().exit_code == 2
