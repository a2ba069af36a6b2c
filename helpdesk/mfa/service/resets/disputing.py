"""“This wasn’t me”: whoever reads a mailbox of the person stops a reset, and gains nothing else by it."""

from datetime import timedelta
from uuid import UUID

from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.throttle import Limit, charge
from helpdesk.db import write_transaction
from helpdesk.mfa.errors import DisputeRefused
from helpdesk.mfa.models.resets import MfaReset
from helpdesk.mfa.queries.resets import find_open, hold_reset, latest_completion
from helpdesk.mfa.rules.resets import COMPLETED, DISPUTED_WITHIN, OPEN
from helpdesk.mfa.service.resets.dispute_links import reset_of_link
from helpdesk.mfa.service.resets.moves import move
from helpdesk.mfa.service.resets.stopping import stop_entry, stop_link
from helpdesk.mfa.types.resets import ResetAct, ResetState

# Stands in the audit log for whoever opened the link: it is not known who reads a mailbox.
READER_OF_THE_MAIL = Actor(name="Somebody who reads the person’s mail", role="anybody")
PER_NETWORK = Limit(
    "disputes-network", most=60, per=timedelta(minutes=10), message="Too many links were tried. Wait, then try again."
)


def dispute(selector: str, verifier: str, *, network: str) -> None:
    """Stop the reset that the link is about; a second time it changes nothing. DisputeRefused when nothing can be.

    Commits for itself: a try that is refused is counted and stands in the audit log.
    """
    with write_transaction():
        charge(PER_NETWORK, network)
    with write_transaction():
        is_stopped = _stop(reset_of_link(selector, verifier))
        if not is_stopped:
            record(ResetAct.DISPUTE_REFUSED, by=READER_OF_THE_MAIL, target="reset:unknown")
    if not is_stopped:
        raise DisputeRefused


def _stop(reset_id: UUID | None) -> bool:
    """Whether the reset is stopped now."""
    reset = hold_reset(reset_id) if reset_id else None
    if reset is None:
        return False
    if reset.state == ResetState.DISPUTED:
        return True
    if reset.state not in OPEN and not _may_be_undone(reset):
        return False
    was_completed = reset.state == COMPLETED
    move(reset, ResetState.DISPUTED, act=ResetAct.DISPUTED, by=READER_OF_THE_MAIL)
    stop_link(reset)
    if was_completed:
        stop_entry(reset.person, by=READER_OF_THE_MAIL)
    return True


def _may_be_undone(reset: MfaReset) -> bool:
    """Only the reset that the present entry came by: an older link must not stop what two people approved since."""
    completed_at = reset.completed_at
    if completed_at is None or clock.now() - completed_at >= DISPUTED_WITHIN:
        return False
    return completed_at == latest_completion(reset.person_id) and find_open(reset.person_id) is None
