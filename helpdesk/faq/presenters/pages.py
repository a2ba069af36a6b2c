"""The pages of the FAQ, as ready words and links."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from flask import url_for
from markupsafe import Markup

from helpdesk.faq.types import Answer, Library, Topic
from helpdesk.web.filters import day


@dataclass(frozen=True)
class Link:
    """A link's words and where it leads."""

    text: str
    url: str


@dataclass(frozen=True)
class TopicCard:
    """A topic with its answers."""

    title: str
    summary: str
    answers: tuple[Link, ...]


@dataclass(frozen=True)
class Result:
    """One answer that a search found."""

    title: str
    url: str
    summary: str


@dataclass(frozen=True)
class BrowsePage:
    """All topics, and what a search found."""

    query: str
    # "3 answers for “new phone”"; empty when nobody searched.
    results_heading: str
    results: tuple[Result, ...]
    topics: tuple[TopicCard, ...]
    chat_url: str


@dataclass(frozen=True)
class TopicPage:
    """One topic with the gist of each answer."""

    title: str
    summary: str
    answers: tuple[Result, ...]
    all_topics_url: str
    chat_url: str


@dataclass(frozen=True)
class AnswerPage:
    """One answer on a page of its own."""

    title: str
    html: Markup
    checked: str
    topic: Link
    next_step: str
    # Where the next step leads; None when it is a person.
    next_answer: Link | None
    related: tuple[Link, ...]
    chat_url: str


def browse_page(library: Library, query: str, found: Sequence[Answer]) -> BrowsePage:
    """The first page of the FAQ, with results when somebody searched."""
    return BrowsePage(
        query=query,
        results_heading=_results_heading(query, len(found)),
        results=tuple(_result(answer) for answer in found),
        topics=tuple(_card(library, topic) for topic in library.topics if library.answers_of(topic.id)),
        chat_url=_chat_url(),
    )


def topic_page(library: Library, topic: Topic) -> TopicPage:
    """One topic's page."""
    return TopicPage(
        title=topic.title,
        summary=topic.summary,
        answers=tuple(_result(answer) for answer in library.answers_of(topic.id)),
        all_topics_url=url_for("faq.browse"),
        chat_url=_chat_url(),
    )


def answer_page(library: Library, answer: Answer) -> AnswerPage:
    """One answer's page; the next step is not offered again among the related answers."""
    next_id = answer.next_step.answer_id
    return AnswerPage(
        title=answer.title,
        html=answer.html,
        checked=checked_on(answer.reviewed),
        topic=_topic_link(library, answer.topic),
        next_step=answer.next_step.text,
        next_answer=answer_link(library.answers[next_id]) if next_id else None,
        related=_links(library.answers[id] for id in answer.related if id != next_id),
        chat_url=_chat_url(),
    )


def answer_link(answer: Answer) -> Link:
    """The link to an answer's own page."""
    topic_id, slug = answer.id.split("/")
    return Link(answer.title, url_for("faq.answer", topic_id=topic_id, slug=slug))


def checked_on(reviewed: date) -> str:
    """Checked on 24 November 2026."""
    return f"Checked on {day(datetime.combine(reviewed, time(12), UTC))}"


def _results_heading(query: str, count: int) -> str:
    if not query:
        return ""
    counted = {0: "No answers", 1: "1 answer"}.get(count, f"{count} answers")
    return f"{counted} for “{query}”"


def _result(answer: Answer) -> Result:
    return Result(answer.title, answer_link(answer).url, answer.summary)


def _card(library: Library, topic: Topic) -> TopicCard:
    return TopicCard(topic.title, topic.summary, _links(library.answers_of(topic.id)))


def _topic_link(library: Library, topic_id: str) -> Link:
    topic = library.find_topic(topic_id)
    return Link(topic.title if topic else topic_id, url_for("faq.topic", topic_id=topic_id))


def _links(answers: Iterable[Answer]) -> tuple[Link, ...]:
    return tuple(answer_link(answer) for answer in answers)


def _chat_url() -> str:
    return url_for("bot.chat")
