"""The times of calls as people choose and read them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpdesk.core.working_time import Stretch
from helpdesk.tickets.rules import slots_to_offer
from helpdesk.tickets.types import CallBackState, Route
from helpdesk.web.filters import LONDON, stretch_near
from helpdesk.web.forms import choice

if TYPE_CHECKING:
    from helpdesk.tickets.models.ticket import CallBack, Ticket


def slot_value(slot: Stretch) -> str:
    """What a form sends for a slot: when it begins."""
    return slot.starts.isoformat()


def slot_choices(free: Sequence[Stretch], chosen: str) -> list[Any]:  # Any: as in web.forms
    """The times to choose from; the one that was chosen stays among them while it is free."""
    shown = {*slots_to_offer(free, LONDON), *(slot for slot in free if slot_value(slot) == chosen)}
    return [choice(slot_value(slot), _sentence(slot)) for slot in sorted(shown, key=lambda slot: slot.starts)]


def promised_call(ticket: "Ticket") -> "CallBack | None":
    """The call that is still to come at a promised time. After a try, it comes when it comes."""
    return next((one for one in _open_calls(ticket) if one.slot is not None and not one.tries), None)


def promise_in_words(call_back: "CallBack | None") -> str:
    """today, 2pm to 2:30pm; nothing where no time was promised."""
    return stretch_near(call_back.slot.starts_at, call_back.slot.ends_at) if call_back and call_back.slot else ""


def contact_in_words(ticket: "Ticket") -> str:
    """How the requester wants to hear from us, for agents."""
    if ticket.route is Route.EMAIL:
        return "Email"
    if not ticket.call_backs:
        return "They phone us"
    promise = promise_in_words(promised_call(ticket))
    return f"Phone, {promise}" if promise else "Phone"


def _open_calls(ticket: "Ticket") -> list["CallBack"]:
    return [one for one in ticket.call_backs if one.state is not CallBackState.DONE]


def _sentence(slot: Stretch) -> str:
    words = stretch_near(slot.starts, slot.ends)
    return words[0].upper() + words[1:]
