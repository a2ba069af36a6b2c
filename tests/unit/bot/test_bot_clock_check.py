"""What a clock means for codes: truth tables."""

from datetime import UTC, datetime

import pytest

from helpdesk.bot.rules.clock_check import (
    clock_found,
    clock_key,
    how_far_out,
    is_right,
    is_time,
    measured_skew,
    typed_skew,
    what_it_does,
)

# 10:42:15 in winter, when London has the time of the world.
NOW = datetime(2026, 11, 24, 10, 42, 15, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 9, 42, 15, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 24, 0, 0, 20, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [0, 2, 29, -29, 29.9, 30, -30])
def test_a_clock_up_to_half_a_minute_out_is_right(seconds: float) -> None:
    assert is_right(seconds)


@pytest.mark.parametrize(
    ("seconds", "words", "does"),
    [
        (31, "31 seconds fast", "That can be enough for codes to be refused."),
        (-31, "31 seconds slow", "That can be enough for codes to be refused."),
        (60, "1 minute fast", "That can be enough for codes to be refused."),
        (89.4, "1 minute 29 seconds fast", "That can be enough for codes to be refused."),
        (90, "1 minute 30 seconds fast", "That can make every code wrong."),
        (-90, "1 minute 30 seconds slow", "That can make every code wrong."),
        (130, "2 minutes 10 seconds fast", "That can make every code wrong."),
        (-130, "2 minutes 10 seconds slow", "That can make every code wrong."),
        (3_600, "1 hour fast", "That can make every code wrong."),
        (3_661, "1 hour 1 minute fast", "That can make every code wrong."),
        (-90_061, "1 day 1 hour slow", "That can make every code wrong."),
        (31_000_000, "358 days 19 hours fast", "That can make every code wrong."),
    ],
)
def test_a_wrong_clock_is_told_by_how_much_and_what_it_does(seconds: float, words: str, does: str) -> None:
    assert not is_right(seconds)
    assert (how_far_out(seconds), what_it_does(seconds)) == (words, does)


@pytest.mark.parametrize(("value", "seconds"), [("130", 130), ("-29.4", -29.4), ("0", 0), (" 31 ", 31), (90.0, 90)])
def test_what_a_browser_measured_is_taken(value: str | float, seconds: float) -> None:
    assert measured_skew(value) == seconds


@pytest.mark.parametrize(
    "value",
    ["", None, "NaN", "inf", "-Infinity", "1e400", "31622401", "-99999999999", "fast", "1 30", "0x10", float("nan")],
)
def test_what_can_be_no_measurement_is_none(value: str | float | None) -> None:
    assert measured_skew(value) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10:42", 0),
        ("10.42", 0),
        ("it says 10:42", 0),
        ("My phone shows 10:42 AM now", 0),
        ("10:42:15", 0),
        ("10:42:00", 0),
        ("10:41", 0),  # may have been read 16 seconds ago
        ("10:43", 60),
        ("10:44", 120),
        ("10:40", -120),
        ("10:44:25", 130),
        ("10:40:05", -130),
        ("11:42", 3_600),
        ("9:42am", -3_600),
        ("22:42", -43_200),
        ("10:44 p.m.", -43_080),
    ],
)
def test_a_typed_time_is_compared_with_the_time_in_england(text: str, seconds: int) -> None:
    assert typed_skew(text, NOW) == seconds
    assert typed_skew(text, SUMMER) == seconds


@pytest.mark.parametrize(("text", "seconds"), [("23:58", -120), ("0:02", 120), ("12:02", 120), ("12:00 am", 0)])
def test_a_typed_time_goes_the_short_way_round_midnight(text: str, seconds: int) -> None:
    assert typed_skew(text, MIDNIGHT) == seconds


def test_a_clock_without_seconds_is_right_where_the_minute_has_hardly_begun() -> None:
    almost = NOW.replace(second=45)

    assert typed_skew("10:43", almost) == 0


@pytest.mark.parametrize(
    "text", ["", "104215", "25:10", "10:61", "10:4", "half past ten", "refused since 9:15", "٤٢:١٠", "call me at 10:42"]
)
def test_other_words_are_no_time(text: str) -> None:
    assert typed_skew(text, NOW) is None


def test_a_message_that_holds_a_time_among_other_words_is_a_message() -> None:
    assert is_time("10:42 am")
    assert not is_time("it says 10:42")


@pytest.mark.parametrize("seconds", [31, -31, 130, -130, 31_000_000])
@pytest.mark.parametrize("is_typed", [True, False])
def test_what_was_found_is_kept_in_a_word(seconds: int, is_typed: bool) -> None:
    found = clock_found(clock_key(seconds, is_typed=is_typed))

    assert found is not None
    assert found.seconds_fast == seconds
    assert found.in_words.startswith("about ") is is_typed


@pytest.mark.parametrize("key", ["", "fast", "fast-", "fast--1", "fast-1.5", "fast-999999999", "slow-1/no", "Fast-10"])
def test_other_words_keep_no_clock(key: str) -> None:
    assert clock_found(key) is None
