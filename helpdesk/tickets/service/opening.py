"""A requester's problem becomes a ticket."""

from dataclasses import asdict

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.secret_text import make_reference
from helpdesk.db import db
from helpdesk.tickets import emails
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries.escalations import working_calendar
from helpdesk.tickets.queries.tickets import find_handed_over
from helpdesk.tickets.rules import deadlines, starting_priority
from helpdesk.tickets.service.call_backs import queue_call_back
from helpdesk.tickets.service.pins import Pin
from helpdesk.tickets.service.timeline import add_event
from helpdesk.tickets.types import EventKind, HandOver, Route

LONGEST_SUMMARY = 200


def open_ticket(hand_over: HandOver, *, pin: Pin, by: Actor) -> Ticket:
    """Turn a hand-over into a ticket with deadlines, an acknowledgement, and a call-back where one was asked for.

    The same hand-over sent again gives the ticket that it already made.
    """
    existing = find_handed_over(hand_over.idempotency_key)
    if existing:
        return existing
    ticket = _new_ticket(hand_over, pin)
    db.session.add(ticket)
    db.session.flush()
    add_event(ticket, EventKind.OPENED, by=by, text=hand_over.summary)
    if hand_over.route is Route.PHONE:
        queue_call_back(ticket)
    emails.acknowledge(ticket)
    return ticket


def _new_ticket(hand_over: HandOver, pin: Pin) -> Ticket:
    now = clock.now()
    priority = starting_priority(patient_waiting=hand_over.patient_waiting)
    due = deadlines(now, priority, working_calendar())
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
        first_response_due_at=due.first_response,
        resolution_due_at=due.resolution,
        due_at=due.first_response,
    )


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SUMMARY else line[: LONGEST_SUMMARY - 1] + "…"
