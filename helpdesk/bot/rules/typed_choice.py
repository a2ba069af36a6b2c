"""The option that somebody means who types a few of its words instead of tapping it."""

from collections.abc import Sequence

from rapidfuzz import fuzz

from helpdesk.bot.types import Option
from helpdesk.faq.search.normalise import words_of

# Of 100: nearly all words that are typed stand in the option. More words are a message of their own.
NEARLY_ALL = 90
MOST_WORDS = 5


def option_typed(text: str, options: Sequence[Option]) -> Option | None:
    """The one option that holds these words; None when it is none or may be several."""
    words = words_of(text)
    if not words or len(words) > MOST_WORDS:
        return None
    typed = " ".join(words)
    held = [one for one in options if fuzz.token_set_ratio(typed, " ".join(words_of(one.title))) >= NEARLY_ALL]
    whole = [one for one in held if set(words).issubset(words_of(one.title))]
    meant = whole or held
    return meant[0] if len(meant) == 1 else None
