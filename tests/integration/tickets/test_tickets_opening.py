"""A hand-over becomes a ticket, once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.mail.models import OutboxMessage
from helpdesk.tickets.models.ticket import CallBack, Ticket
from helpdesk.tickets.service.calendar import ensure_calendar
from helpdesk.tickets.types import Priority, Route, Status
from tests.tickets import TRANSCRIPT, fresh, hand_over, many_tickets, ticket

pytestmark = pytest.mark.usefixtures("app", "moved_clock")


def test_a_new_ticket_has_a_reference_deadlines_and_the_whole_transcript():
    made = ticket()

    assert made.reference.startswith("HD-")
    assert (made.status, made.priority, made.is_open) == (Status.NEW, Priority.NORMAL, True)
    assert made.first_response_due_at == datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert made.resolution_due_at == datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert [line["text"] for line in made.transcript] == [line.text for line in TRANSCRIPT]


def test_the_deadline_leaves_out_bank_holidays(moved_clock):
    with db.session.begin_nested():
        ensure_calendar()
    db.session.commit()
    moved_clock.move_to(datetime(2026, 12, 24, 17, tzinfo=UTC))

    assert ticket().first_response_due_at == datetime(2026, 12, 29, 12, 30, tzinfo=UTC)


def test_a_waiting_patient_makes_it_urgent():
    assert ticket(patient_waiting=True).priority is Priority.URGENT


def test_the_acknowledgement_repeats_nothing_that_was_typed():
    made = ticket(summary="secret words of the requester")

    mail = db.session.scalars(select(OutboxMessage)).one()
    assert mail.to_address == made.requester_email
    assert made.reference in mail.subject
    assert "secret words" not in mail.subject + mail.text + mail.html
    assert made.requester_name not in mail.text + mail.html


def test_the_same_hand_over_twice_is_one_ticket():
    first = ticket(idempotency_key="chat-1")
    second = ticket(idempotency_key="chat-1")

    assert first.id == second.id
    assert len(db.session.scalars(select(Ticket)).all()) == 1
    assert len(db.session.scalars(select(OutboxMessage)).all()) == 1


def test_the_phone_route_promises_a_call():
    made = ticket(route=Route.PHONE)

    call = db.session.scalars(select(CallBack)).one()
    assert (call.ticket_id, call.phone) == (made.id, made.requester_phone)


def test_a_long_summary_is_cut_for_the_queue_and_kept_whole_on_the_timeline():
    made = ticket(summary="one\ntwo " + "x" * 500)

    assert len(made.summary) == 200
    assert made.summary.startswith("one two ")
    assert made.events[0].text.endswith("x" * 500)


def test_references_are_never_equal():
    assert len({made.reference for made in many_tickets(50)}) == 50


def test_the_given_organisation_is_kept(pharmacy):
    assert ticket(organisation=pharmacy).organisation_id == pharmacy.id
    assert hand_over().organisation_id is None


def test_going_back_and_sending_something_else_loses_nothing():
    first = ticket(idempotency_key="chat-1")
    ticket(idempotency_key="chat-1", summary="It is my email, too", email="amina@home.example", patient_waiting=True)

    after = fresh(first)
    assert "It is my email, too" in after.events[-1].text
    assert (after.requester_email, after.priority, after.patient_waiting) == (
        "amina@home.example",
        Priority.URGENT,
        True,
    )
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_a_strangers_mailbox_is_not_filled_with_acknowledgements():
    for _ in range(5):
        ticket()

    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 5
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 3
