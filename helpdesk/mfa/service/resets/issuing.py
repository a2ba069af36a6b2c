"""Making the link of an approved reset. It goes to the address that we hold; nobody who works here ever sees it."""

from datetime import timedelta
from uuid import UUID

from helpdesk.accounts.models import Person
from helpdesk.accounts.service.cool_down import ensure_not_restricted
from helpdesk.accounts.service.setup_links import make_reset_link
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM, Actor
from helpdesk.core.errors import NotAllowed
from helpdesk.core.throttle import Limit, charge
from helpdesk.mfa import emails
from helpdesk.mfa.errors import ResetMovedOn, ResetRefused, SpokenCodeShown
from helpdesk.mfa.models.resets import MfaReset
from helpdesk.mfa.queries.outward import outward_state
from helpdesk.mfa.queries.resets import hold_reset
from helpdesk.mfa.rules.resets import APPROVED, ISSUED, LINK_LASTS, OPEN, is_privileged
from helpdesk.mfa.service.resets.approvals import all_still_count
from helpdesk.mfa.service.resets.dispute_links import dispute_link
from helpdesk.mfa.service.resets.moves import move
from helpdesk.mfa.service.resets.notices import audit_head
from helpdesk.mfa.service.resets.spoken_codes import spoken_code
from helpdesk.mfa.service.resets.stopping import stop_link
from helpdesk.mfa.types.resets import ResetAct, ResetState

RESENT = Limit(
    "reset-links",
    most=5,
    per=timedelta(hours=1),
    message="Enough links were sent for this reset. Check the email address, or wait.",
)


def issue_if_due(reset: MfaReset) -> None:
    """Send the link of an approved reset, unless it has to wait, also for what is done at the provider of sign-in."""
    is_due = reset.not_before is not None and reset.not_before <= clock.now()
    if reset.state == APPROVED and is_due and outward_state(reset.id).lets_reset_go_on:
        _send(reset, act=ResetAct.ISSUED, by=SYSTEM)


def resend(reset: MfaReset, *, by: Actor) -> None:
    """Send a new link to the same address; the one before is dead."""
    if reset.person_id == by.person_id:
        raise NotAllowed
    ensure_not_restricted(by=by)
    if reset.state != ISSUED:
        raise ResetMovedOn
    charge(RESENT, str(reset.id))
    _send(reset, act=ResetAct.LINK_RENEWED, by=by)


def show_spoken_code(reset: MfaReset, *, by: Actor) -> str:
    """The code to read out in the call, to one of those who approved, and only once."""
    if by.person_id not in (reset.approved_by_id, reset.second_by_id):
        raise NotAllowed("Only those who approved this reset can see the spoken code.")
    if reset.state not in (APPROVED, ISSUED) or not needs_spoken_code(reset.person):
        raise ResetMovedOn
    if reset.spoken_code_shown_at is not None:
        raise SpokenCodeShown
    state = ResetState(reset.state)
    move(reset, state, act=ResetAct.SPOKEN_CODE_SHOWN, by=by, spoken_code_shown_at=clock.now())
    return spoken_code(reset.id)


def needs_spoken_code(person: Person) -> bool:
    """Whether the link alone is not enough, because the person has a role over others."""
    return is_privileged(Role(one.role) for one in person.memberships if one.ended_at is None)


def issue(reset_id: UUID) -> None:
    """Send the link of a reset whose time has come, unless somebody stopped it, or who approved it may no more."""
    reset = hold_reset(reset_id)
    if reset is None:
        return
    if reset.state == APPROVED and not all_still_count(reset):
        move(reset, ResetState.CANCELLED, act=ResetAct.CANCELLED, by=SYSTEM)
        return
    issue_if_due(reset)


def expire(reset_id: UUID) -> None:
    """Close a reset that was not used or not decided in time, unless it moved on meanwhile."""
    reset = hold_reset(reset_id)
    if reset is not None and reset.state in OPEN:
        move(reset, ResetState.EXPIRED, act=ResetAct.EXPIRED, by=SYSTEM)
        stop_link(reset)


def _send(reset: MfaReset, *, act: ResetAct, by: Actor) -> None:
    person = reset.person
    if person.status != PersonStatus.ACTIVE:
        raise ResetRefused("This account is not in use, so no link is sent.")
    code = spoken_code(reset.id) if needs_spoken_code(person) else ""
    link = make_reset_link(person, lasts=LINK_LASTS, spoken_code=code)
    mail_id = emails.send_reset_link(
        person,
        link=link.address,
        expires_at=link.expires_at,
        asks_spoken_code=bool(code),
        dispute_link=dispute_link(reset.id),
        audit_head=audit_head(),
    )
    move(
        reset,
        ISSUED,
        act=act,
        by=by,
        issued_at=clock.now(),
        expires_at=link.expires_at,
        setup_link_id=link.id,
        link_mail_id=mail_id,
    )
