"""The end of a reset: the person set up a new authenticator, by its link or in another way."""

from helpdesk.accounts.models import Person
from helpdesk.accounts.types.log_ins import Proof
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.mfa.queries.resets import find_open
from helpdesk.mfa.rules.resets import ISSUED, cool_down
from helpdesk.mfa.service.resets.approving import roles_of
from helpdesk.mfa.service.resets.moves import move
from helpdesk.mfa.types.resets import ResetAct, ResetState


def close_after_set_up(person: Person, proof: Proof, *, by: Actor) -> None:
    """Complete the reset whose link was used. One that the person did without, by another way in, is cancelled."""
    reset = find_open(person.id)
    if reset is None:
        return
    now = clock.now()
    is_by_its_link = proof.setup_link_id is not None and proof.setup_link_id == reset.setup_link_id
    if reset.state == ISSUED and is_by_its_link:
        person.restricted_until = now + cool_down(roles_of(person))
        move(reset, ResetState.COMPLETED, act=ResetAct.COMPLETED, by=by, completed_at=now)
    else:
        move(reset, ResetState.CANCELLED, act=ResetAct.CANCELLED, by=by)
