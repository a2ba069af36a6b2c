"""Puts misspelt words right, with a liking for the words of the FAQ."""

from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from helpdesk.faq.search.english import frequencies, words_by_letter
from helpdesk.faq.search.types import Words

# A shorter word is an abbreviation more often than a mistake; a longer one is a key or a link.
SHORTEST_CORRECTED = 3
LONGEST_CORRECTED = 20
# One edit can turn a short word into many others, so only longer words get two.
LONGEST_WITH_ONE_EDIT = 5
# Each correction costs about a tenth of a millisecond: a long message of nonsense must end too.
MOST_CORRECTIONS = 50


class Speller:
    """Knows the words of the FAQ and of general English; takes a first letter as right."""

    def __init__(self, faq_words: Iterable[str]) -> None:
        self._faq_words = frozenset(faq_words)
        self._by_letter = {letter: list(words) for letter, words in words_by_letter().items()}
        for word in sorted(self._faq_words - frequencies().keys()):
            self._by_letter.setdefault(word[0], []).append(word)

    def correct(self, sentences: Sequence[Words]) -> tuple[Words, ...]:
        """Return the sentences with each unknown word replaced by the likeliest known one near it."""
        words = dict.fromkeys(word for sentence in sentences for word in sentence)
        mistakes = [word for word in words if self._is_mistake(word)][:MOST_CORRECTIONS]
        right = {word: self._nearest(word) for word in mistakes}
        return tuple(tuple(right.get(word, word) for word in sentence) for sentence in sentences)

    def _is_mistake(self, word: str) -> bool:
        is_known = word in self._faq_words or word in frequencies()
        has_length = SHORTEST_CORRECTED <= len(word) <= LONGEST_CORRECTED
        return has_length and word.isalpha() and not is_known

    def _nearest(self, word: str) -> str:
        edits = 1 if len(word) <= LONGEST_WITH_ONE_EDIT else 2
        near = process.extract(
            word,
            self._by_letter.get(word[0], ()),
            scorer=OSA.distance,
            score_cutoff=edits,
            limit=None,
        )
        return min(near, key=self._unlikeliness, default=(word, 0, 0))[0]

    def _unlikeliness(self, found: tuple[str, float, int]) -> tuple[float, bool, int]:
        """Order by edits, where a word of the FAQ is worth one, then by how rare the word is."""
        word, edits, _ = found
        is_of_faq = word in self._faq_words
        return edits - is_of_faq, not is_of_faq, -frequencies().get(word, 0)
