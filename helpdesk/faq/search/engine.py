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

from helpdesk.faq.search.arrays import Floats
from helpdesk.faq.search.confidence import calibrate, leads
from helpdesk.faq.search.meaning import STEEPNESS_OF_WORDS, SemanticKernel, WordsAndMeaning
from helpdesk.faq.search.normalise import sentences_of
from helpdesk.faq.search.reader import Reader
from helpdesk.faq.search.ridge import Labelled, Scorer, scorer_for
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
    table = Synonyms(synonyms)
    phrasings = [(sentences_of(text), label) for text, label in _labelled_texts(entries, none_of_these)]
    typed = (word for sentences, _ in phrasings for words in sentences for word in words)
    reader = Reader(Speller([*typed, *table.words()]), table)
    known = _labelled([(reader.whole(sentences), label) for sentences, label in phrasings], len(entries) + 1)
    return Engine(
        [entry.id for entry in entries],
        reader,
        scorer_for(_kernel(known, vectors), known),
        is_semantic=vectors is not None,
    )


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
        scores = self._scores(whole, windows)
        return Match(text, self._candidates(scores, limit), self._certainty(scores))

    def _scores(self, whole: Reading, windows: Sequence[Reading]) -> Floats:
        """Return the scores of the whole message, or of a clear window that is surer."""
        of_windows = map(self._scorer.scores, windows)
        clear = [scores for scores in of_windows if self._lead(scores) >= LEAD_OF_A_WINDOW]
        return max([self._scorer.scores(whole), *clear], key=self._certainty)

    def _candidates(self, scores: Floats, limit: int) -> tuple[Candidate, ...]:
        best_first = np.argsort(-scores[: len(self._ids)], kind="stable")[:limit]
        lead = leads(scores)
        return tuple(
            Candidate(
                self._ids[at],
                float(scores[at]),
                self._confidence.of(scores[at], lead[at]),
            )
            for at in best_first
        )

    def _certainty(self, scores: Floats) -> float:
        return self._confidence.of(self._score(scores), self._lead(scores))

    def _score(self, scores: Floats) -> float:
        return float(scores[: len(self._ids)].max())

    def _lead(self, scores: Floats) -> float:
        return float(leads(scores)[scores[: len(self._ids)].argmax()])


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
