"""The phone queue: who must be rung, and what to say."""

from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk.core.actor import Actor
from helpdesk.tickets.presenters.words import site_of
from helpdesk.web.filters import time_left

if TYPE_CHECKING:
    from helpdesk.tickets.models import CallBack, Ticket


def call_back_row(call_back: "CallBack", actor: Actor, now: datetime) -> dict[str, object]:
    """One line of the phone queue."""
    ticket = call_back.ticket
    return {
        "id": call_back.id,
        "reference": ticket.reference,
        "summary": ticket.summary,
        "who": ticket.requester_name,
        "site": site_of(ticket),
        "phone": call_back.phone,
        "due": time_left(call_back.due_at),
        "is_overdue": call_back.due_at < now,
        "tries": call_back.tries,
        "claimed_by": call_back.claimed_by.name if call_back.claimed_by else "",
        "is_mine": call_back.claimed_by_id is not None and call_back.claimed_by_id == actor.person_id,
        "what_to_say": what_to_say(ticket),
    }


def what_to_say(ticket: "Ticket") -> str:
    """How a call begins, so that nobody has to repeat anything."""
    return f"Quote {ticket.reference}. They asked: “{ticket.summary}” Never ask for a code or a password."
