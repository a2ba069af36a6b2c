"""When a reset needs a second person: each reason alone, and none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from helpdesk.accounts.types.directory import Role
from helpdesk.mfa.errors import ResetMovedOn
from helpdesk.mfa.rules.resets import MOVES, OPEN, ensure_move, is_privileged, methods_to_offer, phone_counts
from helpdesk.mfa.rules.second_person import why_second
from helpdesk.mfa.types.resets import ApprovalFacts, EvidenceMethod, ResetState, SecondReason

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CALL, MANAGER = EvidenceMethod.CALL_BACK, EvidenceMethod.MANAGER
# A pharmacy user who was rung at noon on a number of long ago, by somebody who approved nothing yet.
PLAIN = ApprovalFacts(
    is_privileged=False,
    contacts_changed_at=None,
    approved_before_at=None,
    disputed_before_at=None,
    approvals_in_last_hour=0,
    methods=frozenset({CALL}),
    refused_at=None,
    requested_at=NOON,
    now=NOON,
)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

CASES = [
    ({}, None),
    ({"is_privileged": True}, SecondReason.PRIVILEGED),
    ({"contacts_changed_at": NOON - 14 * DAY + MINUTE}, SecondReason.FRESH_CONTACTS),
    ({"contacts_changed_at": NOON - 14 * DAY}, None),
    ({"approved_before_at": NOON - 7 * DAY + MINUTE}, SecondReason.RESET_BEFORE),
    ({"approved_before_at": NOON - 7 * DAY}, None),
    ({"disputed_before_at": NOON - 30 * DAY + MINUTE}, SecondReason.DISPUTED_BEFORE),
    ({"disputed_before_at": NOON - 30 * DAY}, None),
    ({"approvals_in_last_hour": 4}, None),
    ({"approvals_in_last_hour": 5}, SecondReason.MANY_APPROVALS),
    ({"methods": frozenset({MANAGER})}, SecondReason.MANAGER_ONLY),
    ({"methods": frozenset({MANAGER, CALL})}, None),
    ({"refused_at": NOON - DAY + MINUTE}, SecondReason.CHECK_FAILED),
    ({"refused_at": NOON - DAY}, None),
    ({"now": NOON.replace(hour=22, minute=59)}, None),
    ({"now": NOON.replace(hour=23)}, SecondReason.NIGHT),
    ({"now": NOON.replace(hour=5, minute=59)}, SecondReason.NIGHT),
    ({"now": NOON.replace(hour=6)}, None),
    ({"requested_at": NOON.replace(hour=3)}, SecondReason.NIGHT),
    # In summer London is an hour ahead: 10pm in UTC is 11pm there.
    ({"now": datetime(2026, 7, 1, 22, 0, tzinfo=UTC)}, SecondReason.NIGHT),
]


@pytest.mark.parametrize(("changes", "reason"), CASES)
def test_each_reason_stands_alone(changes: dict[str, object], reason: SecondReason | None) -> None:
    assert why_second(replace(PLAIN, **changes)) == ([reason] if reason else [])  # type: ignore[arg-type]  # of any field


def test_every_reason_is_told() -> None:
    everything = ApprovalFacts(True, NOON, NOON, NOON, 9, frozenset({MANAGER}), NOON, NOON, NOON.replace(hour=23))
    assert why_second(everything) == list(SecondReason)


@pytest.mark.parametrize(("old", "new"), list(product(ResetState, ResetState)))
def test_a_reset_moves_as_the_table_says(old: ResetState, new: ResetState) -> None:
    if new in MOVES.get(old, frozenset()):
        ensure_move(old, new)
        return
    with pytest.raises(ResetMovedOn):
        ensure_move(old, new)


def test_what_ended_moves_no_more() -> None:
    ended = set(ResetState) - set(OPEN) - {ResetState.COMPLETED}
    assert not [state for state in ended if MOVES.get(state)]
    assert MOVES[ResetState.COMPLETED] == {ResetState.DISPUTED}


@pytest.mark.parametrize("role", Role)
def test_every_role_above_user_is_privileged(role: Role) -> None:
    assert is_privileged([Role.USER, role]) == (role is not Role.USER)


def test_a_number_counts_after_two_weeks() -> None:
    assert [phone_counts(since, NOON) for since in (None, NOON - 14 * DAY + MINUTE, NOON - 14 * DAY)] == [
        False,
        False,
        True,
    ]


def test_nobody_is_offered_a_way_that_is_not_theirs() -> None:
    assert methods_to_offer(has_old_phone=False, is_of_their_organisation=False, is_manager=False) == ["video"]
    assert methods_to_offer(has_old_phone=True, is_of_their_organisation=True, is_manager=True) == list(EvidenceMethod)
