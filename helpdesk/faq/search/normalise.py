"""From what a person typed to plain lower-case words, in sentences."""

import re
import unicodedata

from helpdesk.faq.search.types import Words

# A longer message says nothing more about which entry is meant, and a hostile one would only cost time.
MOST_CHARACTERS = 2_000
# Read a little further than that, because characters that cannot be seen are taken out first.
MOST_CHARACTERS_READ = 4 * MOST_CHARACTERS

WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
SENTENCE_END = re.compile(r"[.!?;]+(?=\s|$)|\n+")
NOT_PLAIN = re.compile(r"[^\n -~]")
APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc`\u00b4", "'"))
INVISIBLE = frozenset({"Cc", "Cf", "Mn", "Me"})


def clean(text: str) -> str:
    """Return the text in lower-case ASCII, without accents and characters that cannot be seen."""
    composed = text[:MOST_CHARACTERS_READ].translate(APOSTROPHES)
    decomposed = unicodedata.normalize("NFKD", composed)
    return NOT_PLAIN.sub(_plain, decomposed).lower()[:MOST_CHARACTERS]


def words_of(text: str) -> Words:
    """Return the words of a text, in order."""
    return tuple(WORD.findall(clean(text)))


def sentences_of(text: str) -> tuple[Words, ...]:
    """Return the words of each sentence or line of a text, leaving out those without a word."""
    sentences = (tuple(WORD.findall(part)) for part in SENTENCE_END.split(clean(text)))
    return tuple(words for words in sentences if words)


def _plain(found: re.Match[str]) -> str:
    character = found[0]
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in INVISIBLE else " "
