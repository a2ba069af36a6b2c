"""What cannot be done with a ticket, and the sentence that says so."""

from helpdesk.core.errors import RuleRefused
from helpdesk.tickets.types import STATUS_NAMES, Status


class TicketClosed(RuleRefused):
    message = "This ticket is closed. Start a new request and quote its reference."


class TransitionRefused(RuleRefused):
    """A ticket cannot go from its status to that one."""

    def __init__(self, current: Status, target: Status) -> None:
        super().__init__(
            f"A ticket that is {STATUS_NAMES[current].lower()} cannot become {STATUS_NAMES[target].lower()}."
        )


class AlreadyEscalated(RuleRefused):
    message = "This ticket was already escalated at that level."


class NoPhoneNumber(RuleRefused):
    message = "There is no phone number on this ticket, so nobody can ring. Escalate by email instead."


class SlotTaken(RuleRefused):
    message = "That time is no longer free. Choose another time"


class CallBackBegun(RuleRefused):
    message = "Somebody is about to phone you. Tell them when you speak."


class CallBackTaken(RuleRefused):
    message = "Somebody else has taken this call-back."


class WrongPin(RuleRefused):
    """The same words whether the reference or the PIN is wrong."""

    message = "That reference and PIN do not belong together. Check both and try again."
