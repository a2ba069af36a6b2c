"""What an editor is told about each mistake: file, line, field and what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.faq.loader.folder import load_folder
from tests.unit.faq.faq_files import REFUSED, replace_in, small_faq, write_answer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_faq(tmp_path / "faq")


def problems_of(folder: Path) -> list[str]:
    return [str(problem).removeprefix(f"{folder}/") for problem in load_folder(folder).content.problems]


def test_answers_come_in_the_order_of_the_topics(folder: Path) -> None:
    content = load_folder(folder).content

    assert list(content.answers) == ["barcodes/will-not-scan", "codes/clock", "codes/rejected"]
    assert content.problems == ()
    assert content.answers["codes/rejected"].related == ("codes/clock",)
    assert content.phrasing_count == 9


# The line numbers are those of codes/clock.md: title 2, phrasings 3 to 6, reviewed 7, due 8, owner 9, sources 10.
@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('title: "My clock is wrong"', f"title: {'x' * 121}", "2: title: is longer than 120 characters"),
        ('title: "My clock is wrong"\n', "", "1: title: is missing"),
        ("owner: helpdesk", "ownr: helpdesk", "9: ownr: is not a field we know"),
        ("owner: helpdesk", "owner: helpdesk\nowner: me", "10: owner: is there twice"),
        ("  - clock on my phone is wrong\n", "", "3: phrasings: needs at least 3, there are 2"),
        ("phone shows the wrong time", "x" * 301, "5: phrasings: is longer than 300 characters"),
        ("reviewed: 2026-11-24", "reviewed: last week", "7: reviewed: write the date as 2026-11-24"),
        ("reviewed: 2026-11-24", "reviewed: 1999-01-01", "7: reviewed: is too long ago"),
        ("review_due: 2027-05-24", "review_due: 2026-11-01", "8: review_due: must be after reviewed"),
        ("review_due: 2027-05-24", "review_due: 2036-11-01", "8: review_due: must be within two years of reviewed"),
        ("https://example.org/source", "a colleague", "11: sources: is not written as it should be"),
        ("  text: Ask a person.", "  answer: codes/gone", "12: next_step.text: is missing"),
        ("next_step:", "related:\n  - codes/gone\nnext_step:", "13: related: there is no answer codes/gone"),
        ("next_step:", "related:\n  - codes/clock\nnext_step:", "13: related: leads back to this answer"),
        (
            "  text: Ask a person.",
            "  text: Ask.\n  answer: codes/gone",
            "14: next_step.answer: there is no answer codes/gone",
        ),
        ("The gist.\n\n1. First step.\n2. Second step.\n", "\n", "16: body: is empty"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_field(folder: Path, old: str, new: str, problem: str) -> None:
    replace_in(folder / "codes/clock.md", old, new)

    assert f"codes/clock.md:{problem}" in problems_of(folder)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("---\ntitle", "title", 1),
        ("  text: Ask a person.\n---\n", "  text: Ask a person.\n", 1),
        ("phone shows the wrong time", "phone: shows: the wrong time", 5),
        ("phone shows the wrong time", "*phone", 5),
        ("phone shows the wrong time", "&a phone", 5),
        ("phone shows the wrong time", "!!python/object:os.system ls", 5),
        ("phone shows the wrong time", "[" * 300, 1),
        ("phone shows the wrong time", '"never closed', 5),
    ],
)
def test_front_matter_that_cannot_be_read_is_named(folder: Path, old: str, new: str, line: int) -> None:
    replace_in(folder / "codes/clock.md", old, new)

    first = problems_of(folder)[0]

    assert first.startswith("codes/clock.md:")
    assert ": front matter: " in first
    assert int(first.split(":")[1]) >= line


@pytest.mark.parametrize("typed", ["no", "404", "2026-11-24", "null", "~", "1_000"])
def test_a_phrasing_means_what_was_typed(folder: Path, typed: str) -> None:
    write_answer(folder, "codes/typed", phrasings=("first way of asking this", "second manner", typed))

    assert load_folder(folder).content.answers["codes/typed"].phrasings[2] == typed


def test_a_phrasing_belongs_to_one_answer_whatever_its_case(folder: Path) -> None:
    write_answer(folder, "codes/again", phrasings=("Code NOT accepted", *REFUSED[1:], "something else"))

    assert problems_of(folder)[0] == (
        f'codes/rejected.md:4: phrasings: "{REFUSED[0]}" is also in {folder}/codes/again.md'
    )


def too_big(folder: Path) -> None:
    write_answer(folder, "codes/big", body="x" * 65_536)


def not_utf8(folder: Path) -> None:
    write_answer(folder, "codes/latin").write_bytes(b"---\ntitle: caf\xe9\n---\n")


def in_no_topic(folder: Path) -> None:
    write_answer(folder, "elsewhere/new")


def too_deep(folder: Path) -> None:
    write_answer(folder, "codes/more/new")


def capitals(folder: Path) -> None:
    write_answer(folder, "codes/New One")


def broken_toml(folder: Path) -> None:
    (folder / "person.toml").write_text('# who\nphrasings = ["a"\nb')


def unknown_field_in_toml(folder: Path) -> None:
    replace_in(folder / "topics.toml", 'summary = "Codes', 'summry = "Codes')


def repeated_topic(folder: Path) -> None:
    replace_in(folder / "topics.toml", 'id = "codes"', 'id = "barcodes"')


def no_topics(folder: Path) -> None:
    (folder / "topics.toml").unlink()


def ask(folder: Path, options: str, more: str = "") -> None:
    head = '[[question]]\nid = "first"\nasks = "Which?"\nabout = ["codes/clock"]\n'
    (folder / "questions.toml").write_text(f"{head}options = [{options}]\n{more}")


TO_CLOCK, TO_REJECTED = '{ says = "A", answer = "codes/clock" }', '{ says = "B", answer = "codes/rejected" }'


def question_to_nowhere(folder: Path) -> None:
    ask(folder, TO_CLOCK + ', { says = "B", answer = "codes/gone" }')


def question_to_no_question(folder: Path) -> None:
    ask(folder, TO_CLOCK + ', { says = "B", question = "gone" }')


def question_in_a_loop(folder: Path) -> None:
    ask(folder, TO_CLOCK + ', { says = "B", question = "first" }')


def question_about_what_it_does_not_reach(folder: Path) -> None:
    ask(folder, TO_REJECTED + ', { says = "C", answer = "barcodes/will-not-scan" }')


def question_with_one_option(folder: Path) -> None:
    ask(folder, TO_CLOCK)


def question_twice(folder: Path) -> None:
    more = f'[[question]]\nid = "first"\nasks = "Or?"\noptions = [{TO_CLOCK}, {TO_REJECTED}]\n'
    ask(folder, f"{TO_CLOCK}, {TO_REJECTED}", more)


def test_questions_are_read_as_they_are_written(tmp_path):
    folder = small_faq(tmp_path)
    more = f'[[question]]\nid = "second"\nasks = "Or?"\noptions = [{TO_CLOCK}, {TO_REJECTED}]\n'
    ask(folder, TO_CLOCK + ', { says = "More", question = "second" }', more)

    content = load_folder(folder).content

    assert content.problems == ()
    first, second = content.questions
    assert [one.says for one in first.options] == ["A", "More"]
    assert content.find_question(first.options[1].id) is second


def safety_without_words(folder: Path) -> None:
    (folder / "safety.toml").write_text('[emergency]\nphrasings = ["heart attack"]\n')


def safety_to_nowhere(folder: Path) -> None:
    (folder / "safety.toml").write_text('[patient_waiting]\nanswer = "codes/gone"\nphrasings = ["patient here"]\n')


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (too_big, "codes/big.md:1: file: is larger than 64 KB"),
        (not_utf8, "codes/latin.md:2: file: save the file as UTF-8"),
        (in_no_topic, "elsewhere/new.md:1: file: elsewhere is not a topic in topics.toml"),
        (too_deep, "codes/more/new.md:1: file: must be <topic>/<name>.md, in small letters, digits and hyphens"),
        (capitals, "codes/New One.md:1: file: must be <topic>/<name>.md, in small letters, digits and hyphens"),
        (broken_toml, "person.toml:3: file: is not TOML: Unclosed array"),
        (unknown_field_in_toml, "topics.toml:9: topic.summry: is not a field we know"),
        (repeated_topic, "topics.toml:1: topic.id: is there twice"),
        (no_topics, "topics.toml:1: file: is missing"),
        (question_to_nowhere, "questions.toml:5: question.options: there is no answer codes/gone"),
        (question_to_no_question, "questions.toml:5: question.options: there is no question gone"),
        (question_in_a_loop, "questions.toml:5: question.options: first asks further; two questions are the most"),
        (question_about_what_it_does_not_reach, "questions.toml:4: question.about: no option leads to codes/clock"),
        (question_with_one_option, "questions.toml:5: question.options: needs at least 2, there are 1"),
        (question_twice, "questions.toml:2: question.id: is there twice"),
        (safety_without_words, "safety.toml:1: emergency: needs an answer or a reply, and not both"),
        (safety_to_nowhere, "safety.toml:1: patient_waiting.answer: there is no answer codes/gone"),
    ],
)
def test_a_broken_file_is_named(folder: Path, spoil: Callable[[Path], None], problem: str) -> None:
    spoil(folder)

    assert problem in problems_of(folder)


def test_a_broken_answer_costs_only_itself(folder: Path) -> None:
    replace_in(folder / "codes/clock.md", "owner: helpdesk\n", "")

    content = load_folder(folder).content

    assert list(content.answers) == ["barcodes/will-not-scan", "codes/rejected"]
    assert content.answers["codes/rejected"].related == ()
    assert len(content.problems) == 1


def test_files_from_windows_editors_are_read(folder: Path) -> None:
    path = folder / "codes/clock.md"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    content = load_folder(folder).content

    assert content.problems == ()
    assert content.answers["codes/clock"].steps_text == "The gist.\n\n1. First step.\n2. Second step."


def test_hidden_files_and_readmes_are_left_out(folder: Path) -> None:
    for name in ("README.md", "_draft.md", ".swap.md", ".git/x.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("not an answer")

    assert problems_of(folder) == []
