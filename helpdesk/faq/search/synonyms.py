"""One word for one thing: many spellings and names become the FAQ's own word."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from helpdesk.faq.search.normalise import words_of
from helpdesk.faq.search.types import Words


class Synonyms:
    """The variants of each canonical word; a variant may be several words long."""

    def __init__(self, variants_of: Mapping[str, Sequence[str]]) -> None:
        canonical = {
            words_of(variant): words_of(word) for word, variants in variants_of.items() for variant in variants
        }
        self._canonical = {variant: word for variant, word in canonical.items() if variant}
        self._longest_from: dict[str, int] = {}
        for variant in sorted(self._canonical, key=len):
            self._longest_from[variant[0]] = len(variant)

    def words(self) -> Iterator[str]:
        """Yield every word of either side: they are known, however odd they look."""
        for variant, word in self._canonical.items():
            yield from chain(variant, word)

    def replace(self, words: Words) -> Words:
        """Return the words with each variant replaced, the longest variant first."""
        if self._longest_from.keys().isdisjoint(words):
            return words
        replaced: list[str] = []
        start = 0
        while start < len(words):
            span = words[start : start + self._length_of_variant(words, start)]
            replaced.extend(self._canonical.get(span, span))
            start += len(span)
        return tuple(replaced)

    def _length_of_variant(self, words: Words, start: int) -> int:
        lengths = range(min(self._longest_from.get(words[start], 0), len(words) - start), 0, -1)
        return next((n for n in lengths if words[start : start + n] in self._canonical), 1)
