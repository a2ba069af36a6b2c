"""Codes: what is read as one, when one fits, and what is said when a phone's clock is wrong."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest

from helpdesk.mfa import totp

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238's examples
NOW = datetime(2026, 11, 24, 9, 0, 10, tzinfo=UTC)


def code_at(steps: int, period: int = 30) -> str:
    return pyotp.TOTP(SECRET, interval=period).at(int(NOW.timestamp()) + steps * period)


@pytest.mark.parametrize(("second", "code"), [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")])
def test_codes_are_those_of_the_standard(second: int, code: str) -> None:
    moment = datetime.fromtimestamp(second, UTC)
    assert totp.matching_step(SECRET, code, now=moment, period=30) == second // 30


@pytest.mark.parametrize("typed", ["123456", "123 456", " 123456 ", "1 2 3 4 5 6"])
def test_spaces_do_not_matter(typed: str) -> None:
    assert totp.read_code(typed) == "123456"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12345",
        "1234567",
        "12345a",
        "１２３４５６",
        "𝟏𝟐𝟑𝟒𝟓𝟔",
        "١٢٣٤٥٦",
        "123\u00a0456",
        "123\u200b456",
        "123456\n",
        "+123456",
        "1.23e5",
        "123-456",
        "0x1E240",
    ],
)
def test_nothing_else_is_a_code(typed: str) -> None:
    assert totp.read_code(typed) is None


@pytest.mark.parametrize("period", [30, 60])
@pytest.mark.parametrize(
    ("steps", "fits"), [(-3, False), (-2, False), (-1, True), (0, True), (1, True), (2, False), (3, False)]
)
def test_a_code_fits_for_one_period_on_either_side(steps: int, fits: bool, period: int) -> None:
    step = totp.matching_step(SECRET, code_at(steps, period), now=NOW, period=period)
    assert step == (totp.step_of(NOW, period) + steps if fits else None)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (-10, "about 5 minutes slow"),
        (-3, "about 2 minutes slow"),
        (-2, "about 1 minute slow"),
        (2, "about 1 minute fast"),
        (4, "about 2 minutes fast"),
        (10, "about 5 minutes fast"),
    ],
)
def test_a_wrong_clock_is_said_in_minutes(steps: int, words: str) -> None:
    error = totp.clock_error(SECRET, code_at(steps), now=NOW, period=30)
    assert error is not None
    assert totp.clock_error_in_words(error) == words


@pytest.mark.parametrize("steps", [-11, 11])
def test_a_clock_that_is_further_off_is_not_guessed_at(steps: int) -> None:
    assert totp.clock_error(SECRET, code_at(steps), now=NOW, period=30) is None


def test_a_secret_has_160_bits() -> None:
    first, second = totp.make_secret(), totp.make_secret()
    assert len(first) == 32
    assert first != second


def test_the_key_is_written_in_groups_of_four() -> None:
    assert totp.in_groups(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


def test_the_address_says_what_is_unusual_and_no_more() -> None:
    usual = totp.setup_address(SECRET, issuer="Pharmacy MFA helpdesk", label="FA123 jo@nhs.net (2)", period=30)
    slow = totp.setup_address(SECRET, issuer="Helpdesk", label="jo@nhs.net", period=60)
    assert unquote(urlsplit(usual).path) == "/Pharmacy MFA helpdesk:FA123 jo@nhs.net (2)"
    assert parse_qs(urlsplit(usual).query) == {"secret": [SECRET], "issuer": ["Pharmacy MFA helpdesk"]}
    assert parse_qs(urlsplit(slow).query)["period"] == ["60"]


def test_a_code_of_a_step_fits_that_step() -> None:
    step = totp.step_of(NOW, 30) + 1
    assert totp.matching_step(SECRET, totp.code_of_step(SECRET, step, period=30), now=NOW, period=30) == step


def test_the_clock_error_counts_whole_steps() -> None:
    assert totp.clock_error(SECRET, code_at(-4), now=NOW, period=30) == timedelta(minutes=-2)
