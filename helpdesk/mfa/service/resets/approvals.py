"""Whether those who approved a reset still may: accounts are frozen and roles end while it waits."""

from helpdesk.accounts.models import Person
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.service.actors import actor_for
from helpdesk.accounts.service.authority import ensure_may_change
from helpdesk.core.errors import NotAllowed
from helpdesk.mfa.models.resets import MfaReset


def all_still_count(reset: MfaReset) -> bool:
    """Whether everybody whose approval the reset rests on may still give it."""
    approvers = [one for one in (reset.approved_by, reset.second_by) if one is not None]
    return bool(approvers) and all(_still_counts(reset, one) for one in approvers)


def _still_counts(reset: MfaReset, approver: Person) -> bool:
    actor = actor_for(approver)
    if actor is None or not actor.may(Permission.RESET_APPROVE):
        return False
    try:
        ensure_may_change(reset.person, by=actor)
    except NotAllowed:
        return False
    return True
