"""The editors' pages: which answers need a look, what a change does, and who changed what before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from flask import url_for
from markupsafe import Markup

from helpdesk.faq.presenters.effects import NOTHING, counted_effect
from helpdesk.faq.presenters.pages import Link
from helpdesk.faq.types import Answer, Library, Shift
from helpdesk.web.filters import day, moment

if TYPE_CHECKING:
    from helpdesk.faq.models import FaqRevision
    from helpdesk.faq.service.editing import Change


@dataclass(frozen=True)
class Row:
    """An answer in the list, and when its facts have to be checked again."""

    answer: Link
    topic: str
    due: str
    is_overdue: bool


@dataclass(frozen=True)
class OverviewPage:
    """Every answer, overdue ones first, and what is wrong with the files."""

    rows: tuple[Row, ...]
    summary: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Move:
    """A message and the titles of the answers between which it moves."""

    text: str
    now: str
    was: str


@dataclass(frozen=True)
class Preview:
    """What publishing would do."""

    html: Markup
    counted: str
    worse: tuple[Move, ...]
    better: tuple[Move, ...]
    better_heading: str


@dataclass(frozen=True)
class Version:
    """One kept state of the answer."""

    text: str
    reason: str
    restore_url: str


@dataclass(frozen=True)
class EditPage:
    """The form around one answer."""

    title: str
    url: str
    notice: str
    # What stands in the file now, when somebody else changed it meanwhile.
    theirs: str
    preview: Preview | None
    versions: tuple[Version, ...]


def overview_page(library: Library, today: date) -> OverviewPage:
    """The list with which an editor begins."""
    answers = sorted(library.answers.values(), key=lambda one: (one.review_due, one.id))
    overdue = sum(one.review_due < today for one in answers)
    counted = {0: "No review is overdue", 1: "1 review is overdue"}.get(overdue, f"{overdue} reviews are overdue")
    return OverviewPage(
        rows=tuple(_row(library, one, today) for one in answers),
        summary=f"{len(answers):,} answers. {counted}.",
        problems=tuple(map(str, library.problems)),
    )


def edit_page(
    answer_id: str,
    title: str,
    versions: Sequence["FaqRevision"],
    *,
    notice: str = "",
    theirs: str = "",
    preview: Preview | None = None,
) -> EditPage:
    """One answer's form with its history."""
    return EditPage(title, edit_url(answer_id), notice, theirs, preview, tuple(map(_version, versions)))


def preview_of(library: Library, change: "Change") -> Preview:
    """The answer as people would see it, and each labelled message that moves."""
    effect = change.effect
    is_quiet = not effect.better and not effect.worse
    return Preview(
        html=change.html,
        counted="No labelled message changes its answer." if is_quiet else f"{counted_effect(effect)}.",
        worse=_moves(library, effect.worse),
        better=_moves(library, effect.better),
        better_heading="1 message" if len(effect.better) == 1 else f"{len(effect.better):,} messages",
    )


def refusal_of(losses: Sequence[Shift]) -> str:
    """Why this cannot be published without a reason."""
    taken = "1 message loses its" if len(losses) == 1 else f"{len(losses):,} messages lose their"
    return f"{taken} answer. Change the phrasings, or enter why that is right"


def edit_url(answer_id: str) -> str:
    """Where this answer is edited."""
    topic_id, slug = answer_id.split("/")
    return url_for("faq_editor.edit", topic_id=topic_id, slug=slug)


def _row(library: Library, answer: Answer, today: date) -> Row:
    topic = library.find_topic(answer.topic)
    due = day(datetime.combine(answer.review_due, time(12), UTC))
    link = Link(answer.title, edit_url(answer.id))
    return Row(link, topic.title if topic else answer.topic, due, answer.review_due < today)


def _moves(library: Library, shifts: Sequence[Shift]) -> tuple[Move, ...]:
    return tuple(Move(one.text, _title(library, one.now), _title(library, one.was)) for one in shifts)


def _title(library: Library, answer_id: str) -> str:
    """Title and id: two answers may be called alike."""
    answer = library.answers.get(answer_id)
    return f"{answer.title} ({answer_id})" if answer else answer_id or NOTHING


def _version(revision: "FaqRevision") -> Version:
    url = f"{edit_url(revision.answer_id)}?version={revision.number}"
    return Version(f"Version {revision.number}: {revision.by_name}, {moment(revision.at)}", revision.reason, url)
