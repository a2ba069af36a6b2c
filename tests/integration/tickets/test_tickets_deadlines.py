"""Deadlines on a ticket's pages, and the policies that a lead agent sets for them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.core import clock
from helpdesk.db import db, write_transaction
from helpdesk.tickets.models.policies import DeadlinePolicy
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.service.deadlines import recount_some
from helpdesk.tickets.service.lifecycle import set_priority
from helpdesk.tickets.service.messages import reply, requester_sends
from helpdesk.tickets.types import Priority
from tests.tickets import actor_of, fresh, many_tickets, ticket

pytestmark = pytest.mark.usefixtures("app", "moved_clock")

TWICE_AS_SOON = {"name": "By email", "route": "email", "first_response": "2 hours", "next_response": "1 h 30 min"}


class Agent:
    """Ben at his desk, who logs in anew for each look: days go by between them."""

    def __init__(self, sign_in_as, ben):
        self.sign_in_as, self.ben = sign_in_as, ben

    def get(self, address):
        return self.sign_in_as(self.ben).get(address)

    def answers(self, made):
        with write_transaction():
            reply(fresh(made), by=actor_of(self.ben), text="Try this.", seen=99)


@pytest.fixture
def agent(sign_in_as, ben):
    return Agent(sign_in_as, ben)


@pytest.fixture
def lead(sign_in_as, cara):
    return sign_in_as(cara)


def write_as_requester(made, text="It does not work."):
    with write_transaction():
        requester_sends(fresh(made), text=text, client_key=None)


def add_policy(lead, **changes):
    page = lead.get("/admin/deadlines/new")
    return lead.submit(page, button="Save", **(TWICE_AS_SOON | {"resolution": "4 hours"} | changes))


def test_a_request_that_waited_for_the_pharmacy_does_not_come_back_overdue(agent, moved_clock):
    made = ticket()
    agent.answers(made)
    moved_clock.shift(timedelta(days=2))
    write_as_requester(made)

    page = agent.get(f"/agent/tickets/{made.reference}")

    assert page.has("Next reply By today at 1pm")
    assert page.has("Solved By today at 5pm")  # 8 hours from 9am, of which two days ago none had passed
    assert page.has("4 hours left")


def test_a_reply_keeps_the_promise_of_the_next_one(agent, moved_clock):
    made = ticket()
    agent.answers(made)
    write_as_requester(made)
    moved_clock.shift(timedelta(minutes=5))
    agent.answers(made)

    assert not agent.get(f"/agent/tickets/{made.reference}").has("Next reply")


def test_each_stretch_is_shown_and_the_sum_is_the_deadline(agent, moved_clock):
    made = ticket()
    moved_clock.shift(timedelta(hours=1))
    agent.answers(made)
    moved_clock.shift(timedelta(days=1))
    write_as_requester(made)

    page = agent.get(agent.get(f"/agent/tickets/{made.reference}").link("Why these deadlines?"))

    assert page.heading == "Why these deadlines?"
    assert page.has("First reply: done yesterday at 10am")
    assert page.has("Next reply: by today at 2pm")
    assert page.has("Yesterday at 10am Today at 10am No: waiting for somebody else")
    assert page.has("Together 8 hours: the deadline is today at 5pm.")


def test_while_it_is_paused_the_page_says_what_is_left(agent, moved_clock):
    made = ticket()
    moved_clock.shift(timedelta(hours=1))
    agent.answers(made)
    moved_clock.shift(timedelta(hours=3))

    page = agent.get(f"/agent/tickets/{made.reference}/deadlines")

    assert page.has("Solved: paused, 7 hours left")
    assert page.has("Today at 10am Still going on No: waiting for somebody else")


def test_a_ticket_of_nobody_is_not_found(agent):
    assert agent.get("/agent/tickets/HD-0000-0000/deadlines").status_code == 404


def test_a_new_policy_holds_for_open_requests_within_a_minute(lead, agent):
    made = ticket()
    page = lead.follow(add_policy(lead))

    assert page.has("By email By email. First reply 2 hours, next reply 1 hour 30 minutes, solved 4 hours.")
    assert page.has("Open requests that are being counted anew: 1.")
    assert recount_some(10) == 1
    assert recount_some(10) == 0
    assert agent.get(f"/agent/tickets/{made.reference}").has("First reply By today at 11am")
    assert agent.get(f"/agent/tickets/{made.reference}/deadlines").has("The policy “By email” holds.")
    assert lead.get("/admin/deadlines").has("Normal priority (default)")


def test_a_policy_is_changed_and_taken_away(lead, agent):
    made = ticket()
    add_policy(lead)
    page = lead.get(lead.get("/admin/deadlines").link("Change By email"))
    assert page.form("Save").values["next_response"] == ["1 hour 30 minutes"]

    lead.submit(page, button="Save", first_response="3 hours")
    recount_some(10)
    assert agent.get(f"/agent/tickets/{made.reference}").has("First reply By today at midday")

    lead.submit(lead.get("/admin/deadlines"), button="Remove By email")
    recount_some(10)
    assert agent.get(f"/agent/tickets/{made.reference}").has("First reply By today at 1pm")
    assert db.session.scalars(select(DeadlinePolicy)).all() == []


def test_a_default_is_replaced_by_a_policy_that_starts_with_its_times(lead, agent):
    made = ticket()
    page = lead.get(lead.get("/admin/deadlines").link("Replace it: Normal priority"))
    values = page.form("Save").values
    assert (values["priority"], values["first_response"], values["resolution"]) == (
        ["normal"],
        ["4 hours"],
        ["8 hours"],
    )

    page = lead.follow(lead.submit(page, button="Save", name="Ours", first_response="6 hours"))
    recount_some(10)

    assert not page.has("Normal priority (default)")
    assert page.has("Urgent priority (default)")
    assert agent.get(f"/agent/tickets/{made.reference}").has("First reply By today at 3pm")


@pytest.mark.parametrize("word", ["", "nonsense", "urgent%00"])
def test_no_default_of_an_odd_name_is_replaced(lead, word):
    values = lead.get(f"/admin/deadlines/new?replaces={word}").form("Save").values

    assert (values["priority"], values["first_response"]) == ([""], [""])


def test_what_is_late_and_not_done_is_overdue_since_then(agent, moved_clock):
    made = ticket(patient_waiting=True)
    moved_clock.shift(timedelta(minutes=50))

    assert agent.get(f"/agent/tickets/{made.reference}").has("First reply Overdue since today at 9:30am")
    page = agent.get(f"/agent/tickets/{made.reference}/deadlines")
    assert page.has("First reply: overdue since today at 9:30am")
    assert page.has("30 minutes of working time are allowed.")
    assert page.has("Does it count?")


def test_one_hour_is_allowed_in_the_singular(lead, agent):
    made = ticket()
    add_policy(lead, first_response="1 hour")
    recount_some(10)

    assert agent.get(f"/agent/tickets/{made.reference}/deadlines").has("1 hour of working time is allowed.")


def test_two_policies_never_hold_for_the_same_requests(lead):
    add_policy(lead)

    page = add_policy(lead, name="Once more")

    assert page.status_code == 409
    assert page.errors == ["“By email” holds for the same requests. Change that one."]
    assert len(db.session.scalars(select(DeadlinePolicy)).all()) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Enter a name, such as “By phone”"),
        ({"first_response": ""}, "Enter how soon the first reply is due, such as 4 hours"),
        (
            {"first_response": "soon"},
            "“First reply within” must be a time like 4 hours or 45 minutes, 170 hours at most",
        ),
        (
            {"next_response": "0 min"},
            "“Next reply within” must be a time like 4 hours or 45 minutes, 170 hours at most",
        ),
        ({"resolution": "171 h"}, "“Solved within” must be a time like 4 hours or 45 minutes, 170 hours at most"),
        ({"resolution": "30 minutes"}, "“Solved within” must be no less than “First reply within”"),
        ({"resolution": "٤ hours"}, "“Solved within” must be a time like 4 hours or 45 minutes, 170 hours at most"),
    ],
)
def test_what_makes_no_policy_is_said_and_what_was_typed_stays(lead, changes, message):
    page = add_policy(lead, **changes)

    assert page.status_code == 422
    assert page.errors == [message]
    assert page.form("Save").values["route"] == ["email"]
    assert db.session.scalars(select(DeadlinePolicy)).all() == []


def test_other_hours_count_the_deadlines_of_open_requests_anew(lead, agent):
    made = ticket()

    lead.submit(lead.get("/admin/calendar"), button="Save hours", tuesday="9 to 10, 14 to 18")
    recount_some(10)

    assert agent.get(f"/agent/tickets/{made.reference}").has("First reply By today at 5pm")


def test_what_another_target_would_have_meant(agent, sign_in_as, cara, moved_clock):
    quick, slow, waiting = many_tickets(3)
    moved_clock.shift(timedelta(hours=1))
    agent.answers(quick)
    moved_clock.shift(timedelta(hours=4))
    agent.answers(slow)
    lead = sign_in_as(cara)

    page = lead.submit(lead.get("/admin/deadlines"), button="Show", promise="first_response", target="2 hours")

    assert page.has(
        "With 2 hours, 50% would have been in time: 1 of the 2 requests of the last 91 days that had a first reply."
    )
    assert fresh(waiting).first_response_took is None


def test_a_target_that_cannot_be_read_is_said(lead):
    page = lead.submit(lead.get("/admin/deadlines"), button="Show", target="some time")

    assert page.status_code == 422
    assert page.errors == ["“Working time” must be a time like 4 hours or 45 minutes, 170 hours at most"]


def test_agents_do_not_set_deadlines(agent):
    assert agent.get("/admin/deadlines").status_code == 403
    assert agent.get("/admin/deadlines/new").status_code == 403


def test_another_priority_counts_from_the_opening(agent, moved_clock):
    made = ticket()
    moved_clock.shift(timedelta(hours=1))
    with write_transaction():
        set_priority(fresh(made), by=actor_of(agent.ben), priority=Priority.URGENT)

    assert fresh(made).first_response_due_at == clock.now() - timedelta(minutes=30)


def test_all_open_requests_are_counted_anew_in_batches(lead):
    many_tickets(5)
    add_policy(lead)

    assert [recount_some(2), recount_some(2), recount_some(2)] == [2, 2, 1]
    assert db.session.scalars(select(Ticket.id).where(Ticket.deadlines_counted_at.is_(None))).all() == []
