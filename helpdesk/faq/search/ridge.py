"""Kernel ridge regression: one score a label from the nearness of a message to every phrasing."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from helpdesk.faq.search.arrays import Floats, Integers
from helpdesk.faq.search.inversion import invert
from helpdesk.faq.search.similarity import Kernel
from helpdesk.faq.search.types import Reading

# How far the scores may miss the phrasings they are fitted to; measured for the design.
RIDGE = 0.1
# Solving once takes time with the cube of the phrasings; up to here that is a second or two.
MOST_SOLVED_ONCE = 2_500
# Above, only the phrasings nearest to a message take part,
NEAREST = 128
# and the held-out scores come from this many phrasings, evenly spread.
MOST_HELD_OUT = 60


@dataclass(frozen=True, slots=True)
class Labelled:
    """Phrasings, the label of each, and how many labels there are; labels are numbers from 0."""

    phrasings: Sequence[Reading]
    labels: Integers
    count: int


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Scores of phrasings by a scorer that had not seen them, a row each, and their labels."""

    scores: Floats
    labels: Integers


class Scorer(Protocol):
    """Gives every label a score for a message, near 1 for the right one."""

    def scores(self, reading: Reading) -> Floats:
        """Return the score of every label."""

    def without_phrasing(self) -> HeldOut:
        """Return the scores of phrasings, each without the phrasing itself."""

    def without_label(self) -> HeldOut:
        """Return the scores of phrasings, each without any phrasing of its label."""


def scorer_for(kernel: Kernel, known: Labelled) -> Scorer:
    """Return the scorer that suits the number of phrasings."""
    if len(known.phrasings) <= MOST_SOLVED_ONCE:
        return SolvedOnce(kernel, known)
    return SolvedPerMessage(kernel, known)


class SolvedOnce:
    """All phrasings take part; what leaving some out would change has a closed form.

    Without the rows S, the prediction for them misses the targets by inverse[S, S]⁻¹ · solution[S]
    (Rifkin and Lippert, "Notes on regularized least squares", 2007).
    """

    def __init__(self, kernel: Kernel, known: Labelled) -> None:
        self._kernel = kernel
        self._labels = known.labels
        self._targets = np.eye(known.count, dtype=np.float32)[known.labels]
        inverse = _ridged(_nearness_of_all(kernel, known.phrasings))
        invert(inverse)
        self._solution = inverse @ self._targets
        self._missed_without_phrasing = self._solution / inverse.diagonal()[:, None]
        self._missed_without_label = self._missed_by_label(inverse)

    def scores(self, reading: Reading) -> Floats:
        return self._kernel.against(reading) @ self._solution

    def without_phrasing(self) -> HeldOut:
        return HeldOut(self._targets - self._missed_without_phrasing, self._labels)

    def without_label(self) -> HeldOut:
        return HeldOut(self._targets - self._missed_without_label, self._labels)

    def _missed_by_label(self, inverse: Floats) -> Floats:
        missed = np.empty_like(self._solution)
        for label in np.unique(self._labels):
            rows = np.flatnonzero(self._labels == label)
            missed[rows] = np.linalg.solve(inverse[np.ix_(rows, rows)], self._solution[rows])
        return missed


class SolvedPerMessage:
    """Only the phrasings nearest to a message take part in its scores."""

    def __init__(self, kernel: Kernel, known: Labelled) -> None:
        self._kernel = kernel
        self._known = known
        spread = np.linspace(0, len(known.labels) - 1, MOST_HELD_OUT)
        self._sample = np.unique(spread.astype(np.intp))

    def scores(self, reading: Reading) -> Floats:
        return self._solve(self._kernel.against(reading))

    def without_phrasing(self) -> HeldOut:
        return HeldOut(np.array([alone for alone, _ in self._held_out]), self._known.labels[self._sample])

    def without_label(self) -> HeldOut:
        return HeldOut(np.array([outside for _, outside in self._held_out]), self._known.labels[self._sample])

    @cached_property
    def _held_out(self) -> list[tuple[Floats, Floats]]:
        """The scores without the phrasing and without its label; the nearness to all is what takes the time."""
        return [self._without(row) for row in self._sample]

    def _without(self, row: int) -> tuple[Floats, Floats]:
        labels = self._known.labels
        nearness = self._kernel.against(self._known.phrasings[row])
        alone = np.where(np.arange(len(labels)) == row, 0.0, nearness)
        return self._solve(alone), self._solve(np.where(labels == labels[row], 0.0, nearness))

    def _solve(self, nearness: Floats) -> Floats:
        rows = np.argpartition(-nearness, NEAREST)[:NEAREST]
        shares = np.linalg.solve(_ridged(self._kernel.among(rows)), nearness[rows])
        scores = np.zeros(self._known.count)
        np.add.at(scores, self._known.labels[rows], shares)
        return scores


def _nearness_of_all(kernel: Kernel, phrasings: Sequence[Reading]) -> Floats:
    """Return the nearness of all phrasings, filled row by row in single precision to save memory."""
    nearness = np.empty((len(phrasings), len(phrasings)), dtype=np.float32)
    for row, reading in enumerate(phrasings):
        nearness[row] = kernel.against(reading)
    return nearness


def _ridged(nearness: Floats) -> Floats:
    """Add the ridge where it is, without a second matrix of this size."""
    nearness[np.diag_indices_from(nearness)] += RIDGE
    return nearness
