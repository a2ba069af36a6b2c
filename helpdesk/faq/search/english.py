"""How common a word is in general English, from the list described in data/README.md."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

# The list's frequencies are ten times the Zipf value: "the" has 77, a word not listed counts as 25.
MOST_COMMON = 77
NOT_LISTED = 25


@cache
def frequencies() -> Mapping[str, int]:
    """Return the frequency of every listed word."""
    text = resources.files(__package__).joinpath("data/english_words.txt").read_text("ascii")
    lines = (line.split() for line in text.splitlines())
    return {word: int(frequency) for frequency, *words in lines for word in words}


@cache
def words_by_letter() -> Mapping[str, Sequence[str]]:
    """Return the listed words by their first letter."""
    by_letter: dict[str, list[str]] = {}
    for word in frequencies():
        by_letter.setdefault(word[0], []).append(word)
    return by_letter


def surprisal(word: str) -> float:
    """Return how much a word says by being there: 0 for "the", 1 for a word that is not listed."""
    return (MOST_COMMON - frequencies().get(word, NOT_LISTED)) / (MOST_COMMON - NOT_LISTED)
