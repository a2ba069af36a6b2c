"""“This wasn’t me”: whoever reads a mailbox of the person stops a reset, and gains nothing else by it."""

from datetime import timedelta

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.throttle import Limit, charge
from helpdesk.mfa.errors import DisputeRefused
from helpdesk.mfa.models import MfaReset
from helpdesk.mfa.queries.resets import hold_reset, latest_completion
from helpdesk.mfa.rules.resets import COMPLETED, DISPUTED_WITHIN, OPEN
from helpdesk.mfa.service.resets.dispute_links import reset_of_link
from helpdesk.mfa.service.resets.moves import move
from helpdesk.mfa.service.resets.stopping import stop_entry, stop_link
from helpdesk.mfa.types import ResetAct, ResetState

# Stands in the audit log for whoever opened the link: it is not known who reads a mailbox.
READER_OF_THE_MAIL = Actor(name="Somebody who reads the person’s mail", role="anybody")
PER_NETWORK = Limit(
    "disputes-network", most=60, per=timedelta(minutes=10), message="Too many links were tried. Wait, then try again."
)


def dispute(selector: str, verifier: str, *, network: str) -> None:
    """Stop the reset that the link is about; a second time it changes nothing. DisputeRefused when nothing can be."""
    charge(PER_NETWORK, network)
    reset_id = reset_of_link(selector, verifier)
    reset = hold_reset(reset_id) if reset_id else None
    if reset is None:
        raise DisputeRefused
    if reset.state == ResetState.DISPUTED:
        return
    if reset.state not in OPEN and not _may_be_undone(reset):
        raise DisputeRefused
    was_completed = reset.state == COMPLETED
    move(reset, ResetState.DISPUTED, act=ResetAct.DISPUTED, by=READER_OF_THE_MAIL)
    stop_link(reset)
    if was_completed:
        stop_entry(reset.person, by=READER_OF_THE_MAIL)


def _may_be_undone(reset: MfaReset) -> bool:
    """Only the reset that the present entry came by: an older link must not stop what two people approved since."""
    completed_at = reset.completed_at
    if completed_at is None or clock.now() - completed_at >= DISPUTED_WITHIN:
        return False
    return completed_at == latest_completion(reset.person_id)
