"""How figures about matching are counted, each with the interval in which the true one lies 95 times in 100."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from helpdesk.faq.search.arrays import Floats, Integers

# 95 % of a normal distribution lie within so many standard deviations.
NINETY_FIVE_PERCENT = 1.959964
MIDDLE_95 = (2.5, 97.5)

BINS = 10
# Drawn anew so often, always with the same seed: the same file gives the same interval.
RESAMPLES = 1_000
SEED = 2026


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the interval in which the true share lies 95 times in 100."""

    count: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share itself; 0 of nothing."""
        return self.count / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure that is no share, with the interval in which the true one lies 95 times in 100."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bin:
    """The messages whose confidence lies between two tenths: how sure the engine was, and how often it was right."""

    low: float
    high: float
    mean_confidence: float
    right: Share


def share_of(count: int, total: int) -> Share:
    """A share with its 95 % interval by Wilson, which holds for few messages and near 0 and 1."""
    if not total:
        return Share(0, 0, 0.0, 1.0)
    z2 = NINETY_FIVE_PERCENT**2
    share = count / total
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = NINETY_FIVE_PERCENT / (1 + z2 / total) * sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    return Share(count, total, max(0.0, middle - half), min(1.0, middle + half))


def separation(ours: Sequence[float], others: Sequence[float]) -> Estimate | None:
    """The area under the ROC curve: how often one of ours beats one of the others, ties counting half.

    The interval is DeLong's. None without both sorts.
    """
    if not ours or not others:
        return None
    mine, theirs = np.array(ours)[:, None], np.array(others)[None, :]
    wins = (mine > theirs) + (mine == theirs) / 2
    area = float(wins.mean())
    half = NINETY_FIVE_PERCENT * sqrt(_variance_of_mean(wins.mean(axis=1)) + _variance_of_mean(wins.mean(axis=0)))
    return Estimate(area, max(0.0, area - half), min(1.0, area + half))


def bins_of(confidences: Sequence[float], right: Sequence[bool]) -> tuple[Bin, ...]:
    """The messages by tenths of confidence; 1 belongs to the last."""
    numbers = _bin_numbers(np.array(confidences))
    bins = []
    for number in range(BINS):
        among = [at for at, one in enumerate(numbers) if one == number]
        low, high = number / BINS, (number + 1) / BINS
        mean = sum(confidences[at] for at in among) / len(among) if among else (low + high) / 2
        bins.append(Bin(low, high, mean, share_of(sum(right[at] for at in among), len(among))))
    return tuple(bins)


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> Estimate | None:
    """The expected calibration error: by how much confidence and truth differ in a bin, on average over messages.

    The interval is a bootstrap's. A few messages never agree with their confidence, so it is too high for those.
    """
    if not confidences:
        return None
    gaps = np.array(confidences) - np.array(right)
    numbers = _bin_numbers(np.array(confidences))
    chance = np.random.default_rng(SEED)
    drawn = (chance.integers(len(gaps), size=len(gaps)) for _ in range(RESAMPLES))
    low, high = np.percentile([_error(gaps[rows], numbers[rows]) for rows in drawn], MIDDLE_95)
    return Estimate(_error(gaps, numbers), float(low), float(high))


def _variance_of_mean(values: Floats) -> float:
    return float(values.var(ddof=1)) / len(values) if len(values) > 1 else 0.0


def _bin_numbers(confidences: Floats) -> Integers:
    return np.minimum((confidences * BINS).astype(np.intp), BINS - 1)


def _error(gaps: Floats, numbers: Integers) -> float:
    return float(np.abs(np.bincount(numbers, weights=gaps, minlength=BINS)).sum() / len(gaps))
