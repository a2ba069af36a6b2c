"""A requester's problem becomes a ticket."""

from dataclasses import asdict, replace

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.redaction import without_secrets
from helpdesk.core.secret_text import make_reference
from helpdesk.core.throttle import charge
from helpdesk.db import db
from helpdesk.tickets import emails
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.queries.tickets import find_handed_over, own_ticket_to_change
from helpdesk.tickets.rules import starting_priority
from helpdesk.tickets.service.call_backs import queue_call_back, use_new_number
from helpdesk.tickets.service.deadlines import recount
from helpdesk.tickets.service.lifecycle import set_priority
from helpdesk.tickets.service.messages import MESSAGES, requester_writes
from helpdesk.tickets.service.pins import Pin
from helpdesk.tickets.service.slots import is_promised, promise_call
from helpdesk.tickets.service.timeline import add_event
from helpdesk.tickets.types import EventKind, HandOver, Route

LONGEST_SUMMARY = 200
LONGEST_NAME = 120
# How we reach somebody, and what it is called on the timeline when it changes.
CONTACTS = {"requester_name": "Name", "requester_email": "Email", "requester_phone": "Phone"}
# Whoever has a ticket's PIN learns no address and no number from it. Agents see the new one beside the timeline.
SHOWN_TO_NOBODY = frozenset({"requester_email", "requester_phone"})


def open_ticket(hand_over: HandOver, *, pin: Pin, by: Actor) -> Ticket:
    """Turn a hand-over into a ticket with deadlines, an acknowledgement, and a call-back where one was asked for.

    Secrets are taken out first.
    The same hand-over sent again gives the ticket that it already made, with what is different this time added to it.
    """
    hand_over, by = _without_secrets(hand_over), replace(by, name=without_secrets(by.name, LONGEST_NAME))
    existing = find_handed_over(hand_over.idempotency_key)
    if existing:
        add_what_changed(own_ticket_to_change(existing.reference), hand_over, by=by)
        return existing
    ticket = _new_ticket(hand_over, pin)
    db.session.add(ticket)
    db.session.flush()
    add_event(ticket, EventKind.OPENED, by=by, text=hand_over.summary)
    recount(ticket)
    if hand_over.call_back_at:
        promise_call(ticket, hand_over.call_back_at)
    elif hand_over.route is Route.PHONE and not hand_over.rings_us:
        queue_call_back(ticket)
    emails.acknowledge(ticket)
    return ticket


def add_what_changed(ticket: Ticket, hand_over: HandOver, *, by: Actor) -> None:
    """Keep what a requester who went back and sent the form again said anew: nothing of it may be lost.

    TooMany in a flood. An address that is no longer written to is told so: the form may have been sent by another.
    """
    said, address_before = {event.text for event in ticket.events}, ticket.requester_email
    changed = [hand_over.summary] if hand_over.summary not in said else []
    for name, label in CONTACTS.items():
        value = getattr(hand_over, name.removeprefix("requester_"))
        if value and value != getattr(ticket, name):
            setattr(ticket, name, value)
            changed.append(f"{label} changed." if name in SHOWN_TO_NOBODY else f"{label}: {value}")
    use_new_number(ticket)
    if hand_over.patient_waiting and not ticket.patient_waiting:
        ticket.patient_waiting = True
        set_priority(ticket, by=by, priority=starting_priority(patient_waiting=True))
        changed.append("A patient is waiting now.")
    if hand_over.call_back_at and not is_promised(ticket, hand_over.call_back_at):
        ticket.route = Route.PHONE
        promise_call(ticket, hand_over.call_back_at)
        changed.append("I chose a time for the phone call.")
    if changed:
        charge(MESSAGES, ticket.reference)
        requester_writes(ticket, by=by, text="\n".join(changed))
    if ticket.requester_email != address_before:
        emails.tell_address_changed(ticket, address_before)


def _without_secrets(hand_over: HandOver) -> HandOver:
    """Email and phone stay as they are: we need them, and a phone number may look like a patient's."""
    return replace(
        hand_over,
        name=without_secrets(hand_over.name, LONGEST_NAME),
        organisation=without_secrets(hand_over.organisation, LONGEST_NAME),
        summary=without_secrets(hand_over.summary),
        transcript=[replace(line, text=without_secrets(line.text)) for line in hand_over.transcript],
    )


def _new_ticket(hand_over: HandOver, pin: Pin) -> Ticket:
    now = clock.now()
    priority = starting_priority(patient_waiting=hand_over.patient_waiting)
    return Ticket(
        reference=make_reference(),
        pin_hash=pin.hash,
        idempotency_key=hand_over.idempotency_key,
        requester_name=hand_over.name,
        requester_email=hand_over.email,
        requester_phone=hand_over.phone,
        organisation_name=hand_over.organisation,
        organisation_id=hand_over.organisation_id,
        route=hand_over.route,
        topic=hand_over.topic,
        priority=priority,
        patient_waiting=hand_over.patient_waiting,
        summary=_one_line(hand_over.summary),
        transcript=[asdict(line) for line in hand_over.transcript],
        opened_at=now,
        # Counted as soon as the opening is on the timeline.
        first_response_due_at=now,
        resolution_due_at=now,
        due_at=now,
    )


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SUMMARY else line[: LONGEST_SUMMARY - 1] + "…"
