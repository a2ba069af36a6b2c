"""What the states and steps of a reset are called."""

from typing import TYPE_CHECKING

from helpdesk.mfa.types.resets import ResetState

if TYPE_CHECKING:
    from helpdesk.mfa.models.resets import MfaReset

STATE_NAMES = {
    ResetState.REQUESTED: "To be checked",
    ResetState.CHECKED: "Waits for approval",
    ResetState.APPROVED: "Waits for its link",
    ResetState.ISSUED: "Link sent",
    ResetState.COMPLETED: "Done",
    ResetState.EXPIRED: "Ran out",
    ResetState.REJECTED: "Rejected",
    ResetState.CANCELLED: "Cancelled",
    ResetState.DISPUTED: "Stopped by the person",
}
STATE_COLOURS = {
    ResetState.REQUESTED: "yellow",
    ResetState.CHECKED: "blue",
    ResetState.APPROVED: "purple",
    ResetState.ISSUED: "aqua-green",
    ResetState.COMPLETED: "green",
    ResetState.EXPIRED: "grey",
    ResetState.REJECTED: "grey",
    ResetState.CANCELLED: "grey",
    ResetState.DISPUTED: "red",
}


def state_words(reset: "MfaReset") -> str:
    """Such as 'Waits for a second person'."""
    if reset.state == ResetState.CHECKED and reset.approved_by_id is not None:
        return "Waits for a second person"
    return STATE_NAMES[ResetState(reset.state)]


def state_colour(reset: "MfaReset") -> str:
    """The colour of the tag that says so."""
    return STATE_COLOURS[ResetState(reset.state)]
