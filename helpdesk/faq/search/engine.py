"""Finds the FAQ entries that may answer a message, and says how sure it is.

Two tiers: words alone, and words with sentence vectors where `Vectors` are given.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

# Has to be said before numpy is loaded. The matrices are small, and on a busy machine the threads of the linear
# algebra wait for one another: a start of one second has taken twenty. A setting from outside is respected.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from helpdesk.faq.search.confidence import calibrate, leads, signals_of
from helpdesk.faq.search.meaning import STEEPNESS_OF_WORDS, SemanticKernel, WordsAndMeaning
from helpdesk.faq.search.normalise import sentences_of
from helpdesk.faq.search.reader import Reader
from helpdesk.faq.search.ridge import Labelled, Scorer, Standing, scorer_for
from helpdesk.faq.search.similarity import Kernel, LexicalKernel
from helpdesk.faq.search.spelling import Speller
from helpdesk.faq.search.synonyms import Synonyms
from helpdesk.faq.search.types import Candidate, Entry, Match, Reading
from helpdesk.faq.search.vectors import Vectors

# One sentence speaks for a long message only if it is this clear about one entry.
LEAD_OF_A_WINDOW = 0.2
NO_SYNONYMS: Mapping[str, Sequence[str]] = MappingProxyType({})


def build_engine(
    entries: Sequence[Entry],
    *,
    synonyms: Mapping[str, Sequence[str]] = NO_SYNONYMS,
    none_of_these: Sequence[str] = (),
    vectors: Vectors | None = None,
) -> "Engine":
    """Build the engine for a FAQ.

    `none_of_these` are messages that no entry should answer.
    """
    reader, known = read(entries, synonyms, none_of_these)
    return Engine(
        [entry.id for entry in entries],
        reader,
        scorer_for(_kernel(known, vectors), known),
        is_semantic=vectors is not None,
    )


def read(
    entries: Sequence[Entry], synonyms: Mapping[str, Sequence[str]], none_of_these: Sequence[str]
) -> tuple[Reader, Labelled]:
    """Read a FAQ: what reads messages in its words, and its phrasings with the number of the entry of each."""
    table = Synonyms(synonyms)
    phrasings = [(sentences_of(text), label) for text, label in _labelled_texts(entries, none_of_these)]
    typed = (word for sentences, _ in phrasings for words in sentences for word in words)
    reader = Reader(Speller([*typed, *table.words()]), table)
    return reader, _labelled([(reader.whole(sentences), label) for sentences, label in phrasings], len(entries) + 1)


class Engine:
    """Matches messages with the entries of one FAQ; never changes, so threads may share it."""

    def __init__(self, ids: Sequence[str], reader: Reader, scorer: Scorer, *, is_semantic: bool) -> None:
        self.is_semantic = is_semantic
        self._ids = tuple(ids)
        self._reader = reader
        self._scorer = scorer
        self._confidence = calibrate(scorer, len(ids))

    def match(self, text: str, limit: int = 3) -> Match:
        """Return the entries that fit a message best; none if it holds no word."""
        whole, *windows = self._reader.whole_and_windows(text)
        if not whole.words or not self._ids:
            return Match(text, (), 0.0)
        standing = self._standing(whole, windows)
        return Match(text, self._candidates(standing, limit), self._certainty(standing))

    def _standing(self, whole: Reading, windows: Sequence[Reading]) -> Standing:
        """Return how the entries stand for the whole message, or for a clear window that is surer."""
        of_windows = map(self._scorer.standing, windows)
        clear = [standing for standing in of_windows if self._lead(standing) >= LEAD_OF_A_WINDOW]
        return max([self._scorer.standing(whole), *clear], key=self._certainty)

    def _candidates(self, standing: Standing, limit: int) -> tuple[Candidate, ...]:
        best_first = np.argsort(-standing.scores[: len(self._ids)], kind="stable")[:limit]
        confidence = self._confidence.of(signals_of(standing)[best_first])
        return tuple(
            Candidate(self._ids[at], float(standing.scores[at]), float(sure))
            for at, sure in zip(best_first, confidence, strict=True)
        )

    def _certainty(self, standing: Standing) -> float:
        return float(self._confidence.of(signals_of(standing)[self._first(standing)]))

    def _lead(self, standing: Standing) -> float:
        return float(leads(standing.scores)[self._first(standing)])

    def _first(self, standing: Standing) -> int:
        return int(standing.scores[: len(self._ids)].argmax())


def _kernel(known: Labelled, vectors: Vectors | None) -> Kernel:
    if vectors is None:
        return LexicalKernel(known.phrasings, known.labels)
    words = LexicalKernel(known.phrasings, known.labels, STEEPNESS_OF_WORDS)
    return WordsAndMeaning(words, SemanticKernel(known.phrasings, vectors))


def _labelled_texts(entries: Sequence[Entry], none_of_these: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield every text with the number of its entry; "none of these" comes after the last."""
    for label, entry in enumerate(entries):
        for text in (entry.title, *entry.phrasings):
            yield text, label
    for text in none_of_these:
        yield text, len(entries)


def _labelled(pairs: Sequence[tuple[Reading, int]], count: int) -> Labelled:
    """Leave out what is empty, and what an entry says twice: it would make holding out too easy."""
    distinct = {(reading.words, label): (reading, label) for reading, label in reversed(pairs) if reading.words}
    kept = [*reversed(distinct.values())]
    return Labelled([reading for reading, _ in kept], np.array([label for _, label in kept], dtype=np.intp), count)
