"""Rows of weighted features, compared by cosine through inverted postings."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TypeAlias

import numpy as np

from helpdesk.faq.search.arrays import Floats, Integers, Rows

Weights: TypeAlias = Mapping[str, float]


class SparseIndex:
    """Many texts as weighted features, each of length one, found by feature or by row."""

    def __init__(self, texts: Sequence[Weights]) -> None:
        self._size = len(texts)
        self._column: dict[str, int] = {}
        column = self._column
        columns = [column.setdefault(name, len(column)) for text in texts for name in text]
        weights = np.fromiter(chain.from_iterable(text.values() for text in texts), dtype=np.float64)
        self._columns = np.array(columns, dtype=np.int32)
        self._row_starts = np.cumsum([0, *map(len, texts)])
        row_of = np.repeat(np.arange(self._size, dtype=np.int32), np.diff(self._row_starts))
        lengths = np.sqrt(np.bincount(row_of, weights * weights, self._size))
        self._weights = (weights / np.where(lengths, lengths, 1.0)[row_of]).astype(np.float32)
        self._fill_postings(row_of)

    def _fill_postings(self, row_of: Rows) -> None:
        by_column = np.argsort(self._columns, kind="stable")
        self._posting_rows = row_of[by_column]
        self._posting_weights = self._weights[by_column]
        counts = np.bincount(self._columns, minlength=len(self._column))
        self._posting_starts = [0, *np.cumsum(counts).tolist()]  # a list: slicing by numpy's own integers is slow

    def cosines(self, text: Weights) -> Floats:
        """Return the cosine of a text with every row; a feature that no row has lowers all."""
        known = {self._column[name]: weight for name, weight in _of_length_one(text).items() if name in self._column}
        if not known:
            return np.zeros(self._size)
        starts = self._posting_starts
        spans = [slice(starts[at], starts[at + 1]) for at in known]
        rows = np.concatenate([self._posting_rows[span] for span in spans])
        products = np.concatenate([self._posting_weights[span] for span in spans])
        products *= np.repeat(list(known.values()), [s.stop - s.start for s in spans])
        return np.bincount(rows, products, self._size).astype(np.float64)

    def among(self, rows: Integers) -> Floats:
        """Return the cosines of some rows with one another."""
        spans = [slice(*self._row_starts[row : row + 2]) for row in rows]
        columns = np.concatenate([self._columns[span] for span in spans])
        weights = np.concatenate([self._weights[span] for span in spans])
        places = np.repeat(np.arange(len(rows)), [span.stop - span.start for span in spans])
        # A feature of one row alone touches only the diagonal, which is known to be one.
        shared = np.bincount(columns, minlength=len(self._column)) > 1
        kept = shared[columns]
        local = np.cumsum(shared) - 1
        dense = np.zeros((len(rows), int(shared.sum())), dtype=np.float32)
        dense[places[kept], local[columns[kept]]] = weights[kept]
        cosines = (dense @ dense.T).astype(np.float64)
        np.fill_diagonal(cosines, 1.0)
        return cosines


def _of_length_one(text: Weights) -> Weights:
    length = float(np.sqrt(sum(weight * weight for weight in text.values()))) or 1.0
    return {name: weight / length for name, weight in text.items()}
