"""Unanswered messages in groups, as ready words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk.faq.types import Library

if TYPE_CHECKING:
    from helpdesk.bot.service.learning import Group


@dataclass(frozen=True)
class Choice:
    """An answer that the messages can be added to."""

    id: str
    title: str


@dataclass(frozen=True)
class GroupCard:
    """One group: its first message as the heading, and what can be done with it."""

    key: str
    heading: str
    people: str
    texts: tuple[str, ...]
    human_answers: tuple[str, ...]
    # The nearest answers first, then all others.
    choices: tuple[Choice, ...]
    nearest: tuple[str, ...]


@dataclass(frozen=True)
class LearningPage:
    """All groups."""

    groups: tuple[GroupCard, ...]


def learning_page(groups: Sequence["Group"], library: Library) -> LearningPage:
    """The page of everything that people asked in vain."""
    return LearningPage(tuple(_card(number, group, library) for number, group in enumerate(groups, start=1)))


def _card(number: int, group: "Group", library: Library) -> GroupCard:
    ordered = dict.fromkeys((*group.guesses, *library.answers.values()))
    return GroupCard(
        key=f"group-{number}",
        heading=group.texts[0],
        people="1 person" if group.people == 1 else f"{group.people:,} people",
        texts=group.texts,
        human_answers=group.human_answers,
        choices=tuple(Choice(answer.id, answer.title) for answer in ordered),
        nearest=tuple(answer.title for answer in group.guesses),
    )
