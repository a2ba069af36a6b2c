"""How alike a message and a phrasing are: by the words they share, and by pieces of words."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from math import log, sqrt
from typing import Protocol

import numpy as np
import snowballstemmer

from helpdesk.faq.search.arrays import Floats, Integers
from helpdesk.faq.search.english import surprisal
from helpdesk.faq.search.sparse import SparseIndex, Weights
from helpdesk.faq.search.types import Reading, Words

# A phrasing must share both words and their pieces to be near; measured in the design of the engine.
STEEPNESS = 1.5
PIECE_LENGTHS = (3, 4)


class Kernel(Protocol):
    """A measure of nearness, from 0 to 1, over a fixed list of phrasings: the engine needs nothing else from it."""

    def against(self, reading: Reading) -> Floats:
        """Return the nearness of a message to every phrasing."""

    def among(self, rows: Integers) -> Floats:
        """Return the nearness of some phrasings to one another."""


class LexicalKernel:
    """Nearness by shared words and shared pieces of words."""

    def __init__(self, phrasings: Sequence[Reading], labels: Integers, steepness: float = STEEPNESS) -> None:
        self._steepness = steepness
        texts = [phrasing.words for phrasing in phrasings]
        self._word_rarity = _rarity(map(stems_of, texts), labels)
        self._piece_rarity = _rarity(map(pieces_of, texts), labels)
        self._words = SparseIndex([self._word_weights(words) for words in texts])
        self._pieces = SparseIndex([self._piece_weights(words) for words in texts])

    def against(self, reading: Reading) -> Floats:
        """Return the nearness of a message to every phrasing."""
        by_word = self._words.cosines(self._word_weights(reading.words))
        by_piece = self._pieces.cosines(self._piece_weights(reading.words))
        return self._nearness(by_word, by_piece)

    def among(self, rows: Integers) -> Floats:
        """Return the nearness of some phrasings to one another."""
        return self._nearness(self._words.among(rows), self._pieces.among(rows))

    def _nearness(self, by_word: Floats, by_piece: Floats) -> Floats:
        nearness: Floats = np.exp(-self._steepness * (2.0 - by_word - by_piece))
        return nearness

    def _word_weights(self, words: Words) -> Weights:
        """Weigh a word half by how few entries use it, half by how rare it is in general English.

        The root is there because a cosine multiplies the weights of both sides.
        """
        rarity = self._word_rarity
        return {stem(w): sqrt((rarity.get(stem(w), 1.0) + surprisal(w)) / 2) for w in words}

    def _piece_weights(self, words: Words) -> Weights:
        """Weigh a piece by how few entries use it; one that none uses is left out: it may be a slip."""
        rarity = self._piece_rarity
        counts = Counter(pieces_of(words))
        return {piece: n * rarity[piece] for piece, n in counts.items() if piece in rarity}


def stems_of(words: Words) -> list[str]:
    """Return the stem of each word."""
    return [stem(word) for word in words]


def pieces_of(words: Words) -> list[str]:
    """Return every run of three or four characters within each word and its borders."""
    return list(chain.from_iterable(map(_pieces_of_word, words)))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of an English word; a stemmer has state, so each call has its own."""
    return str(snowballstemmer.stemmer("english").stemWord(word))


@lru_cache(maxsize=20_000)
def _pieces_of_word(word: str) -> tuple[str, ...]:
    bordered = f" {word} "
    return tuple(
        bordered[start : start + length] for length in PIECE_LENGTHS for start in range(len(bordered) - length + 1)
    )


def _rarity(features: Iterable[Iterable[str]], labels: Integers) -> dict[str, float]:
    """Return for each feature how few entries have it: 1 for one entry alone, near 0 for all."""
    of_entry: dict[int, set[str]] = defaultdict(set)
    for names, label in zip(features, labels.tolist(), strict=True):
        of_entry[label].update(names)
    used_by = Counter(chain.from_iterable(of_entry.values()))
    total = len(of_entry) + 1
    return {name: log(total / count) / log(total) for name, count in used_by.items()}
