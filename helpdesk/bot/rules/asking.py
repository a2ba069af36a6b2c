"""What goes along when a person takes over."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from helpdesk.bot.rules.diagnosis import (
    CHECK_WITH_ME,
    USER_NAME,
    WANTS_RESET,
    is_told_on_way,
    leads_to_reset,
    told_on,
    way_reached,
)
from helpdesk.bot.types import HELPED, NONE_OF_THESE, NOT_HELPED, Author, Option, Outcome

# The form is a start, not an essay.
MOST_MESSAGES, MOST_CHARACTERS = 3, 1_000
# A message that was answered in one of these ways tells nothing about the problem.
SAYS_NOTHING = {Outcome.HANDOVER, Outcome.SMALLTALK}
SAID_BY_BUTTON = {HELPED, NOT_HELPED, NONE_OF_THESE.title}


def told_so_far(turns: Iterable[tuple[Author, Outcome | None, str]]) -> str:
    """The requester's last few messages about the problem, one a line, without courtesies and wishes for a person."""
    told, pending = [], ""
    for author, outcome, text in turns:
        if author is Author.REQUESTER:
            pending = text
        elif pending and outcome not in SAYS_NOTHING and not is_by_button(pending):
            told.append(pending)
            pending = ""
    return "\n".join(dict.fromkeys(told[-MOST_MESSAGES:]))[:MOST_CHARACTERS]


def ways_tapped(turns: Iterable[tuple[str, Sequence[Option]]]) -> list[str]:
    """How far the trouble was checked, tap by tap, from the words and the options of each turn.

    A first question that was offered, and not answered, tells nothing about the requester.
    """
    reached = (
        (before, way_reached(one.id for one in options if one.title != CHECK_WITH_ME))
        for (before, _), (_, options) in pairwise(turns)
    )
    return [way for before, way in reached if way and ("/" in way or is_by_button(before))]


def told_in_check(ways: Sequence[str]) -> str:
    """What was told on these ways of a check, with the request that the last led to; nothing without a check."""
    if not ways:
        return ""
    way = ways[-1]
    begun_at = min((one for one in ways if f"{way}/".startswith(f"{one}/")), key=len)
    told = " ".join(told_on(way, begun_at))
    return f"{WANTS_RESET} {told}\n{USER_NAME}" if leads_to_reset(way) else told


def is_by_button(text: str) -> bool:
    """Whether a message was tapped, not written."""
    return text in SAID_BY_BUTTON or is_told_on_way(text)
