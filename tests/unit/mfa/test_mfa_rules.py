"""What an entry is called, how recovery codes are read, and who may do what with one."""

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.accounts.permissions import permissions_of
from helpdesk.accounts.types.directory import Role
from helpdesk.mfa import recovery_text
from helpdesk.mfa.rules import factors

MIDDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "email", "generation", "label"),
    [
        ("FA123", "jo.smith@nhs.net", 1, "FA123 jo.smith@nhs.net"),
        ("FA123", "jo.smith@nhs.net", 2, "FA123 jo.smith@nhs.net (2)"),
        ("FE500", "jo.smith@nhs.net", 1, "FE500 jo.smith@nhs.net"),
        (None, "ben@helpdesk.example", 1, "HELPDESK ben@helpdesk.example"),
        ("FA123", "jo+x@nhs.net", 11, "FA123 jo+x@nhs.net (11)"),
        ("FA123", 'a:b&issuer=Evil%3A"><script>\u202e@nhs.net', 1, "FA123 abissuerEvil3Ascript@nhs.net"),
    ],
)
def test_an_entry_is_named_by_site_address_and_number(
    code: str | None, email: str, generation: int, label: str
) -> None:
    assert factors.label(site_code=code, email=email, generation=generation) == label


def test_a_long_label_keeps_its_number() -> None:
    label = factors.label(site_code="FA123", email="x" * 300 + "@nhs.net", generation=2)
    assert len(label) == factors.LONGEST_LABEL
    assert label.endswith(" (2)")


def test_a_setup_waits_for_ten_minutes() -> None:
    assert not factors.pending_is_over(MIDDAY - timedelta(minutes=9, seconds=59), MIDDAY)
    assert factors.pending_is_over(MIDDAY - timedelta(minutes=10), MIDDAY)


def test_the_waits_only_grow() -> None:
    waits = [factors.WAITS[failures] for failures in sorted(factors.WAITS)]
    assert min(factors.WAITS) == 6
    assert waits == sorted(waits)


@pytest.mark.parametrize(
    ("role", "set_up_only"),
    [
        (Role.AGENT, False),
        (Role.LEAD_AGENT, False),
        (Role.COMMISSIONER, True),
        (Role.SITE_ADMINISTRATOR, True),
        (Role.PLATFORM_ADMINISTRATOR, True),
    ],
)
def test_who_makes_accounts_gets_no_session_by_a_recovery_code(role: Role, set_up_only: bool) -> None:
    assert factors.recovery_code_opens_set_up_only(frozenset(permissions_of([role]))) == set_up_only


def test_a_recovery_code_is_80_random_bits_in_groups() -> None:
    codes = {recovery_text.make_code() for _ in range(50)}
    assert len(codes) == 50
    assert all(len(recovery_text.read_code(code)) == 16 and code.count("-") == 3 for code in codes)
    assert not set("ILOU") & set("".join(codes))


@pytest.mark.parametrize(
    "typed",
    ["7K3M-2QXP-9ABC-0DE1", "7k3m2qxp9abc0de1", " 7K3M 2QXP 9ABC ODEI ", "7K3M–2QXP–9ABC–0DEL", "7k3m-2qxp-9abc-odel"],
)
def test_a_recovery_code_is_read_as_it_is_meant(typed: str) -> None:
    assert recovery_text.read_code(typed) == "7K3M2QXP9ABC0DE1"


@pytest.mark.parametrize("typed", ["", "x" * 5_000, "\x00", "７K3M", "7K3M-2QXP"])
def test_what_is_no_recovery_code_stays_wrong(typed: str) -> None:
    assert len(recovery_text.read_code(typed)) <= recovery_text.LONGEST
    assert recovery_text.read_code(typed) != "7K3M2QXP9ABC0DE1"
