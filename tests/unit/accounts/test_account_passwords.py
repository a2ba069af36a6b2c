"""Which passwords are good enough, and that nothing else opens the door."""

import time

import pytest
from argon2 import extract_parameters

from helpdesk.accounts import passwords
from helpdesk.accounts.errors import PasswordRefused
from helpdesk.accounts.service.demo_people import make_passphrase

ABOUT = ["Ben Okafor", "b.okafor@wellbeing.example.org", "Pharmacy MFA helpdesk"]


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "teapot-otter-kettle-lemon-42",
        "hunde sind nette tiere",
        "päßwörter sind gut",
        "x7#Kq!vR2m$z",
        "日本語のながいパスフレーズ",
        "correct horse battery\x00staple",
        "passwords are like underwear",
        "the quick brown fox jumps over the lazy dog " * 2 + "and then has a rest of forty letters abx",
    ],
)
def test_long_and_unusual_passwords_are_accepted(password: str) -> None:
    passwords.ensure_acceptable(password, about=ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        *("Password1234!", "P@ssw0rd2026", "PasswordPassword", "qwertyuiop12", "123456789012"),
        *("aaaaaaaaaaaa", "abcabcabcabc", "abcdefghijklmnop", "Welcome2026!!", "Summer2026Summer", "iloveyou12345"),
        *("PharmOutcomes26", "Liverpool1234", "            ", "😀😀😀😀😀😀😀😀😀😀😀😀", "Arsenal!!!!2026"),
    ],
)
def test_predictable_passwords_are_refused(password: str) -> None:
    with pytest.raises(PasswordRefused, match="harder to guess"):
        passwords.ensure_acceptable(password, about=[])


@pytest.mark.parametrize(
    "password",
    ["my name is okafor, really", "0k4f0r likes long words", "wellbeing of the nation", "a good old helpdesk song"],
)
def test_what_others_know_about_the_person_is_refused(password: str) -> None:
    with pytest.raises(PasswordRefused, match="without your name"):
        passwords.ensure_acceptable(password, about=ABOUT)


@pytest.mark.parametrize(
    ("password", "words"), [("x7#Kq!vR2m$", "12 characters or more"), ("x7#Kq!vR2m$" * 12, "128 characters or fewer")]
)
def test_short_and_very_long_passwords_are_refused(password: str, words: str) -> None:
    with pytest.raises(PasswordRefused, match=words):
        passwords.ensure_acceptable(password, about=[])


def test_a_passphrase_for_the_demo_is_a_good_password() -> None:
    for _ in range(50):
        passwords.ensure_acceptable(make_passphrase(), about=ABOUT)


KEPT = passwords.hash_password("correct horse battery")


def test_the_password_matches_its_hash() -> None:
    assert passwords.matches(KEPT, "correct horse battery")


@pytest.mark.parametrize(
    "wrong", ["correct horse batterY", "", pytest.param(KEPT, id="the hash itself"), "correct horse battery\x00"]
)
def test_nothing_else_matches(wrong: str) -> None:
    assert not passwords.matches(KEPT, wrong)


def test_nothing_matches_where_there_is_no_hash() -> None:
    assert not passwords.matches(None, "correct horse battery")


def test_nothing_matches_what_is_no_hash() -> None:
    assert not passwords.matches("correct horse battery", "correct horse battery")


def test_a_password_matches_however_the_keyboard_composes_it() -> None:
    assert passwords.matches(passwords.hash_password("grüne bäume im wald"), "gru\u0308ne ba\u0308ume im wald")


def test_hashes_cost_what_was_decided() -> None:
    for kept in (passwords.hash_password("correct horse battery"), passwords._NOBODYS_HASH):
        cost = extract_parameters(kept)
        assert (cost.type.name, cost.time_cost, cost.memory_cost, cost.parallelism) == ("ID", 2, 19_456, 1)


def test_a_huge_password_is_refused_before_it_costs_time() -> None:
    huge = "x" * 1_000_000
    started = time.perf_counter()
    assert not passwords.matches(KEPT, huge)
    with pytest.raises(PasswordRefused):
        passwords.ensure_acceptable(huge, about=ABOUT)
    assert time.perf_counter() - started < 0.01
