"""Finds the FAQ entries that may answer a message, and says how sure it is.

The lexical kernel is the only one so far. Another measure, such as sentence vectors, joins as a second
`Kernel`, added to this one in `build_engine`; nothing else here changes.
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
from helpdesk.faq.search.normalise import sentences_of, words_of
from helpdesk.faq.search.ridge import Labelled, Scorer, scorer_for
from helpdesk.faq.search.similarity import LexicalKernel
from helpdesk.faq.search.spelling import Speller
from helpdesk.faq.search.synonyms import Synonyms
from helpdesk.faq.search.types import Candidate, Entry, Match, Words
from helpdesk.faq.search.windows import whole_of, windows_of

# One sentence speaks for a long message only if it is this clear about one entry.
LEAD_OF_A_WINDOW = 0.2
NO_SYNONYMS: Mapping[str, Sequence[str]] = MappingProxyType({})


def build_engine(
    entries: Sequence[Entry],
    *,
    synonyms: Mapping[str, Sequence[str]] = NO_SYNONYMS,
    none_of_these: Sequence[str] = (),
) -> "Engine":
    """Build the engine for a FAQ; `none_of_these` are messages that no entry should answer."""
    table = Synonyms(synonyms)
    texts = list(_labelled_texts(entries, none_of_these))
    typed = (word for text, _ in texts for word in words_of(text))
    speller = Speller([*typed, *table.words()])
    pairs = [(table.replace(words_of(text)), label) for text, label in texts]
    known = _labelled(pairs, len(entries) + 1)
    scorer = scorer_for(LexicalKernel(known.phrasings, known.labels), known)
    return Engine([entry.id for entry in entries], speller, table, scorer)


class Engine:
    """Matches messages with the entries of one FAQ; never changes, so threads may share it."""

    def __init__(self, ids: Sequence[str], speller: Speller, synonyms: Synonyms, scorer: Scorer) -> None:
        self._ids = tuple(ids)
        self._speller = speller
        self._synonyms = synonyms
        self._scorer = scorer
        self._confidence = calibrate(scorer, len(ids))

    def match(self, text: str, limit: int = 3) -> Match:
        """Return the entries that fit a message best; none if it holds no word."""
        sentences = self._read(text)
        if not sentences or not self._ids:
            return Match(text, (), 0.0)
        scores = self._scores(sentences)
        return Match(text, self._candidates(scores, limit), self._certainty(scores))

    def _read(self, text: str) -> tuple[Words, ...]:
        corrected = self._speller.correct(sentences_of(text))
        return tuple(map(self._synonyms.replace, corrected))

    def _scores(self, sentences: Sequence[Words]) -> Floats:
        """Return the scores of the whole message, or of a clear window that is surer."""
        whole = self._scorer.scores(whole_of(sentences))
        windows = map(self._scorer.scores, windows_of(sentences))
        clear = [scores for scores in windows if self._lead(scores) >= LEAD_OF_A_WINDOW]
        return max([whole, *clear], key=self._certainty)

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


def _labelled_texts(entries: Sequence[Entry], none_of_these: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield every text with the number of its entry; "none of these" comes after the last."""
    for label, entry in enumerate(entries):
        for text in (entry.title, *entry.phrasings):
            yield text, label
    for text in none_of_these:
        yield text, len(entries)


def _labelled(pairs: Sequence[tuple[Words, int]], count: int) -> Labelled:
    """Leave out what is empty, and what an entry says twice: it would make holding out too easy."""
    distinct = [(words, label) for words, label in dict.fromkeys(pairs) if words]
    labels = np.array([label for _, label in distinct], dtype=np.intp)
    return Labelled([words for words, _ in distinct], labels, count)
