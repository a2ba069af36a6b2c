"""How likely a candidate is right (after Platt 1999): from its score, its lead, and its nearest phrasing.

The third signal was taken in because phrasings held out of three FAQs (ours, CLINC150 and BANKING77) were told apart
better with it; no message had a say.
"""

from dataclasses import astuple, dataclass

import numpy as np

from helpdesk.faq.search.arrays import Flags, Floats
from helpdesk.faq.search.ridge import HeldOut, Scorer, Standing

# The share of messages that are about something in the FAQ; decided in the design of the engine.
IN_SCOPE = 0.7
# A phrasing is harder to find without itself than a message is with all phrasings there, so a miss counts half.
# Of 1, 1/2, 1/4 and 0, the middle two came nearest to the truth on four question sets, and about equally near.
WEIGHT_OF_A_MISS = 0.5
# With fewer held-out phrasings than this a fit would follow chance.
FEWEST_ROWS = 50
# Keeps the curve finite when right and wrong can be told apart without a mistake.
PULL_TO_SHIPPED = 1.0
MOST_ROUNDS = 500
SMALL_STEP = 1e-4


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic curve over score, lead and nearest phrasing."""

    bias: float
    per_score: float
    per_lead: float
    per_nearest: float

    def of(self, signals: Floats) -> Floats:
        """Return the probability that a candidate is right, for each row of its three signals."""
        return _logistic(self.bias + signals @ np.array([self.per_score, self.per_lead, self.per_nearest]))


# Between the curves fitted to CLINC150, BANKING77 and the FAQ of 2026.
SHIPPED = Confidence(bias=-2.0, per_score=5.0, per_lead=5.0, per_nearest=0.0)


def signals_of(standing: Standing) -> Floats:
    """Return the signals of every label, in the last axis: score, lead and nearness of the nearest phrasing."""
    return np.stack([standing.scores, leads(standing.scores), standing.nearest], axis=-1)


def leads(scores: Floats) -> Floats:
    """Return by how much each score exceeds the best of the others and zero, by row."""
    nothing = np.zeros((*scores.shape[:-1], 1))
    ordered = np.partition(np.concatenate([scores, nothing], axis=-1), -2, axis=-1)
    second, best = ordered[..., -2:-1], ordered[..., -1:]
    lead: Floats = scores - np.where(scores == best, second, best)
    return lead


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What held-out phrasings show: the signals of the entry each finds, if it is right, and how much it counts."""

    signals: Floats
    is_right: Flags
    weights: Floats


def calibrate(scorer: Scorer, entries: int) -> Confidence:
    """Fit the curve to the FAQ itself. Labels from `entries` upwards are no entries: "none of these"."""
    seen = rehearse(scorer, entries) if entries else None
    if seen is None or len(seen.signals) < FEWEST_ROWS:
        return SHIPPED
    return fit(seen.signals, seen.is_right, seen.weights)


def rehearse(scorer: Scorer, entries: int) -> Rehearsal:
    """Let the scorer find phrasings held out alone, and with their whole entry."""
    rows = _held_out(scorer, entries)
    first = rows.standing.scores[:, :entries].argmax(axis=1)
    signals = signals_of(rows.standing)[np.arange(len(first)), first]
    is_right = first == rows.labels
    return Rehearsal(signals, is_right, _weights(is_right, rows.labels < entries))


def fit(signals: Floats, is_right: Flags, weights: Floats) -> Confidence:
    """Fit the curve to rows of signals, by steps that cannot overshoot (Böhning 1992)."""
    inputs = np.column_stack([np.ones(len(signals)), signals])
    shipped = np.array(astuple(SHIPPED))
    steepest = (inputs.T * weights) @ inputs / 4 + PULL_TO_SHIPPED * np.eye(len(shipped))
    curve = shipped
    for _ in range(MOST_ROUNDS):
        slope = inputs.T @ (weights * (_logistic(inputs @ curve) - is_right))
        step = np.linalg.solve(steepest, slope + PULL_TO_SHIPPED * (curve - shipped))
        curve = curve - step
        if np.abs(step).max() < SMALL_STEP:
            break
    return Confidence(*map(float, curve))


def _held_out(scorer: Scorer, entries: int) -> HeldOut:
    """A phrasing without its entry is like a message that none answers, and is labelled so."""
    alone, outside = scorer.without_phrasing(), scorer.without_label()
    of_entry = outside.labels < entries
    standing = Standing(
        np.concatenate([alone.standing.scores, outside.standing.scores[of_entry]]),
        np.concatenate([alone.standing.nearest, outside.standing.nearest[of_entry]]),
    )
    return HeldOut(standing, np.concatenate([alone.labels, np.full(of_entry.sum(), entries)]))


def _weights(is_right: Flags, in_scope: Flags) -> Floats:
    """Return weights that add up to IN_SCOPE for rows in scope, times the number of rows."""
    weights = np.where(in_scope & ~is_right, WEIGHT_OF_A_MISS, 1.0)
    inside = weights[in_scope].sum() or 1.0
    outside = weights[~in_scope].sum() or 1.0
    share = np.where(in_scope, IN_SCOPE / inside, (1.0 - IN_SCOPE) / outside)
    return weights * share * len(weights)


def _logistic(values: Floats | float) -> Floats:
    probability: Floats = 1.0 / (1.0 + np.exp(-np.clip(values, -30.0, 30.0)))
    return probability
