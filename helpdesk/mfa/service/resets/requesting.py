"""Asking for a reset, and taking the request back."""

from datetime import timedelta
from uuid import UUID

from helpdesk.accounts.errors import NotYourself
from helpdesk.accounts.models import Person
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries.email_changes import pending_row
from helpdesk.accounts.service.cool_down import ensure_not_restricted
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotAllowed
from helpdesk.core.throttle import Limit, charge
from helpdesk.mfa.errors import ResetRefused
from helpdesk.mfa.models.resets import MfaReset
from helpdesk.mfa.queries.resets import person_to_reset_held
from helpdesk.mfa.rules.resets import CHECKED, REQUESTED
from helpdesk.mfa.service.resets.moves import move, open_reset
from helpdesk.mfa.service.resets.stopping import stop_link
from helpdesk.mfa.types.resets import ResetAct, ResetReason, ResetState

# An agent on a busy day starts a few; a program that asks for hundreds is turned away.
STARTED = Limit(
    "resets-started",
    most=30,
    per=timedelta(hours=1),
    message="You started very many resets in this hour. Wait, then try again.",
)


def request(person_id: UUID, *, reason: ResetReason, ticket_reference: str = "", by: Actor) -> MfaReset:
    """Ask for the reset of somebody within the actor's reach, never of oneself. NotFound for everybody else."""
    person = person_to_reset_held(by, person_id)
    ensure_may_request(person, by=by)
    charge(STARTED, str(by.person_id))
    return open_reset(person, reason=reason, ticket_reference=ticket_reference, by=by)


def ensure_may_request(person: Person, *, by: Actor) -> None:
    """Refuse a reset of oneself, and of somebody who has nothing to reset or whose contacts are changing."""
    if person.id == by.person_id:
        raise NotYourself
    ensure_not_restricted(by=by)
    if person.status != PersonStatus.ACTIVE:
        raise ResetRefused("This account is not in use, so its log-in cannot be reset.")
    if not person.mfa_generation:
        raise ResetRefused("This person has not set up an authenticator yet. They need a set-up link, not a reset.")
    if pending_row(person.id) is not None:
        raise ResetRefused("A change of this person’s email address waits to be confirmed. Withdraw it first.")


def reject(reset: MfaReset, *, by: Actor) -> None:
    """Say no to a request that could be approved."""
    if not by.may(Permission.RESET_CHECK):
        raise NotAllowed
    _ensure_not_target(reset, by)
    if reset.state not in (REQUESTED, CHECKED):
        raise ResetRefused("This reset is approved already. Cancel it instead.")
    move(reset, ResetState.REJECTED, act=ResetAct.REJECTED, by=by)


def cancel(reset: MfaReset, *, by: Actor) -> None:
    """Stop a reset that is open, in any of its states. What was stopped at the approval stays stopped."""
    _ensure_not_target(reset, by)
    move(reset, ResetState.CANCELLED, act=ResetAct.CANCELLED, by=by)
    stop_link(reset)


def _ensure_not_target(reset: MfaReset, by: Actor) -> None:
    if reset.person_id == by.person_id:
        raise NotYourself
