"""Deciding about a reset: who may, whether a second person must, and what stops at once."""

from datetime import timedelta

from sqlalchemy import func, select

from helpdesk.accounts.models import Person
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.service.authority import ensure_may_change
from helpdesk.accounts.service.cool_down import ensure_not_restricted
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotAllowed
from helpdesk.db import db
from helpdesk.mfa.errors import EvidenceTooOld, ResetMovedOn, ResetRefused, SecondMustDiffer
from helpdesk.mfa.models.resets import MfaReset
from helpdesk.mfa.queries.resets import latest_approval, latest_dispute
from helpdesk.mfa.rules.resets import CHECKED, STOPS_OLD_ENTRY, is_privileged, waits_before_link
from helpdesk.mfa.rules.second_person import why_second
from helpdesk.mfa.service.resets.approvals import all_still_count
from helpdesk.mfa.service.resets.evidence import fresh_methods, latest_refusal
from helpdesk.mfa.service.resets.issuing import issue_if_due
from helpdesk.mfa.service.resets.moves import move
from helpdesk.mfa.service.resets.notices import ask_for_approval
from helpdesk.mfa.service.resets.stopping import stop_entry
from helpdesk.mfa.types.resets import ApprovalFacts, ResetAct, ResetState, SecondReason


def approve(reset: MfaReset, *, by: Actor) -> None:
    """Approve as the first person or the second, whichever is missing; the last of them sets the reset going."""
    ensure_may_approve(reset, by=by)
    if reset.approved_by_id is None:
        _approve_first(reset, by=by)
    elif all_still_count(reset):
        _approve_second(reset, by=by)
    else:
        _approve_first(reset, by=by)


def roles_of(person: Person) -> frozenset[Role]:
    """The roles that a person holds now, wherever it is."""
    return frozenset(Role(membership.role) for membership in person.memberships if membership.ended_at is None)


def missing_second(reset: MfaReset) -> list[SecondReason]:
    """Why a second person must still approve; none when one was enough or the second did."""
    if reset.second_by_id is not None:
        return []
    return [SecondReason(reason) for reason in reset.second_because.split()]


def ensure_may_approve(reset: MfaReset, *, by: Actor) -> None:
    """The same door for both persons: all that the person may do is theirs to manage, and they are not fresh here."""
    if not by.may(Permission.RESET_APPROVE):
        raise NotAllowed
    ensure_may_change(reset.person, by=by)
    ensure_not_restricted(by=by)
    if reset.person.status != PersonStatus.ACTIVE:
        raise ResetRefused("This account is not in use, so its log-in cannot be reset.")
    if reset.state == ResetState.REQUESTED:
        raise ResetRefused("Nobody has made sure yet who this person is.")
    if reset.state != CHECKED:
        raise ResetMovedOn
    if not fresh_methods(reset):
        raise EvidenceTooOld
    if reset.approved_by_id is not None and by.person_id in (reset.approved_by_id, reset.requested_by_id):
        raise SecondMustDiffer


def _approve_first(reset: MfaReset, *, by: Actor) -> None:
    reasons = why_second(_facts(reset, by))
    values = {"approved_by_id": by.person_id, "approved_at": clock.now()}
    if reasons:
        because = " ".join(reasons)
        move(reset, CHECKED, act=ResetAct.FIRST_APPROVED, by=by, second_because=because, **values)
        ask_for_approval(reset, by=by)
    else:
        _set_going(reset, by=by, **values)


def _approve_second(reset: MfaReset, *, by: Actor) -> None:
    _set_going(reset, by=by, second_by_id=by.person_id, second_at=clock.now())


def _set_going(reset: MfaReset, *, by: Actor, **values: object) -> None:
    not_before = clock.now() + waits_before_link(roles_of(reset.person))
    move(reset, ResetState.APPROVED, act=ResetAct.APPROVED, by=by, not_before=not_before, **values)
    if reset.reason in STOPS_OLD_ENTRY:
        stop_entry(reset.person, by=by)
    issue_if_due(reset)


def _facts(reset: MfaReset, by: Actor) -> ApprovalFacts:
    person = reset.person
    return ApprovalFacts(
        is_privileged=is_privileged(roles_of(person)),
        contacts_changed_at=person.contacts_changed_at,
        approved_before_at=latest_approval(person.id, apart_from=reset.id),
        disputed_before_at=latest_dispute(person.id),
        approvals_in_last_hour=_approvals_in_last_hour(by),
        methods=fresh_methods(reset),
        refused_at=latest_refusal(person.id),
        requested_at=reset.created_at,
        now=clock.now(),
    )


def _approvals_in_last_hour(by: Actor) -> int:
    since = clock.now() - timedelta(hours=1)
    own = select(func.count()).select_from(MfaReset).where(MfaReset.approved_by_id == by.person_id)
    return db.session.scalar(own.where(MfaReset.approved_at > since)) or 0
