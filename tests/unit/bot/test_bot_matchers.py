"""The matchers that ours is compared with do what their names say."""

import pytest
from rapidfuzz import fuzz

from helpdesk.bot.service.matchers import Matcher, bm25_matcher, other_matchers, ratio_matcher
from helpdesk.faq.search.types import Entry

ENTRIES = (
    Entry("codes/clock", "My clock is wrong", ("the phone shows the wrong time", "clocks")),
    Entry("codes/rejected", "My code is refused", ("the code is wrong", "refusing my codes")),
    Entry("barcodes/will-not-scan", "The square will not scan", ("the camera sees nothing", "cannot read it")),
)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("clock", "codes/clock"),
        ("scanning the squares", "barcodes/will-not-scan"),
        ("refuses", "codes/rejected"),
    ],
)
def test_bm25_finds_the_phrasing_with_the_same_stems(text: str, first: str) -> None:
    assert bm25_matcher(ENTRIES)(text).ids[0] == first


def test_bm25_weighs_a_rare_word_more_and_is_surer_of_a_short_text() -> None:
    find = bm25_matcher(ENTRIES)

    assert find("camera").confidence > find("the").confidence > 0
    assert find("clock").confidence > find("camera").confidence


def test_bm25_by_hand() -> None:
    # Two texts, one word each: rarity log(1 + 1.5/1.5) = log 2, and 2.2 · 1 / (1 + 1.2 · 1).
    find = bm25_matcher([Entry("a/a", "zebra", ()), Entry("a/b", "crossing", ())])

    assert find("zebra").confidence == pytest.approx(0.6931, abs=0.0001)


@pytest.mark.parametrize("text", ["", "fnord gribbled", "???"])
def test_words_that_nobody_knows_leave_every_matcher_unsure(text: str) -> None:
    for find in (bm25_matcher(ENTRIES), ratio_matcher(ENTRIES, fuzz.token_set_ratio)):
        assert find(text).confidence < 0.5


def test_an_entry_is_found_once_by_its_best_phrasing() -> None:
    matchers: dict[str, Matcher] = other_matchers(ENTRIES, None)

    assert list(matchers) == ["WRatio", "token_set_ratio", "BM25", "BM25, whole entries"]
    for find in matchers.values():
        assert sorted(find("the code is wrong").ids) == ["barcodes/will-not-scan", "codes/clock", "codes/rejected"]
        assert find("the code is wrong").ids[0] == "codes/rejected"


def test_capitals_and_punctuation_make_no_difference() -> None:
    for find in other_matchers(ENTRIES, None).values():
        assert find("  THE code is Wrong?!") == find("the code is wrong")


def test_phrasings_add_up_where_an_entry_is_one_text() -> None:
    entries = [Entry("a/a", "zebra", ("snorkel",)), Entry("a/b", "pancake zebra snorkel", ()), *ENTRIES]
    find = other_matchers(entries, None)["BM25, whole entries"]

    assert find("zebra snorkel").ids[0] == "a/a"
    assert other_matchers(entries, None)["BM25"]("zebra snorkel").ids[0] == "a/b"
