"""Making sure who a person is. Nothing that a caller says or knows counts, and nothing is typed here at all."""

import hmac
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from helpdesk.accounts.errors import NotYourself
from helpdesk.accounts.models import Membership, Person
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries.reach import holders_above
from helpdesk.accounts.rules import may_reach
from helpdesk.accounts.service.contacts import number_to_ring
from helpdesk.accounts.service.cool_down import ensure_not_restricted
from helpdesk.accounts.types.directory import Role
from helpdesk.audit.queries import acts_of
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.secret_text import derive_key
from helpdesk.db import db
from helpdesk.mfa.errors import EvidenceRefused, NumberNotShown
from helpdesk.mfa.models.resets import MfaReset, ResetEvidence
from helpdesk.mfa.rules import resets as rules
from helpdesk.mfa.service.resets.moves import move
from helpdesk.mfa.service.resets.notices import ask_for_approval
from helpdesk.mfa.types.resets import EvidenceMethod, EvidenceOutcome, ResetAct, ResetState
from helpdesk.settings import in_use


def offered_methods(person: Person, *, by: Actor) -> list[EvidenceMethod]:
    """How this actor can make sure who this person is, the surest first."""
    if person.id == by.person_id:
        return []
    return rules.methods_to_offer(
        has_old_phone=rules.phone_counts(person.phone_since, clock.now()),
        is_of_their_organisation=_looks_after(person, by),
        is_manager=any(holder.id == by.person_id for holder in holders_above(person, Role.SITE_ADMINISTRATOR)),
    )


def show_number(reset: MfaReset, *, by: Actor) -> str:
    """The whole number on record, for the one who rings it. Each time is kept."""
    _ensure_may_check(reset, EvidenceMethod.CALL_BACK, by=by)
    move(reset, ResetState(reset.state), act=ResetAct.NUMBER_SHOWN, by=by)
    return number_to_ring(reset.person)


def confirm(reset: MfaReset, method: EvidenceMethod, *, by: Actor) -> None:
    """Note that the person is who they say, as this actor found out in this way."""
    _ensure_may_check(reset, method, by=by)
    _ensure_saw_number(reset, method, by=by)
    is_first = reset.state == ResetState.REQUESTED
    _keep(reset, method, EvidenceOutcome.CONFIRMED, by=by)
    move(reset, ResetState.CHECKED, act=ResetAct.CHECKED, by=by, checked_by_id=by.person_id, checked_at=clock.now())
    if is_first:
        ask_for_approval(reset, by=by)


def refuse(reset: MfaReset, method: EvidenceMethod, *, by: Actor) -> None:
    """Note that it could not be confirmed. From the second time on everybody concerned is told."""
    _ensure_may_check(reset, method, by=by)
    _ensure_saw_number(reset, method, by=by)
    _keep(reset, method, EvidenceOutcome.REFUSED, by=by)
    act = ResetAct.CHECK_FAILED_AGAIN if _is_told(reset) else ResetAct.CHECK_FAILED
    move(reset, ResetState(reset.state), act=act, by=by)


def fresh_methods(reset: MfaReset) -> frozenset[EvidenceMethod]:
    """What was confirmed within the last half hour, and counts: not before somebody else found that it is not them."""
    refusal = select(func.max(ResetEvidence.created_at)).where(
        ResetEvidence.reset_id == reset.id, ResetEvidence.outcome == EvidenceOutcome.REFUSED
    )
    since = max(clock.now() - rules.EVIDENCE_COUNTS_FOR, db.session.scalar(refusal) or rules.LONG_AGO)
    is_fresh = (ResetEvidence.reset_id == reset.id, ResetEvidence.created_at > since)
    confirmed = select(ResetEvidence.method).where(*is_fresh, ResetEvidence.outcome == EvidenceOutcome.CONFIRMED)
    return frozenset(EvidenceMethod(method) for method in db.session.scalars(confirmed))


def latest_refusal(person_id: UUID) -> datetime | None:
    """When somebody last found that it was not this person, in whichever reset of theirs."""
    refused = select(func.max(ResetEvidence.created_at)).join(MfaReset, MfaReset.id == ResetEvidence.reset_id)
    of_person = (MfaReset.person_id == person_id, ResetEvidence.outcome == EvidenceOutcome.REFUSED)
    return db.session.scalar(refused.where(*of_person))


def _ensure_may_check(reset: MfaReset, method: EvidenceMethod, *, by: Actor) -> None:
    if reset.person_id == by.person_id:
        raise NotYourself
    ensure_not_restricted(by=by)
    if method not in offered_methods(reset.person, by=by):
        raise EvidenceRefused


def _ensure_saw_number(reset: MfaReset, method: EvidenceMethod, *, by: Actor) -> None:
    """The audit log is the one record of who was shown it, and nobody can add to it by hand."""
    if method is not EvidenceMethod.CALL_BACK:
        return
    target = f"person:{reset.person_id}"
    shown = acts_of(by.person_id, ResetAct.NUMBER_SHOWN, target=target, since=reset.created_at)
    if not any(one.detail.get("reset") == str(reset.id) for one in shown):
        raise NumberNotShown


def _keep(reset: MfaReset, method: EvidenceMethod, outcome: EvidenceOutcome, *, by: Actor) -> None:
    rung = method is EvidenceMethod.CALL_BACK
    fingerprint = _fingerprint(number_to_ring(reset.person)) if rung else ""
    db.session.add(
        ResetEvidence(
            reset_id=reset.id, method=method, outcome=outcome, by_id=by.person_id, contact_fingerprint=fingerprint
        )
    )
    db.session.flush()


def _is_told(reset: MfaReset) -> bool:
    since = clock.now() - rules.FAILED_CHECKS_COUNT_FOR
    failed = (
        select(func.count())
        .select_from(ResetEvidence)
        .join(MfaReset, MfaReset.id == ResetEvidence.reset_id)
        .where(MfaReset.person_id == reset.person_id, ResetEvidence.outcome == EvidenceOutcome.REFUSED)
        .where(ResetEvidence.created_at > since)
    )
    return (db.session.scalar(failed) or 0) >= rules.FAILED_CHECKS_ARE_TOLD_FROM


def _looks_after(person: Person, by: Actor) -> bool:
    """Whether the actor manages an organisation of the person, short of the whole platform."""
    reach = [path for path in by.reach(Permission.RESET_APPROVE) if path]
    return any(may_reach(reach, membership.organisation.path) for membership in _current(person))


def _current(person: Person) -> list[Membership]:
    return [membership for membership in person.memberships if membership.ended_at is None]


def _fingerprint(number: str) -> str:
    """Tells later whether the same number was rung, and never which."""
    key = derive_key(in_use().secret_key.get_secret_value(), "numbers that were rung")
    return hmac.digest(key, number.encode(), "sha256").hex()
