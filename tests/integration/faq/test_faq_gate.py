"""A change is held against the labelled messages before anybody is given it."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from helpdesk.faq.cli import faq
from tests.unit.faq.faq_files import CLOCK, small_faq, write_answer

STOLEN = ("the code I typed was rejected", "it says the code is invalid", "code rejected again")


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(faq, arguments)


def label(folder: Path, *texts: str, answer_id: str = "codes/rejected") -> None:
    rows = [json.dumps({"text": text, "ids": [answer_id], "kind": "plain"}) + "\n" for text in texts]
    (folder / "messages.jsonl").write_text("".join(rows))


@pytest.fixture
def held(folder: Path) -> Path:
    """The FAQ in use, with three labelled messages that it answers rightly."""
    write_answer(folder, "codes/rejected", "My code is refused", ("code was rejected", "code is invalid", "bad number"))
    label(folder, *STOLEN)
    return folder


@pytest.fixture
def edited(held: Path, tmp_path: Path) -> Path:
    """A copy in which another answer claims the very words of the three."""
    copy = shutil.copytree(held, tmp_path / "edited")
    write_answer(copy, "codes/clock", "My clock is wrong", (*CLOCK, *STOLEN))
    return copy


def test_an_edit_that_steals_three_labelled_messages_is_refused_and_shows_exactly_those(
    app: Flask, edited: Path
) -> None:
    result = run(app, "check", str(edited))

    assert result.exit_code == 1
    assert [line for line in result.stdout.splitlines() if "now goes to" in line] == [
        f"  '{text}' now goes to codes/clock (was codes/rejected)" for text in STOLEN
    ]
    assert "0 better, 3 worse of" in result.stdout


def test_a_loss_that_is_explained_passes_from_then_on(app: Flask, edited: Path) -> None:
    accepted = run(app, "check", str(edited), "--accept", "The clock is the cause each time")
    again = run(app, "check", str(edited))

    assert (accepted.exit_code, again.exit_code) == (0, 0)
    assert again.stdout.count("(explained)") == 3
    kept = [json.loads(line) for line in (edited / "accepted_losses.jsonl").read_text().splitlines()]
    assert [row["text"] for row in kept] == list(STOLEN)
    assert {row["reason"] for row in kept} == {"The clock is the cause each time"}


def test_the_folder_in_use_is_compared_with_its_last_good_state(app: Flask, held: Path) -> None:
    assert run(app, "check").exit_code == 0
    write_answer(held, "codes/clock", "My clock is wrong", (*CLOCK, *STOLEN))

    refused = run(app, "check")

    assert refused.exit_code == 1
    assert "0 better, 3 worse of" in refused.stdout
    assert run(app, "check").exit_code == 1  # a refused state never becomes the good one
    write_answer(held, "codes/clock", "My clock is wrong", CLOCK)
    assert run(app, "check").exit_code == 0


def test_moving_an_approved_phrasing_has_to_be_explained(app: Flask, folder: Path, tmp_path: Path) -> None:
    copy = small_faq(tmp_path / "edited")
    write_answer(copy, "codes/rejected", "My code is refused", ("the number is wrong every time", "xyzzy", "plugh"))
    write_answer(copy, "codes/clock", "My clock is wrong", (*CLOCK, "invalid verification code"))

    result = run(app, "check", str(copy))

    assert result.exit_code == 1
    assert "'invalid verification code' now goes to codes/clock (was codes/rejected)" in result.stdout


def test_a_better_edit_is_counted_and_passes(app: Flask, held: Path, edited: Path) -> None:
    shutil.copytree(held, edited, dirs_exist_ok=True)
    label(held, "the hedgehog ate my token", answer_id="codes/clock")
    label(edited, "the hedgehog ate my token", answer_id="codes/clock")
    write_answer(edited, "codes/clock", "My clock is wrong", (*CLOCK, "hedgehog ate a token"))

    result = run(app, "check", str(edited))

    assert result.exit_code == 0
    assert " better, 0 worse of " in result.stdout


def test_labelled_messages_that_cannot_be_read_are_named(app: Flask, edited: Path) -> None:
    (edited / "messages.jsonl").write_text("{\n")

    result = run(app, "check", str(edited))

    assert result.exit_code == 1
    assert "messages.jsonl:1" in result.stderr
