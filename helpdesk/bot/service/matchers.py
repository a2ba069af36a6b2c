"""Ways of finding an answer to compare ours with: what rapidfuzz has, BM25, and the nearest phrasing in meaning."""

from collections.abc import Callable, Sequence
from math import log

import numpy as np
import snowballstemmer
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from helpdesk.bot.rules.comparison import Found
from helpdesk.faq.search.arrays import Floats
from helpdesk.faq.search.engine import Engine
from helpdesk.faq.search.normalise import words_of
from helpdesk.faq.search.types import Entry, Reading
from helpdesk.faq.search.vectors import Vectors

Matcher = Callable[[str], Found]

# As usual for BM25: how soon a word said again adds nothing, and how much a long text is marked down.
SATURATION, LENGTH = 1.2, 0.75
MOST_FOUND = 3

_stem = snowballstemmer.stemmer("english").stemWord


def other_matchers(entries: Sequence[Entry], vectors: Vectors | None) -> dict[str, Matcher]:
    """The matchers to compare with, by name. The last needs sentence vectors."""
    matchers = {
        "WRatio": ratio_matcher(entries, fuzz.WRatio),
        "token_set_ratio": ratio_matcher(entries, fuzz.token_set_ratio),
        "BM25": bm25_matcher(entries),
        "BM25, whole entries": bm25_matcher([_in_one_text(entry) for entry in entries]),
    }
    return matchers | {"MiniLM-nearest": nearest_matcher(entries, vectors)} if vectors else matchers


def engine_matcher(engine: Engine) -> Matcher:
    """Ours."""

    def find(text: str) -> Found:
        match = engine.match(text, limit=MOST_FOUND)
        return Found(tuple(candidate.id for candidate in match.candidates), match.confidence)

    return find


def ratio_matcher(entries: Sequence[Entry], scorer: Callable[..., float]) -> Matcher:
    """The phrasing that is most alike by one of rapidfuzz's measures, whatever the capitals and punctuation."""
    texts, ids = _texts(entries)
    plain = [default_process(text) for text in texts]

    def find(text: str) -> Found:
        best = process.extract(default_process(text), plain, scorer=scorer, limit=None)
        return Found(tuple(dict.fromkeys(ids[at] for _, _, at in best))[:MOST_FOUND], best[0][1] / 100)

    return find


def bm25_matcher(entries: Sequence[Entry]) -> Matcher:
    """The phrasing that shares the most telling word stems, by Okapi BM25."""
    texts, ids = _texts(entries)
    stems = [_stems(text) for text in texts]
    columns = {stem: at for at, stem in enumerate(dict.fromkeys(stem for text in stems for stem in text))}
    weights = _bm25_weights(stems, columns)

    def find(text: str) -> Found:
        known = [columns[stem] for stem in _stems(text) if stem in columns]
        return _best(weights[:, known].sum(axis=1), ids)

    return find


def nearest_matcher(entries: Sequence[Entry], vectors: Vectors) -> Matcher:
    """The phrasing whose sentence vector is nearest."""
    texts, ids = _texts(entries)
    rows = vectors.of_phrasings([words_of(text) for text in texts])

    def find(text: str) -> Found:
        words = words_of(text)
        return _best(rows @ vectors.of(Reading(words, words)), ids)

    return find


def _texts(entries: Sequence[Entry]) -> tuple[list[str], list[str]]:
    pairs = [(text, entry.id) for entry in entries for text in (entry.title, *entry.phrasings)]
    return [text for text, _ in pairs], [id for _, id in pairs]


def _in_one_text(entry: Entry) -> Entry:
    """Its phrasings add up; as a rule that makes BM25 a stronger rival."""
    return Entry(entry.id, " ".join((entry.title, *entry.phrasings)), ())


def _stems(text: str) -> list[str]:
    return [_stem(word) for word in words_of(text)]


def _bm25_weights(texts: Sequence[Sequence[str]], columns: dict[str, int]) -> Floats:
    counts = np.zeros((len(texts), len(columns)), dtype=np.float32)
    for row, stems in enumerate(texts):
        np.add.at(counts[row], [columns[stem] for stem in stems], 1)
    lengths = counts.sum(axis=1, keepdims=True)
    holding = np.count_nonzero(counts, axis=0)
    rarity = np.array([log(1 + (len(texts) - one + 0.5) / (one + 0.5)) for one in holding], dtype=np.float32)
    worn = counts + SATURATION * (1 - LENGTH + LENGTH * lengths / lengths.mean())
    weights: Floats = rarity * counts * (SATURATION + 1) / worn
    return weights


def _best(scores: Floats, ids: Sequence[str]) -> Found:
    """The first few entries by their best phrasing."""
    order = np.argsort(-scores, kind="stable")
    return Found(tuple(dict.fromkeys(ids[at] for at in order))[:MOST_FOUND], float(scores[order[0]]))
