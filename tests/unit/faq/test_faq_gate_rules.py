"""What counts as better, as worse, and as explained, when the answers change."""

import pytest

from helpdesk.faq.loader.answer_text import AnswerText
from helpdesk.faq.loader.drafts import read_draft
from helpdesk.faq.loader.folder import files_of, load_folder
from helpdesk.faq.presenters.effects import counted_effect, shift_line
from helpdesk.faq.rules import compare, messages_to_hold, unexplained
from helpdesk.faq.types import Effect, LabelledMessage, Shift
from tests.apps import ROOT
from tests.unit.faq.faq_files import small_faq, write_answer

LOST = Shift("lost phone", "authenticators/lost-phone", "authenticators/new-phone")


@pytest.mark.parametrize(
    ("was", "now", "better", "worse"),
    [
        ("a/a", "a/a", 0, 0),
        ("b/b", "a/a", 1, 0),
        ("", "a/a", 1, 0),
        ("a/a", "b/b", 0, 1),
        ("a/a", "", 0, 1),
        ("b/b", "c/c", 0, 0),
        ("a/a", "d/d", 0, 0),
    ],
)
def test_a_message_is_better_or_worse_by_its_first_answer(was: str, now: str, better: int, worse: int) -> None:
    effect = compare([LabelledMessage("text", ("a/a", "d/d"), "plain")], [was], [now])

    assert (len(effect.better), len(effect.worse), effect.total) == (better, worse, 1)


def test_a_loss_is_told_in_a_line() -> None:
    effect = Effect((LOST,) * 12, (LOST,), 2_000)

    assert counted_effect(effect) == "12 better, 1 worse of 2,000 messages"
    assert shift_line(LOST) == "'lost phone' now goes to authenticators/new-phone (was authenticators/lost-phone)"


def test_a_reason_explains_its_own_loss_only() -> None:
    elsewhere = Shift("lost phone", "authenticators/lost-phone", "resets/ask")

    assert unexplained([LOST, elsewhere], {LOST}) == (elsewhere,)


def test_a_phrasing_that_moves_still_belongs_to_where_it_was_published(tmp_path) -> None:
    published, edited = small_faq(tmp_path / "published"), small_faq(tmp_path / "edited")
    write_answer(edited, "codes/rejected", phrasings=("the number is wrong every time", "other words", "more words"))
    write_answer(edited, "codes/clock", phrasings=("code not accepted", "phone shows the wrong time", "new words"))

    held = messages_to_hold(load_folder(published).content, load_folder(edited).content, [])

    owners = {message.text: message.ids for message in held}
    assert owners["code not accepted"] == ("codes/rejected",)
    assert owners["new words"] == ("codes/clock",)


def test_messages_that_are_never_matched_are_not_held(tmp_path) -> None:
    content = load_folder(small_faq(tmp_path / "faq")).content
    labelled = [LabelledMessage("hi", (), "chitchat"), LabelledMessage("a person", ("a/a",), "escalate")]

    assert {message.kind for message in messages_to_hold(content, content, labelled)} == {"approved"}


@pytest.mark.parametrize("path", files_of(ROOT / "faq_data"), ids=lambda path: path.stem)
def test_every_answer_is_written_as_it_was_read(path, tmp_path) -> None:
    if path.suffix != ".md":
        return
    draft, _ = read_draft(ROOT / "faq_data", path)
    assert draft is not None
    text = AnswerText.of(draft)

    copy = tmp_path / path.relative_to(ROOT / "faq_data")
    copy.parent.mkdir()
    copy.write_text(text.to_file())

    again, problems = read_draft(tmp_path, copy)
    assert problems == []
    assert again is not None
    assert AnswerText.of(again) == text


@pytest.mark.parametrize(
    "typed", ["yes: no", "# not a comment", "- item", "'quoted", '"', "&a", "no", "a #b", "c:", "{x"]
)
def test_whatever_is_typed_stays_text(typed, tmp_path) -> None:
    path = write_answer(tmp_path, "codes/clock")
    draft, _ = read_draft(tmp_path, path)
    assert draft is not None
    text = AnswerText.of(draft)

    changed = AnswerText(**{**{name: getattr(text, name) for name in text.__dataclass_fields__}, "title": typed,
                            "phrasings": (typed, "two", "three"), "next_step": typed})  # fmt: skip
    path.write_text(changed.to_file())

    again, problems = read_draft(tmp_path, path)
    assert problems == []
    assert again is not None
    assert AnswerText.of(again) == changed
