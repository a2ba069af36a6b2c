"""Who is asked to approve a reset: those nearest to the person who could do it now."""

from helpdesk.accounts.models import Person
from helpdesk.accounts.queries.reach import holders_above
from helpdesk.accounts.service.actors import actor_for
from helpdesk.accounts.service.authority import may_change
from helpdesk.accounts.service.cool_down import restricted_until
from helpdesk.accounts.types.directory import Role
from helpdesk.mfa.models.resets import MfaReset

# Those of the next level are asked only where nobody of this one could do it.
_LEVELS = (Role.SITE_ADMINISTRATOR, Role.COMMISSIONER, Role.PLATFORM_ADMINISTRATOR)


def who_could_approve(reset: MfaReset) -> list[Person]:
    """The administrators of the person's sites, else commissioners, else those of the platform."""
    for role in _LEVELS:
        able = [holder for holder in holders_above(reset.person, role) if _could_approve(reset, holder)]
        if able:
            return able
    return []


def _could_approve(reset: MfaReset, holder: Person) -> bool:
    actor = actor_for(holder)
    if actor is None or restricted_until(by=actor) is not None or not may_change(reset.person_id, by=actor):
        return False
    return reset.approved_by_id is None or holder.id not in (reset.approved_by_id, reset.requested_by_id)
