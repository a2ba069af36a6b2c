import string
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.faq.search.engine import Engine, build_engine
from helpdesk.faq.search.types import Entry
from tests.unit.faq_search.conftest import NONE_OF_THESE, SMALL_FAQ, SYNONYMS

LONGEST_SECONDS = 0.2
# Any code point, surrogates too, with a fair share of those that people type.
CHARACTERS = st.one_of(st.sampled_from(string.printable), st.integers(0, 0x10FFFF).map(chr))
TEXTS = st.lists(CHARACTERS, max_size=60).map("".join)


@pytest.mark.parametrize("entry", SMALL_FAQ, ids=lambda entry: entry.id)
def test_every_phrasing_finds_its_entry(engine: Engine, entry: Entry) -> None:
    found = [engine.match(text).candidates[0].id for text in (entry.title, *entry.phrasings)]

    assert set(found) == {entry.id}


@pytest.mark.parametrize(
    ("message", "entry"),
    [
        ("someone stole my phone", "authenticators/lost-phone"),
        ("the barcde wont scn", "barcodes/will-not-scan"),
        ("my temporry pasword is rejcted", "accounts/temporary-password"),
        ("ive lost the dog and bone", "authenticators/lost-phone"),
        ("SQUARE NOT SCANNING!!!", "barcodes/will-not-scan"),
    ],
)
def test_other_words_and_mistakes_find_the_entry_too(engine: Engine, message: str, entry: str) -> None:
    assert engine.match(message).candidates[0].id == entry


def test_candidates_come_best_first(engine: Engine) -> None:
    match = engine.match("phone lost, new phone")
    scores = [candidate.score for candidate in match.candidates]

    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert match.confidence == match.candidates[0].confidence
    assert match.text == "phone lost, new phone"


def test_as_many_candidates_as_asked_for(engine: Engine) -> None:
    counts = [len(engine.match("phone", limit=limit).candidates) for limit in (0, 1, 2, 99)]

    assert counts == [0, 1, 2, len(SMALL_FAQ)]


def test_a_clear_message_is_surer_than_a_vague_one(engine: Engine) -> None:
    clear, vague = engine.match("lost my phone"), engine.match("phone")

    assert clear.confidence > 0.8 > vague.confidence


def test_none_of_these_lowers_the_confidence_and_is_no_candidate() -> None:
    message = "what is the weather where my phone is"
    without = build_engine(SMALL_FAQ).match(message, limit=99)
    with_them = build_engine(SMALL_FAQ, none_of_these=NONE_OF_THESE).match(message, limit=99)

    assert with_them.confidence < without.confidence
    assert {c.id for c in with_them.candidates} == {entry.id for entry in SMALL_FAQ}


def test_the_point_of_a_rambling_message_is_found(engine: Engine) -> None:
    story = "It has been a dreadful week with the boiler and two staff off and my car in the garage. "
    more = " Anyway the kettle is on and the van has only just been round with the afternoon delivery."

    match = engine.match(story + "Temporary password expired." + more)

    assert match.candidates[0].id == "accounts/temporary-password"


@pytest.mark.parametrize("message", ["", "   ", "😀", "\u200b", "\ud800", "?!", "你好"])
def test_a_message_without_words_matches_nothing(engine: Engine, message: str) -> None:
    match = engine.match(message)

    assert (match.candidates, match.confidence) == ((), 0.0)


def test_a_faq_without_entries_matches_nothing() -> None:
    for none_of_these in ((), [f"message number {number}" for number in range(60)]):
        assert build_engine([], none_of_these=none_of_these).match("lost phone").candidates == ()


def test_a_faq_of_one_entry_answers_it() -> None:
    match = build_engine([Entry("only", "Lost phone", ())]).match("I lost my phone")

    assert match.candidates[0].id == "only"


def test_an_entry_without_words_is_never_the_best() -> None:
    match = build_engine([Entry("empty", "你好", ()), *SMALL_FAQ]).match("lost my phone")

    assert match.candidates[0].id == "authenticators/lost-phone"


def test_two_engines_of_the_same_faq_agree(engine: Engine) -> None:
    other = build_engine(SMALL_FAQ, synonyms=SYNONYMS, none_of_these=NONE_OF_THESE)

    assert other.match("phone broken") == engine.match("phone broken")


def test_threads_share_an_engine(engine: Engine) -> None:
    messages = [phrasing for entry in SMALL_FAQ for phrasing in entry.phrasings]

    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(engine.match, messages))

    assert together == [engine.match(message) for message in messages]


def test_a_large_faq_finds_its_entries(large_engine: Engine, large_faq: tuple[Entry, ...]) -> None:
    wanted = large_faq[::90]
    matches = [large_engine.match(entry.phrasings[4]) for entry in wanted]

    assert [match.candidates[0].id for match in matches] == [entry.id for entry in wanted]
    assert min(match.confidence for match in matches) > 0.5


@pytest.mark.parametrize(
    "message",
    [
        "a" * 1_000_000,
        "zxqvw pqzrt " * 90_000,
        "how do I reset. my phone is lost? " * 30_000,
        "\u200b" * 1_000_000,
        "\ufdfa" * 1_000_000,
    ],
    ids=["one word", "nonsense", "sentences", "invisible", "expanding"],
)
def test_a_megabyte_takes_no_longer_than_a_blink(large_engine: Engine, message: str) -> None:
    start = time.thread_time()
    large_engine.match(message)

    assert time.thread_time() - start < LONGEST_SECONDS


@given(text=TEXTS)
@settings(max_examples=25, deadline=None)
def test_any_text_gets_probabilities(engine: Engine, text: str) -> None:
    match = engine.match(text)

    assert 0.0 <= match.confidence <= 1.0
    assert all(0.0 <= candidate.confidence <= 1.0 for candidate in match.candidates)


@given(phrasings=st.lists(TEXTS, max_size=3), none_of_these=st.lists(TEXTS, max_size=2))
@settings(max_examples=5, deadline=None)
def test_any_faq_can_be_built(phrasings: list[str], none_of_these: list[str]) -> None:
    entries = [Entry("one", "", tuple(phrasings)), Entry("two", "lost phone", ())]

    match = build_engine(entries, none_of_these=none_of_these).match("my phone is lost")

    assert match.candidates
