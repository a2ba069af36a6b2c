"""The parts of a message that may each hold a problem of its own: "X. And Y", "X and also Y"."""

import re

from helpdesk.faq.search.normalise import words_of

# Where one problem ends and the next begins: at the end of a sentence, and at a word that joins two.
ENDS = re.compile(
    r"[.!?;\n]+(?:\s|$)|,?\s*\b(?:and|also|plus|as well(?: as)?|on top of that|another thing|by the way|btw|then)\b",
    re.IGNORECASE,
)
# What people say when they bring two things. An "and" or a full stop alone stands inside one story far more often than
# between two problems: taken for a sign, it gave ten more wrong second answers for one more right.
SAYS_TWO = re.compile(
    r"\?\s+\w.*\?"
    r"|\b(?:also|plus|as well|on top of that|another thing|both|by the way|btw)\b"
    r"|\band (?:how|what|can|who|where|why|is|do|does|should|if)\b",
    re.IGNORECASE | re.DOTALL,
)
# Fewer words state no problem, they only belong to one.
FEWEST_WORDS = 3
# Each part costs a whole comparison; nobody brings more problems than this.
MOST_PARTS = 4


def parts_of(text: str) -> tuple[str, ...]:
    """The parts of a message that could be messages of their own; none when nothing says that there are two."""
    if not SAYS_TWO.search(text):
        return ()
    parts = [part.strip(" ,-") for part in ENDS.split(text)]
    worth = tuple(part for part in parts if len(words_of(part)) >= FEWEST_WORDS)[:MOST_PARTS]
    return worth if len(worth) > 1 else ()
