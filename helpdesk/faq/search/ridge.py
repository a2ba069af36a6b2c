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
class Standing:
    """How each label stands for a message: its score, near 1 for the right one, and its nearest phrasing."""

    scores: Floats
    nearest: Floats


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How the labels stand for phrasings that the scorer had not seen, a row each, and the label of each."""

    standing: Standing
    labels: Integers


class Scorer(Protocol):
    """Says how every label stands for a message."""

    def standing(self, reading: Reading) -> Standing:
        """Return how every label stands."""

    def without_phrasing(self) -> HeldOut:
        """Return how the labels stand for phrasings, each without the phrasing itself."""

    def without_label(self) -> HeldOut:
        """Return how the labels stand for phrasings, each without any phrasing of its label."""


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
        nearness = _nearness_of_all(kernel, known.phrasings)
        self._nearest_without_phrasing = _nearest_of_all(nearness, known)
        inverse = _ridged(nearness)
        invert(inverse)
        self._solution = inverse @ self._targets
        self._missed_without_phrasing = self._solution / inverse.diagonal()[:, None]
        self._missed_without_label = self._missed_by_label(inverse)

    def standing(self, reading: Reading) -> Standing:
        nearness = self._kernel.against(reading)
        return Standing(nearness @ self._solution, _nearest(nearness, self._labels, self._targets.shape[1]))

    def without_phrasing(self) -> HeldOut:
        scores = self._targets - self._missed_without_phrasing
        return HeldOut(Standing(scores, self._nearest_without_phrasing), self._labels)

    def without_label(self) -> HeldOut:
        nearest = np.where(self._targets, 0.0, self._nearest_without_phrasing)
        return HeldOut(Standing(self._targets - self._missed_without_label, nearest), self._labels)

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

    def standing(self, reading: Reading) -> Standing:
        return self._solve(self._kernel.against(reading))

    def without_phrasing(self) -> HeldOut:
        return self._held([alone for alone, _ in self._held_out])

    def without_label(self) -> HeldOut:
        return self._held([outside for _, outside in self._held_out])

    def _held(self, rows: Sequence[Standing]) -> HeldOut:
        standing = Standing(np.array([row.scores for row in rows]), np.array([row.nearest for row in rows]))
        return HeldOut(standing, self._known.labels[self._sample])

    @cached_property
    def _held_out(self) -> list[tuple[Standing, Standing]]:
        """Without the phrasing and without its label; the nearness to all is what takes the time."""
        return [self._without(row) for row in self._sample]

    def _without(self, row: int) -> tuple[Standing, Standing]:
        labels = self._known.labels
        nearness = self._kernel.against(self._known.phrasings[row])
        alone = np.where(np.arange(len(labels)) == row, 0.0, nearness)
        return self._solve(alone), self._solve(np.where(labels == labels[row], 0.0, nearness))

    def _solve(self, nearness: Floats) -> Standing:
        rows = np.argpartition(-nearness, NEAREST)[:NEAREST]
        shares = np.linalg.solve(_ridged(self._kernel.among(rows)), nearness[rows])
        labels, count = self._known.labels[rows], self._known.count
        scores = np.zeros(count)
        np.add.at(scores, labels, shares)
        return Standing(scores, _nearest(nearness[rows], labels, count))


def _nearness_of_all(kernel: Kernel, phrasings: Sequence[Reading]) -> Floats:
    """Return the nearness of all phrasings, filled row by row in single precision to save memory."""
    nearness = np.empty((len(phrasings), len(phrasings)), dtype=np.float32)
    for row, reading in enumerate(phrasings):
        nearness[row] = kernel.against(reading)
    return nearness


def _nearest_of_all(nearness: Floats, known: Labelled) -> Floats:
    """Return the nearness of each label's nearest phrasing to every phrasing, which does not count itself."""
    others = (np.where(np.arange(len(row)) == at, 0.0, row) for at, row in enumerate(nearness))
    return np.array([_nearest(row, known.labels, known.count) for row in others], dtype=np.float32)


def _nearest(nearness: Floats, labels: Integers, count: int) -> Floats:
    """Return the nearness of each label's nearest phrasing; 0 for a label of which none takes part."""
    nearest = np.zeros(count, nearness.dtype)  # of another type it takes twenty times as long
    np.maximum.at(nearest, labels, nearness)
    return nearest


def _ridged(nearness: Floats) -> Floats:
    """Add the ridge where it is, without a second matrix of this size."""
    nearness[np.diag_indices_from(nearness)] += RIDGE
    return nearness
