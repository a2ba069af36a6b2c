import numpy as np
import pytest

from helpdesk.faq.search.similarity import LexicalKernel, pieces_of, stems_of
from helpdesk.faq.search.sparse import SparseIndex
from tests.unit.faq_search.conftest import reading

PHRASINGS = list(
    map(reading, [("lost", "my", "phone"), ("new", "phone"), ("code", "refused"), ("codes", "refused", "again")])
)
KERNEL = LexicalKernel(PHRASINGS, np.array([0, 1, 2, 2]))


def test_words_are_compared_by_their_stems() -> None:
    assert stems_of(("scanning", "scans")) == ["scan", "scan"]


def test_pieces_do_not_cross_the_border_of_a_word() -> None:
    assert pieces_of(("it", "a")) == [" it", "it ", " it ", " a "]


def test_cosines_are_those_of_the_textbook() -> None:
    index = SparseIndex([{"a": 3.0, "b": 4.0}, {"c": 1.0}])

    assert index.cosines({"a": 1.0}) == pytest.approx([0.6, 0.0])


def test_an_unknown_feature_lowers_every_cosine() -> None:
    index = SparseIndex([{"a": 1.0}])

    assert index.cosines({"a": 3.0, "unknown": 4.0}) == pytest.approx([0.6])


def test_a_text_without_features_is_like_nothing() -> None:
    assert SparseIndex([{"a": 1.0}]).cosines({}).tolist() == [0.0]


def test_a_phrasing_is_as_near_as_can_be_to_itself() -> None:
    assert KERNEL.against(PHRASINGS[0])[0] == pytest.approx(1.0)


def test_nearness_among_phrasings_agrees_with_nearness_of_messages() -> None:
    rows = np.array([3, 0, 2])
    one_by_one = [KERNEL.against(PHRASINGS[row])[rows] for row in rows]

    assert KERNEL.among(rows) == pytest.approx(np.array(one_by_one), abs=1e-6)


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    to_lost, to_new, *_ = KERNEL.against(reading(("lost", "phone", "the")))

    assert to_lost > to_new
