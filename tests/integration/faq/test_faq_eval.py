"""`helpdesk faq eval`: the assistant is measured on labelled messages."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import Result
from flask import Flask

from helpdesk.cli import group
from helpdesk.faq.search.sentence_model import IS_INSTALLED

SVG = "{http://www.w3.org/2000/svg}"
MESSAGES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("code not accepted", ("codes/rejected",), "plain"),
    ("invalid verification code", ("codes/rejected",), "plain"),
    ("qr code wont scan", ("barcodes/will-not-scan",), "plain"),
    ("clock on my phone is wromg", ("codes/clock",), "typo"),
    ("gribbled wobbly fnord", ("codes/clock",), "typo"),
    ("zebra crossing snorkel", (), "oos"),
    ("order more paracetamol", (), "oos"),
    ("speak to a person", (), "escalate"),
)


@pytest.fixture
def database() -> str:
    """It reads no database."""
    return "sqlite"


@pytest.fixture
def file(folder: Path) -> Path:
    """Labelled messages beside the answers."""
    return write(folder, *MESSAGES)


def write(folder: Path, *messages: tuple[str, tuple[str, ...], str]) -> Path:
    path = folder / "messages.jsonl"
    lines = (json.dumps({"text": text, "ids": ids, "kind": kind}) for text, ids, kind in messages)
    path.write_text("\n\n".join(lines))
    return path


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(group, ["faq", "eval", *arguments])


def lines_of(output: str, name: str) -> list[str]:
    """The lines that begin with this name: the run with the answers as they are comes first."""
    return [line for line in output.splitlines() if line.startswith(f"{name} ")]


@pytest.mark.usefixtures("file")
def test_it_measures_the_answers_as_they_are_and_in_folds(app: Flask) -> None:
    result = run(app)

    assert result.exit_code == 0
    assert "5 messages for us, 2 not for us, 1 for a person, 0 courtesies" in result.stdout
    assert result.stdout.index("The answers as they are\n") < result.stdout.index("Cross-validated\n")
    as_they_are, in_folds = lines_of(result.stdout, "right first")
    assert "0.800 (0.376 to 0.964) 4 of 5 messages for us" in as_they_are
    assert in_folds.endswith(" of 5 messages for us")
    assert "1.000 (0.207 to 1.000) 1 of 1 messages for a person" in lines_of(result.stdout, "led to a person")[0]
    assert "1.000 (0.342 to 1.000) 2 of 2" in lines_of(result.stdout, "out-of-scope recall")[0]


@pytest.mark.usefixtures("file")
def test_it_prints_figures_by_kind_and_by_topic(app: Flask) -> None:
    output = run(app, "--words-alone").stdout

    assert "0.500 (0.095 to 0.905)" in lines_of(output, "typo")[0]
    assert "1.000 (0.207 to 1.000)" in lines_of(output, "barcodes")[0]
    assert lines_of(output, "codes")[0].split()[1] == "4"


def test_a_message_is_not_measured_by_what_itself_taught(app: Flask, folder: Path) -> None:
    write(
        folder,
        ("gribbled fnord", ("codes/clock",), "plain"),
        ("unrelated zebra", ("codes/rejected",), "plain"),
        ("snorkel pancake", ("barcodes/will-not-scan",), "plain"),
    )

    as_they_are, in_folds = lines_of(run(app, "--words-alone").stdout, "coverage")

    assert "0 of 3" in as_they_are
    assert "0 of 3" in in_folds


def test_what_other_messages_teach_is_used_in_folds(app: Flask, folder: Path) -> None:
    twins = [(f"gribbled fnord {word}", ("codes/clock",), "plain") for word in ("zebra", "snorkel", "pancake")]
    write(folder, *twins)

    as_they_are, in_folds = lines_of(run(app, "--words-alone").stdout, "right first")

    assert "0 of 3" in as_they_are
    assert "3 of 3" in in_folds


@pytest.mark.usefixtures("file")
def test_compare_puts_other_matchers_beside_ours(app: Flask) -> None:
    output = run(app, "--compare").stdout

    for name in ("ours, words alone", "WRatio", "token_set_ratio", "BM25, whole entries"):
        assert len(lines_of(output, name)) == 2
    assert len(lines_of(output, "MiniLM-nearest")) == (2 if IS_INSTALLED else 1)
    assert ("MiniLM-nearest is left out" in output) is not IS_INSTALLED


@pytest.mark.usefixtures("file")
def test_the_picture_shows_every_message_in_a_tenth_of_confidence(app: Flask, tmp_path: Path) -> None:
    result = run(app, "--picture", str(tmp_path / "reliability.svg"))

    picture = ElementTree.parse(tmp_path / "reliability.svg").getroot()
    assert result.exit_code == 0
    assert [panel.findtext(f"{SVG}text", "")[:15] for panel in picture.findall(f"{SVG}g")] == [
        "The answers as ",
        "Cross-validated",
    ]
    for panel in picture.findall(f"{SVG}g"):
        marks = panel.findall(f"{SVG}g")
        assert len(marks) == len(panel.findall(f".//{SVG}circle")) > 0
        assert sum(int(mark.findtext(f"{SVG}text", "")) for mark in marks) == 7


@pytest.mark.usefixtures("file")
def test_a_place_that_cannot_be_drawn_to_is_said_before_anything_is_measured(app: Flask, tmp_path: Path) -> None:
    result = run(app, "--picture", str(tmp_path / "no folder" / "reliability.svg"))

    assert (result.exit_code, result.stdout) == (2, "")
    assert "No such file or directory" in result.stderr


@pytest.mark.parametrize("messages", [(), MESSAGES[:1], MESSAGES[-1:]])
def test_too_few_messages_to_learn_from_are_no_error(
    app: Flask, folder: Path, tmp_path: Path, messages: tuple[tuple[str, tuple[str, ...], str], ...]
) -> None:
    write(folder, *messages)

    result = run(app, "--compare", "--picture", str(tmp_path / "reliability.svg"))

    assert result.exit_code == 0
    assert lines_of(result.stdout, "coverage")[1].endswith("no messages            0 of 0 messages for us are answered")


@pytest.mark.usefixtures("file")
def test_progress_goes_to_the_error_stream(app: Flask) -> None:
    result = run(app)

    assert "Cross-validated: measuring part 5, 1 messages" in result.stderr
    assert "measuring part" not in result.stdout


def test_answers_that_are_not_there_are_named(app: Flask, folder: Path) -> None:
    write(folder, ("code not accepted", ("codes/gone",), "plain"))

    assert "does not have these answers, so nothing is right for them: codes/gone" in run(app).stdout


@pytest.mark.parametrize(
    ("line", "problem"),
    [("{", "messages.jsonl:2: line: "), ('{"text": "a", "ids": ["x"], "kind": "b"}', "messages.jsonl:2: ids.0: ")],
)
def test_the_line_that_cannot_be_read_is_named(app: Flask, folder: Path, line: str, problem: str) -> None:
    good = '{"text": "a", "ids": [], "kind": "oos"}'
    (folder / "messages.jsonl").write_text(f"{good}\n{line}\n")

    result = run(app)

    assert result.exit_code == 1
    assert problem in result.stderr


@pytest.mark.usefixtures("folder")
def test_without_a_file_it_says_so(app: Flask) -> None:
    result = run(app)

    assert result.exit_code == 1
    assert "No such file" in result.stderr
