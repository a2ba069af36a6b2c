"""How likely a candidate is right, from its score and its lead over the others (after Platt 1999)."""

from dataclasses import dataclass

import numpy as np

from helpdesk.faq.search.arrays import Flags, Floats
from helpdesk.faq.search.ridge import HeldOut, Scorer

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
    """A logistic curve over score and lead."""

    bias: float
    per_score: float
    per_lead: float

    def of(self, score: float, lead: float) -> float:
        """Return the probability that a candidate with this score and lead is right."""
        logit = self.bias + self.per_score * score + self.per_lead * lead
        return float(_logistic(logit))


# Between the curves fitted to CLINC150, BANKING77 and the FAQ of 2026.
SHIPPED = Confidence(bias=-2.0, per_score=5.0, per_lead=5.0)


def leads(scores: Floats) -> Floats:
    """Return by how much each score exceeds the best of the others and zero, by row."""
    nothing = np.zeros((*scores.shape[:-1], 1))
    ordered = np.partition(np.concatenate([scores, nothing], axis=-1), -2, axis=-1)
    second, best = ordered[..., -2:-1], ordered[..., -1:]
    lead: Floats = scores - np.where(scores == best, second, best)
    return lead


def calibrate(scorer: Scorer, entries: int) -> Confidence:
    """Fit the curve to the FAQ itself: phrasings held out alone, and with their whole entry.

    Labels from `entries` upwards are no entries: "none of these".
    """
    rows = _held_out(scorer, entries)
    if not entries or len(rows.labels) < FEWEST_ROWS:
        return SHIPPED
    first = rows.scores[:, :entries].argmax(axis=1)
    each = np.arange(len(first))
    signals = np.column_stack([rows.scores[each, first], leads(rows.scores)[each, first]])
    is_right = first == rows.labels
    return fit(signals, is_right, _weights(is_right, rows.labels < entries))


def fit(signals: Floats, is_right: Flags, weights: Floats) -> Confidence:
    """Fit the curve to rows of (score, lead), by steps that cannot overshoot (Böhning 1992)."""
    inputs = np.column_stack([np.ones(len(signals)), signals])
    shipped = np.array([SHIPPED.bias, SHIPPED.per_score, SHIPPED.per_lead])
    steepest = (inputs.T * weights) @ inputs / 4 + PULL_TO_SHIPPED * np.eye(3)
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
    return HeldOut(
        np.concatenate([alone.scores, outside.scores[of_entry]]),
        np.concatenate([alone.labels, np.full(of_entry.sum(), entries)]),
    )


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
