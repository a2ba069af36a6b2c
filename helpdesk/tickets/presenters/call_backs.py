"""The phone queue: who must be rung, and what to say."""

from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk.core.actor import Actor
from helpdesk.tickets.presenters.slots import promise_in_words
from helpdesk.tickets.presenters.words import site_of
from helpdesk.web.filters import time_left

if TYPE_CHECKING:
    from helpdesk.tickets.models.ticket import CallBack, Ticket


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
        "due": _due_in_words(call_back, now),
        "is_overdue": _is_late(call_back, now),
        "tries": call_back.tries,
        "claimed_by": call_back.claimed_by.name if call_back.claimed_by else "",
        "is_mine": call_back.claimed_by_id is not None and call_back.claimed_by_id == actor.person_id,
        "what_to_say": what_to_say(ticket),
    }


def _due_in_words(call_back: "CallBack", now: datetime) -> str:
    """What the queue says of when to ring: a promised time, or a deadline."""
    promise = _promise(call_back)
    if not promise:
        return time_left(call_back.due_at)
    if _is_late(call_back, now):
        return f"Overdue: we promised to phone {promise}"
    return f"Phone now: promised {promise}" if call_back.due_at <= now else f"Promised {promise}"


def _is_late(call_back: "CallBack", now: datetime) -> bool:
    """A deadline is missed when it is past, a promise when its time is over."""
    due = call_back.slot.ends_at if call_back.slot and _promise(call_back) else call_back.due_at
    return due < now


def _promise(call_back: "CallBack") -> str:
    """The promised time of a first try; a later one is due like any other."""
    return "" if call_back.tries else promise_in_words(call_back)


def what_to_say(ticket: "Ticket") -> str:
    """How a call begins, so that nobody has to repeat anything."""
    return f"Quote {ticket.reference}. They asked: “{ticket.summary}” Never ask for a code or a password."
