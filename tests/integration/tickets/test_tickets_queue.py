"""The queue: views, filters, search and paging, with what an agent may see only."""

from datetime import timedelta

import pytest

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.db import write_transaction
from helpdesk.tickets.queries.queue import PAGE_SIZE, QueueFilter, View, queue_page, view_counts
from helpdesk.tickets.queries.tickets import ticket_for
from helpdesk.tickets.service import lifecycle, messages
from helpdesk.tickets.types import Status
from tests import factories
from tests.tickets import actor_of, fresh, many_tickets, ticket

pytestmark = pytest.mark.usefixtures("app", "moved_clock")


@pytest.fixture
def agent(sign_in_as, ben):
    return sign_in_as(ben)


def references(page):
    return [link.text for link in page.links if link.url.startswith("/agent/tickets/")]


def test_an_empty_queue_says_what_to_do_next(agent):
    page = agent.get("/agent/queue?view=mine")

    assert page.heading == "Mine"
    assert page.has("Take one from the unassigned requests.")


def test_the_soonest_due_comes_first(agent, moved_clock):
    ticket(summary="asked first")
    moved_clock.shift(timedelta(minutes=1))
    ticket(summary="asked second")
    ticket(summary="urgent", patient_waiting=True)

    assert references(agent.get("/agent/queue")) == ["urgent", "asked first", "asked second"]


def test_what_waits_for_the_pharmacy_comes_after_what_waits_for_us(agent, ben, moved_clock):
    answered = ticket(summary="answered")
    moved_clock.shift(timedelta(minutes=1))
    ticket(summary="not answered")
    with write_transaction():
        messages.reply(fresh(answered), by=actor_of(ben), text="Try it.", seen=9)

    assert references(agent.get("/agent/queue")) == ["not answered", "answered"]
    assert references(agent.get("/agent/queue?view=waiting")) == ["answered"]


def test_the_newest_can_come_first(agent, moved_clock):
    ticket(summary="asked first", patient_waiting=True)
    moved_clock.shift(timedelta(minutes=1))
    ticket(summary="asked second")

    page = agent.submit(agent.get("/agent/queue"), button="Show", sort="newest")

    assert references(page) == ["asked second", "asked first"]


@pytest.mark.parametrize("order", ["due", "newest"])
def test_every_ticket_is_on_exactly_one_page(agent, ben, order):
    tickets = many_tickets(2 * PAGE_SIZE + 5)
    made = {one.reference for one in tickets}
    with write_transaction():
        for one in tickets[::3]:
            lifecycle.set_status(fresh(one), by=actor_of(ben), status=Status.ON_HOLD)

    page, seen = agent.get(f"/agent/queue?sort={order}"), []
    while True:
        seen += [part for part in page.text.split() if part.startswith("HD-")]
        following = [link.url for link in page.links if link.text.startswith("Next page")]
        if not following:
            break
        page = agent.get(following[0])

    assert len(seen) == len(made)
    assert set(seen) == made


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("?topic=locums", 1),
        ("?priority=urgent", 1),
        ("?priority=nonsense", 2),
        ("?view=nonsense", 2),
        ("?view=mine", 0),
        ("?view=unassigned", 2),
        ("?view=escalated", 0),
        ("?view=solved", 0),
        ("?after=nonsense", 2),
        ("?after=0~1e999~" + "0" * 32, 2),
        ("?after=0~nan~" + "0" * 32, 2),
        ("?after=0~1~2~3", 2),
        ("?sort=nonsense", 2),
        ("?sort=%27+OR+1%3D1", 2),
    ],
)
def test_filters_and_broken_addresses(agent, address, found):
    ticket(organisation=None, topic="locums", patient_waiting=True)
    elm = factories.organisation(name="Elm Street Pharmacy", ods_code="FTX77")
    ticket(organisation=elm, summary="SIÂN ŴYN asks")

    page = agent.get(f"/agent/queue{address}")

    assert page.status_code == 200
    assert len(references(page)) == found


def test_filters_without_a_match_can_be_cleared(agent):
    ticket()

    assert agent.get("/agent/queue?topic=steps").link("Clear them") == "/agent/queue?view=all-open"


def test_counts_stop_at_ninety_nine(ben):
    many_tickets(101)

    assert view_counts(actor_of(ben), clock.now())[View.ALL_OPEN] == 100


def test_a_scope_shows_its_own_organisations_only(pharmacy, ben):
    elsewhere = factories.organisation(name="Elsewhere")
    own, other, nobodys = ticket(organisation=pharmacy), ticket(organisation=elsewhere), ticket()
    local = actor_of(ben, pharmacy.path)

    page = queue_page(local, QueueFilter(), clock.now())

    assert [one.reference for one in page.tickets] == [own.reference]
    for hidden in (other, nobodys):
        with pytest.raises(NotFound):
            ticket_for(local, hidden.reference)


def test_nobody_without_a_scope_sees_anything(pharmacy):
    ticket(organisation=pharmacy)

    assert queue_page(Actor(name="Nobody"), QueueFilter(), clock.now()).tickets == []
