from itertools import product

import numpy as np
import pytest

from helpdesk.faq.search.arrays import Floats, Integers
from helpdesk.faq.search.inversion import invert
from helpdesk.faq.search.ridge import Labelled, SolvedOnce, SolvedPerMessage, Standing, scorer_for
from helpdesk.faq.search.similarity import LexicalKernel
from helpdesk.faq.search.types import Reading
from tests.unit.faq_search.conftest import reading

PHRASINGS = list(
    map(
        reading,
        [
            ("lost", "phone"),
            ("phone", "stolen"),
            ("phone", "is", "lost"),
            ("code", "refused"),
            ("refuses", "my", "code"),
            ("new", "password"),
            ("password", "expired"),
        ],
    )
)
LABELS = np.array([0, 0, 0, 1, 1, 2, 2])


class Without:
    """The nearness of messages to some of the phrasings only."""

    def __init__(self, kernel: LexicalKernel, kept: list[int]) -> None:
        self._kernel = kernel
        self._kept = np.array(kept)

    def against(self, message: Reading) -> Floats:
        nearness: Floats = self._kernel.against(message)[self._kept]
        return nearness

    def among(self, rows: Integers) -> Floats:
        return self._kernel.among(self._kept[rows])


def standing_without(left_out: list[int], message: int) -> Standing:
    kept = [row for row in range(len(PHRASINGS)) if row not in left_out]
    kernel = Without(LexicalKernel(PHRASINGS, LABELS), kept)
    return SolvedOnce(kernel, Labelled([PHRASINGS[row] for row in kept], LABELS[kept], 3)).standing(PHRASINGS[message])


@pytest.fixture(scope="module")
def scorer() -> SolvedOnce:
    return SolvedOnce(LexicalKernel(PHRASINGS, LABELS), Labelled(PHRASINGS, LABELS, 3))


@pytest.mark.parametrize("size", [1, 2, 128, 129, 301])
def test_inversion_in_place_agrees_with_numpy(size: int) -> None:
    points = np.random.default_rng(size).normal(size=(size, 8))
    distances = ((points[:, None] - points) ** 2).sum(axis=-1)
    matrix = (np.exp(-distances / 8) + 0.1 * np.eye(size)).astype(np.float32)
    expected = np.linalg.inv(matrix)

    invert(matrix)

    assert np.abs(matrix - expected).max() < 1e-3


def test_a_known_phrasing_scores_best_for_its_own_label(scorer: SolvedOnce) -> None:
    assert [scorer.standing(words).scores.argmax() for words in PHRASINGS] == LABELS.tolist()


def test_the_closed_form_equals_leaving_one_phrasing_out(scorer: SolvedOnce) -> None:
    one_by_one = [standing_without([row], row) for row in range(len(PHRASINGS))]

    held_out = scorer.without_phrasing().standing
    assert held_out.scores == pytest.approx(np.array([one.scores for one in one_by_one]), abs=1e-4)
    assert held_out.nearest == pytest.approx(np.array([one.nearest for one in one_by_one]), abs=1e-4)


def test_the_closed_form_equals_leaving_a_whole_label_out(scorer: SolvedOnce) -> None:
    same = [np.flatnonzero(label == LABELS).tolist() for label in LABELS]
    one_by_one = [standing_without(rows, row) for row, rows in enumerate(same)]

    held_out = scorer.without_label().standing
    assert held_out.scores == pytest.approx(np.array([one.scores for one in one_by_one]), abs=1e-4)
    assert held_out.nearest == pytest.approx(np.array([one.nearest for one in one_by_one]), abs=1e-4)


def test_a_small_system_per_message_finds_what_solving_once_finds() -> None:
    phrasings = [reading((f"word{a}", f"thing{b}")) for a, b in product(range(15), range(10))]
    known = Labelled(phrasings, np.arange(150) // 10, 15)
    kernel = LexicalKernel(phrasings, known.labels)
    once, per_message = SolvedOnce(kernel, known), SolvedPerMessage(kernel, known)
    message = reading(("word7", "thing3", "again"))

    assert once.standing(message).scores.argmax() == per_message.standing(message).scores.argmax() == 7
    assert once.standing(message).nearest.max() == pytest.approx(per_message.standing(message).nearest.max())


def test_few_phrasings_are_solved_once() -> None:
    known = Labelled(PHRASINGS, LABELS, 3)

    assert isinstance(scorer_for(LexicalKernel(PHRASINGS, LABELS), known), SolvedOnce)
