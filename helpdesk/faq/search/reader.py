"""Reads a text as the engine needs it: mistakes put right, then synonyms put for what they stand for."""

from collections.abc import Sequence

from helpdesk.faq.search.normalise import sentences_of
from helpdesk.faq.search.spelling import Speller
from helpdesk.faq.search.synonyms import Synonyms
from helpdesk.faq.search.types import Reading, Words
from helpdesk.faq.search.windows import whole_of, windows_of


class Reader:
    """Knows the words of one FAQ."""

    def __init__(self, speller: Speller, synonyms: Synonyms) -> None:
        self._speller = speller
        self._synonyms = synonyms

    def whole(self, sentences: Sequence[Words]) -> Reading:
        """Return all of a text, given by its sentences."""
        return self._reading(whole_of(self._speller.correct(sentences)))

    def whole_and_windows(self, text: str) -> tuple[Reading, ...]:
        """Return all of a message, then the parts of a long one that may hold its point."""
        sentences = self._speller.correct(sentences_of(text))
        whole = whole_of(sentences)
        parts = (self._reading(part.words, whole, part.start) for part in windows_of(sentences))
        return (self._reading(whole), *parts)

    def _reading(self, plain: Words, message: Words = (), start: int = 0) -> Reading:
        return Reading(plain, self._synonyms.replace(plain), message, start)
