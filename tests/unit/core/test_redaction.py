"""Secrets go before anything is kept; what only looks like one stays."""

import re
import sys
from collections import Counter
from itertools import chain

import pytest

from helpdesk.core import digit_secrets, word_secrets
from helpdesk.core.plain_text import MOST_CHARACTERS, clean_text
from helpdesk.core.redaction import (
    MARKERS,
    notice_to_helpdesk,
    notice_to_writer,
    redact,
    without_markers,
    without_secrets,
)
from helpdesk.core.secret_spans import SecretKind
from tests.unit.core.redaction_examples import HARMLESS, read_examples

EXAMPLES = read_examples()
SURE = (SecretKind.NHS_NUMBER, SecretKind.CARD_NUMBER, SecretKind.SETUP_LINK, SecretKind.ACTIVATION_CODE)
PATTERNS = [
    pattern
    for pattern in chain(vars(digit_secrets).values(), vars(word_secrets).values())
    if isinstance(pattern, re.Pattern)
]
# Each begins what a pattern looks for, again and again, and never ends it.
HOSTILE = (
    "1",
    "1 ",
    "12 3-",
    "otpauth:",
    "password is ",
    "password ",
    "abc-",
    "ABCD ",
    "secret key ",
    "activation code ",
    "code ",
    "\u0661",
    "a\u200d",
    "[",
    "4111 ",
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("my code [security code removed] is refused", "my code is refused"),
        ("[set-up link removed]", ""),
        ("[NHS number removed], [a thing removed]\nhelp", ", [a thing removed]\nhelp"),
        ("my code is refused ", "my code is refused "),
    ],
)
def test_what_is_left_of_a_text_is_what_the_person_said(text: str, left: str) -> None:
    assert without_markers(text) == left


def test_half_of_the_examples_are_harmless() -> None:
    counted = Counter(example.section == HARMLESS for example in EXAMPLES)

    assert counted.total() >= 300
    assert counted[True] >= counted.total() / 2


@pytest.mark.parametrize("kind", SURE)
def test_what_can_be_checked_goes(kind: SecretKind) -> None:
    assert _recall(kind) >= 0.99


@pytest.mark.parametrize("kind", [kind for kind in SecretKind if kind not in SURE])
def test_what_is_known_by_its_context_goes(kind: SecretKind) -> None:
    assert _recall(kind) >= 0.95


def test_what_only_looks_like_a_secret_stays() -> None:
    harmless = [example.typed for example in EXAMPLES if example.section == HARMLESS]
    hit = [text for text in harmless if redact(text).kinds]

    assert len(hit) <= len(harmless) / 100, hit


def test_the_marker_stands_exactly_in_the_place_of_the_secret() -> None:
    wrong = {one.typed: redact(one.typed).text for one in EXAMPLES if redact(one.typed).text != one.kept}

    assert not wrong


def test_nothing_more_goes_the_second_time() -> None:
    for example in EXAMPLES:
        once = redact(example.typed).text
        assert redact(once).text == once


def test_cleaning_first_changes_nothing_that_is_found() -> None:
    missed = [one.typed for one in EXAMPLES if one.secrets and not redact(clean_text(one.typed)).kinds]

    assert not missed


def test_several_kinds_are_told_in_one_list() -> None:
    redacted = redact("My password is Hunter2!, the code 482 913, patient 943 476 5919")

    assert redacted.kinds == (SecretKind.SECURITY_CODE, SecretKind.PASSWORD, SecretKind.NHS_NUMBER)
    assert redacted.text == (
        "My password is [password removed] the code [security code removed], patient [NHS number removed]"
    )
    assert notice_to_writer(redacted.text) == (
        "We removed a security code, a password and an NHS number from your message. "
        "You do not need to send them to us."
    )


def test_one_kind_is_told_in_calm_words() -> None:
    kept = without_secrets("code 482913")

    assert notice_to_writer(kept) == ("We removed a security code from your message. You do not need to send it to us.")
    assert notice_to_helpdesk(kept) == "We removed a security code from this message."
    assert notice_to_writer("code refused") == notice_to_helpdesk("code refused") == ""


def test_a_marker_never_makes_a_text_too_long_for_its_column() -> None:
    assert len(without_secrets("code 482913 " * 10, 120)) == 120


@pytest.mark.parametrize("check", range(10))
def test_only_one_check_digit_is_right(check: int) -> None:
    assert (redact(f"943476591{check}").kinds == (SecretKind.NHS_NUMBER,)) is (check == 9)


def test_every_repeat_in_every_pattern_has_an_upper_bound() -> None:
    for pattern in PATTERNS:
        repeats = re.sub(r"\\.|\[[^\]]*\]", "", pattern.pattern)
        assert not re.search(r"[*+]|\{\d*,\}", repeats), pattern.pattern


@pytest.mark.parametrize("part", HOSTILE)
def test_twice_the_text_takes_twice_the_steps(part: str) -> None:
    half, whole = _steps(part, MOST_CHARACTERS // 20), _steps(part, MOST_CHARACTERS // 10)

    assert whole <= 2.2 * half + 100


@pytest.mark.parametrize("part", HOSTILE)
def test_the_longest_text_ends(part: str) -> None:
    text = (part * MOST_CHARACTERS)[:MOST_CHARACTERS]

    assert all(kind in MARKERS for kind in redact(text).kinds)


def _recall(kind: SecretKind) -> float:
    """The share of this kind's secrets of which nothing is left."""
    found = [
        not any(secret in redact(one.typed).text for secret in one.secrets) for one in EXAMPLES if one.section == kind
    ]
    return sum(found) / len(found)


def _steps(part: str, length: int) -> int:
    """How many lines of Python the work takes."""
    counted = 0

    def count(_frame: object, event: str, _argument: object) -> object:
        nonlocal counted
        counted += event == "line"
        return count

    text, before = (part * length)[:length], sys.gettrace()
    sys.settrace(count)  # type: ignore[arg-type]  # typeshed wants its own protocol
    try:
        redact(text)
    finally:
        sys.settrace(before)
    return counted
