"""How alike a message and a phrasing are by what they mean: the nearness of their sentence vectors."""

from collections.abc import Sequence

import numpy as np

from helpdesk.faq.search.arrays import Floats, Integers
from helpdesk.faq.search.similarity import Kernel
from helpdesk.faq.search.types import Reading
from helpdesk.faq.search.vectors import Vectors

# Of 35 pairs these two are among the best, within chance, at telling how sure the engine may be of phrasings held out
# of three FAQs: `bench/steepness.py`, on which no message has a say. The two shares come from the design of the engine.
STEEPNESS = 1.75
STEEPNESS_OF_WORDS = 0.5
WORDS_COUNT = 0.3
MEANING_COUNTS = 0.7


class SemanticKernel:
    """Nearness by sentence vectors. They are made of the plain words: the model knows no made-up tokens."""

    def __init__(self, phrasings: Sequence[Reading], vectors: Vectors, steepness: float = STEEPNESS) -> None:
        self._steepness = steepness
        self._vectors = vectors
        self._rows = vectors.of_phrasings([phrasing.plain for phrasing in phrasings])

    def against(self, reading: Reading) -> Floats:
        """Return the nearness of a message to every phrasing."""
        return self._nearness(self._rows @ self._vectors.of(reading))

    def among(self, rows: Integers) -> Floats:
        """Return the nearness of some phrasings to one another."""
        some = self._rows[rows]
        return self._nearness((some @ some.T).astype(np.float64))

    def _nearness(self, cosines: Floats) -> Floats:
        nearness: Floats = np.exp(-self._steepness * (1.0 - cosines))
        return nearness


class WordsAndMeaning:
    """Both measures together."""

    def __init__(self, words: Kernel, meaning: Kernel) -> None:
        self._words = words
        self._meaning = meaning

    def against(self, reading: Reading) -> Floats:
        """Return the nearness of a message to every phrasing."""
        return WORDS_COUNT * self._words.against(reading) + MEANING_COUNTS * self._meaning.against(reading)

    def among(self, rows: Integers) -> Floats:
        """Return the nearness of some phrasings to one another."""
        return WORDS_COUNT * self._words.among(rows) + MEANING_COUNTS * self._meaning.among(rows)
