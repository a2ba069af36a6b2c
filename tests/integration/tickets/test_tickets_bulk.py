"""Changing several requests at once: what is done, what is not and why, and undoing it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.mail.models import OutboxMessage
from helpdesk.tickets.models.lists import BulkAct
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.service import bulk, lifecycle, messages
from helpdesk.tickets.types import Pick, Priority, Status
from tests import factories
from tests.tickets import actor_of, fresh, many_tickets, ticket

pytestmark = pytest.mark.usefixtures("app", "moved_clock")


@pytest.fixture
def agent(sign_in_as, ben):
    return sign_in_as(ben)


def change(client, tickets, button, address="/agent/queue", **values):
    page = client.get(address)
    ticks = [box["value"] for box in page.tree.find_all("input") if box["name"] == "pick"]
    picks = [tick for one in tickets for tick in ticks if tick.startswith(one.reference)]
    return client.follow(client.submit(page, button=button, pick=picks, **values))


def states(*columns):
    return sorted(map(tuple, db.session.execute(select(*columns))))


def test_ticked_requests_are_assigned_and_the_others_are_not(agent, ben):
    one, two, _other = many_tickets(3)

    page = change(agent, [one, two], "Assign", assignee=str(ben.id))

    assert page.has("Done: 2 requests changed.")
    assert [fresh(made).assignee_id for made in (one, two, _other)] == [ben.id, ben.id, None]


def test_priority_and_topic_are_set(agent):
    made = many_tickets(2, topic="codes")

    change(agent, made, "Set priority", priority="low")
    change(agent, made, "Set topic", topic="locums")

    assert states(Ticket.priority, Ticket.topic) == [(Priority.LOW, "locums")] * 2


def test_solved_with_a_note_tells_each_requester(agent):
    made = many_tickets(2)
    mails = len(states(OutboxMessage.subject))

    page = change(agent, made, "Mark as solved", note="The service is back.")

    assert page.has("Done: 2 requests changed.")
    assert states(Ticket.status) == [(Status.SOLVED,)] * 2
    assert len(states(OutboxMessage.subject)) == mails + 2


def test_what_cannot_be_changed_is_named_with_the_reason(agent, ben, pharmacy):
    fine, changed, closed = many_tickets(3)
    with write_transaction():
        lifecycle.resolve(fresh(closed), by=actor_of(ben))
        lifecycle.set_status(fresh(closed), by=actor_of(ben), status=Status.CLOSED)
    seen = fresh(closed).last_event_number

    act_id = bulk.assign_all(
        [Pick(fine.reference, 1), Pick(changed.reference, 0), Pick(closed.reference, seen), Pick("HD-2222-2222", 1)],
        by=actor_of(ben),
        to=ben.id,
    )
    page = agent.get(f"/agent/queue?act={act_id}")

    assert page.has("Done: 1 request changed, 3 not.")
    assert page.has(f"{changed.reference} Somebody changed it meanwhile.")
    assert page.has(f"{closed.reference} It is closed.")
    assert page.has("HD-2222-2222 There is no such request.")


def test_nobody_changes_what_they_may_not_see(ben, pharmacy):
    elsewhere = ticket(organisation=factories.organisation(name="Elsewhere"))

    bulk.assign_all([Pick(elsewhere.reference, 1)], by=actor_of(ben, pharmacy.path), to=ben.id)

    assert fresh(elsewhere).assignee_id is None
    assert list(db.session.scalars(select(BulkAct.changes))) == [[]]


@pytest.mark.parametrize(
    ("button", "values"),
    [
        ("Assign", {}),
        ("Set priority", {"priority": "urgent"}),
        ("Set topic", {"topic": "locums"}),
        ("Mark as solved", {"note": "Done."}),
    ],
)
def test_undo_puts_everything_back(agent, button, values):
    waiting, new = many_tickets(2)
    with write_transaction():
        lifecycle.set_status(fresh(waiting), by=SYSTEM, status=Status.WAITING_FOR_REQUESTER)
    columns = (Ticket.reference, Ticket.assignee_id, Ticket.priority, Ticket.topic, Ticket.status, Ticket.is_paused)
    more = (Ticket.due_at, Ticket.resolved_at, Ticket.resolution_due_at)
    before = sorted(map(str, db.session.execute(select(*columns, *more))))

    page = change(agent, [waiting, new], button, **values)
    assert sorted(map(str, db.session.execute(select(*columns, *more)))) != before
    page = agent.follow(agent.submit(page, button="Undo"))

    assert page.has("Undone: 2 requests put back.")
    assert sorted(map(str, db.session.execute(select(*columns, *more)))) == before


def test_undo_leaves_alone_what_was_changed_since(agent, ben, cara):
    kept, back = many_tickets(2)
    page = change(agent, [kept, back], "Assign", assignee=str(ben.id))
    with write_transaction():
        lifecycle.assign(fresh(kept), by=actor_of(cara), to=cara.id)
        messages.note(fresh(back), by=actor_of(cara), text="A note changes no label.")

    page = agent.follow(agent.submit(page, button="Undo"))

    assert page.has("Undone: 1 request put back, 1 not.")
    assert page.has(f"{kept.reference} It was changed since.")
    assert (fresh(kept).assignee_id, fresh(back).assignee_id) == (cara.id, None)


def test_after_ten_minutes_nothing_is_undone(agent, moved_clock):
    page = change(agent, many_tickets(1), "Set priority", priority="low")
    moved_clock.shift(timedelta(minutes=10, seconds=1))

    late = agent.submit(page, button="Undo")

    assert late.status_code == 409
    assert late.has("It is too late to undo this.")
    assert states(Ticket.priority) == [(Priority.LOW,)]
    assert not [form for form in agent.get("/agent/queue").forms if form.fits("Undo", ())]


def test_undoing_twice_changes_nothing_more(agent):
    page = change(agent, many_tickets(1), "Set priority", priority="low")
    agent.submit(page, button="Undo")

    assert agent.submit(page, button="Undo").status_code == 409


def test_nobody_undoes_or_reads_what_somebody_else_did(agent, sign_in_as, cara):
    page = change(agent, many_tickets(1), "Set priority", priority="low")
    act_id = db.session.scalar(select(BulkAct.id))
    other = sign_in_as(cara)
    token = other.get("/agent/queue").form("Assign").values["csrf_token"]

    undone = other.post(f"/agent/queue/bulk/{act_id}/undo", data={"csrf_token": token, "address": "/agent/queue"})

    assert undone.status_code == 404
    assert not other.get(f"/agent/queue?act={act_id}").has("Done:")
    assert page.has("Done:")


def test_without_a_tick_nothing_is_changed_and_it_says_so(agent):
    many_tickets(1)

    page = agent.submit(agent.get("/agent/queue"), button="Set priority", priority="low")

    assert page.status_code == 422
    assert page.has("Tick at least one request")
    assert states(Ticket.priority) == [(Priority.NORMAL,)]


def test_a_broken_pick_or_list_changes_nothing(agent):
    many_tickets(1)
    page = agent.get("/agent/queue")

    assert agent.submit(page, button="Assign", pick=["HD-2222-2222.x"]).status_code == 422
    assert agent.submit(page, button="Assign", pick=["x.1"], address="https://evil.example/").status_code == 404
    assert agent.get("/agent/queue?act=nonsense").status_code == 200
