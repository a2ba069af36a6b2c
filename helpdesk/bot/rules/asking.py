"""What goes along when a person takes over."""

from collections.abc import Iterable

from helpdesk.bot.rules.diagnosis import USER_NAME, WANTS_RESET, is_told_on_way, leads_to_reset, told_on
from helpdesk.bot.types import HELPED, NONE_OF_THESE, NOT_HELPED, Author, Outcome

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


def told_in_check(way: str | None) -> str:
    """What was told while the trouble was checked, with the request that it led to; nothing without a check."""
    if way is None:
        return ""
    told = " ".join(told_on(way))
    return f"{WANTS_RESET} {told}\n{USER_NAME}" if leads_to_reset(way) else told


def is_by_button(text: str) -> bool:
    """Whether a message was tapped, not written."""
    return text in SAID_BY_BUTTON or is_told_on_way(text)
