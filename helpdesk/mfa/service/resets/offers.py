"""What somebody who looks at a reset may do with it now. The page shows no more than that; each act asks again."""

from dataclasses import dataclass

from helpdesk.accounts.errors import NotYourself, SealUnreadable
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.service.contacts import find_phone
from helpdesk.accounts.types.contacts import PhoneOnRecord
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import DomainError, NotAllowed
from helpdesk.mail.queries import find_state
from helpdesk.mail.types import MailState
from helpdesk.mfa.models.resets import MfaReset
from helpdesk.mfa.queries.outward import outward_state
from helpdesk.mfa.rules.resets import APPROVED, CHECKED, ISSUED, OPEN, REQUESTED, phone_counts
from helpdesk.mfa.service.resets.approving import ensure_may_approve, missing_second
from helpdesk.mfa.service.resets.evidence import fresh_methods, offered_methods
from helpdesk.mfa.service.resets.issuing import needs_spoken_code
from helpdesk.mfa.types.resets import EvidenceMethod, ResetState, SecondReason


@dataclass(frozen=True)
class Offers:
    """One reset for one reader, as plain values."""

    methods: tuple[EvidenceMethod, ...]
    # What was confirmed in the last half hour.
    fresh: frozenset[EvidenceMethod]
    # Of those on record; None where there is none.
    phone: PhoneOnRecord | None
    phone_counts: bool
    may_approve: bool
    # Why the reader cannot approve it; '' when they can, or when there is nothing to approve.
    why_not: str
    needs_second: tuple[SecondReason, ...]
    may_reject: bool
    may_stop: bool
    may_resend: bool
    may_see_spoken_code: bool
    # How far the mail with the link has come; None before there is one.
    mail: MailState | None
    # What the link waits for at the provider of sign-in; '' when it waits for nothing there.
    outward: str


def offers_for(reset: MfaReset, *, by: Actor) -> Offers:
    """What this actor may do with this reset now."""
    is_other, is_undecided = reset.person_id != by.person_id, reset.state in (REQUESTED, CHECKED)
    why_not = _why_not_approve(reset, by)
    return Offers(
        methods=tuple(offered_methods(reset.person, by=by)) if is_undecided else (),
        fresh=fresh_methods(reset),
        phone=_phone(reset),
        phone_counts=phone_counts(reset.person.phone_since, clock.now()),
        may_approve=reset.state == CHECKED and not why_not,
        why_not=why_not if reset.state == CHECKED else "",
        needs_second=tuple(missing_second(reset)) if reset.state == CHECKED else (),
        may_reject=is_other and is_undecided,
        may_stop=is_other and reset.state in (APPROVED, ISSUED),
        may_resend=is_other and reset.state == ISSUED,
        may_see_spoken_code=_may_see_spoken_code(reset, by),
        mail=find_state(reset.link_mail_id) if reset.link_mail_id else None,
        outward=outward_state(reset.id).sentence if reset.state in (APPROVED, ResetState.COMPLETED) else "",
    )


def _why_not_approve(reset: MfaReset, by: Actor) -> str:
    try:
        ensure_may_approve(reset, by=by)
    except NotYourself:
        return "This is your own log-in. Somebody else approves it."
    except NotAllowed as refusal:
        return refusal.message if by.may(Permission.RESET_APPROVE) else "An administrator of the person approves it."
    except DomainError as refusal:
        return refusal.message
    return ""


def _may_see_spoken_code(reset: MfaReset, by: Actor) -> bool:
    is_going = reset.state in OPEN and reset.not_before is not None and reset.spoken_code_shown_at is None
    return is_going and by.person_id in (reset.approved_by_id, reset.second_by_id) and needs_spoken_code(reset.person)


def _phone(reset: MfaReset) -> PhoneOnRecord | None:
    """One that cannot be opened any more is as good as none: nobody can ring it."""
    try:
        return find_phone(reset.person)
    except SealUnreadable:
        return None
