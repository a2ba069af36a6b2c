"""Makes tickets the way a hand-over does; a test states only what matters to it."""

from datetime import time
from typing import Any

from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.permissions import permissions_of
from helpdesk.accounts.types.directory import Role
from helpdesk.core.actor import SYSTEM, Actor, requester
from helpdesk.core.secret_text import make_reference
from helpdesk.db import write_transaction
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.queries.tickets import own_ticket_to_change
from helpdesk.tickets.service.calendar import WeekdaySpan, set_hours
from helpdesk.tickets.service.opening import open_ticket
from helpdesk.tickets.service.pins import Pin, make_pin
from helpdesk.tickets.types import ASSISTANT_SPEAKS, REQUESTER_SPEAKS, HandOver, TranscriptLine
from tests.people import AMINA

TRANSCRIPT = (
    TranscriptLine(REQUESTER_SPEAKS, "my phone is lost", "2026-11-24T09:00:00+00:00"),
    TranscriptLine(ASSISTANT_SPEAKS, "My phone is lost", "2026-11-24T09:00:01+00:00", ("authenticators/lost-phone",)),
)
SUMMARY = "My phone is lost and I cannot log in"


def hand_over(*, organisation: Organisation | None = None, **changes: Any) -> HandOver:  # Any: any field of it
    """What Amina gives when she asks for a person."""
    values: dict[str, Any] = {
        "name": AMINA.name,
        "email": AMINA.email,
        "phone": AMINA.phone,
        "organisation": organisation.name if organisation else "High Street Pharmacy",
        "organisation_id": organisation.id if organisation else None,
        "summary": SUMMARY,
        "topic": "authenticators",
        "transcript": TRANSCRIPT,
    }
    return HandOver(**(values | changes))


def ticket(*, organisation: Organisation | None = None, **changes: Any) -> Ticket:  # Any: as above
    """A new ticket of Amina's."""
    given = hand_over(organisation=organisation, **changes)
    pin = make_pin(given.idempotency_key)
    with write_transaction():
        return open_ticket(given, pin=pin, by=requester(given.name))


def ticket_with_pin() -> tuple[Ticket, Pin]:
    """A new ticket and the PIN that was shown for it."""
    given = hand_over()
    pin = make_pin(given.idempotency_key)
    with write_transaction():
        return open_ticket(given, pin=pin, by=requester(given.name)), pin


def many_tickets(count: int, **changes: Any) -> list[Ticket]:  # Any: as above
    """So many tickets, with one PIN for all: hashing each would take most of a test's time."""
    pin = Pin("000000", "not a hash")
    with write_transaction():
        return [open_ticket(hand_over(**changes), pin=pin, by=requester(AMINA.name)) for _ in range(count)]


def fresh(made: Ticket) -> Ticket:
    """The ticket as the database holds it now, held for a change."""
    return own_ticket_to_change(made.reference)


def set_office_hours() -> None:
    """Hours that a lead has set: weekdays from 9am to 5:30pm. Only then are call-back times offered."""
    with write_transaction():
        set_hours([WeekdaySpan(day, time(9), time(17, 30)) for day in range(5)], by=SYSTEM)


def unknown_reference() -> str:
    """A reference that no ticket has."""
    return make_reference()


def actor_of(person: Person, *paths: str) -> Actor:
    """The person as one who acts, for services that are called without a page."""
    grants: dict[str, tuple[str, ...]] = dict.fromkeys(permissions_of([Role.AGENT]), paths or ("",))
    return Actor(name=person.name, person_id=person.id, role=Role.AGENT, grants=grants)
