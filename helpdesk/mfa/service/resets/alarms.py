"""An old entry that was reported as lost, stolen or misused, and that somebody with the password still uses."""

from uuid import UUID

from helpdesk.core.actor import Actor
from helpdesk.mfa.queries.resets import find_latest_approved
from helpdesk.mfa.rules.resets import STOPS_OLD_ENTRY
from helpdesk.mfa.service.resets.moves import note
from helpdesk.mfa.types.resets import ResetAct


def note_old_entry(person_id: UUID, *, by: Actor) -> None:
    """Tell those who approved and those who look after the person: the reset was a fraud, or a thief is trying."""
    reset = find_latest_approved(person_id)
    if reset is not None and reset.reason in STOPS_OLD_ENTRY:
        note(reset, ResetAct.OLD_ENTRY_USED, by=by)
