"""What goes along when a person takes over."""

from collections.abc import Iterable

from helpdesk.bot.types import Author, Outcome

# The form is a start, not an essay.
MOST_MESSAGES, MOST_CHARACTERS = 3, 1_000
# A message that was answered in one of these ways tells nothing about the problem.
SAYS_NOTHING = {Outcome.HANDOVER, Outcome.SMALLTALK}
SAID_BY_BUTTON = {"Yes", "No, still stuck", "None of these"}


def told_so_far(turns: Iterable[tuple[Author, Outcome | None, str]]) -> str:
    """The requester's last few messages about the problem, one a line, without courtesies and wishes for a person."""
    told, pending = [], ""
    for author, outcome, text in turns:
        if author is Author.REQUESTER:
            pending = text
        elif pending and outcome not in SAYS_NOTHING and pending not in SAID_BY_BUTTON:
            told.append(pending)
            pending = ""
    return "\n".join(dict.fromkeys(told[-MOST_MESSAGES:]))[:MOST_CHARACTERS]
