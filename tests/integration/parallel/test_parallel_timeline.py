"""Several write on one ticket in the same moment: every line is kept, and the numbers have neither gap nor double."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.accounts.models import Person
from helpdesk.core.actor import requester
from helpdesk.db import db, write_transaction
from helpdesk.tickets.models.ticket import CallBack, TicketEvent
from helpdesk.tickets.queries.escalations import call_back_to_change
from helpdesk.tickets.queries.tickets import own_ticket_to_change
from helpdesk.tickets.service.call_backs import claim_call_back, put_call_back_back
from helpdesk.tickets.service.messages import requester_writes
from helpdesk.tickets.types import Route
from tests.people import AMINA
from tests.tickets import actor_of, ticket

WRITERS, TIMES = 8, 10


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # threads end without closing their connections
def test_numbers_are_given_one_after_the_other_whoever_writes(app: Flask, ben: Person) -> None:
    made = ticket(route=Route.PHONE)
    reference, agent = made.reference, actor_of(ben)
    call_back_id = db.session.scalars(select(CallBack.id)).one()
    db.session.rollback()
    line, faults = threading.Barrier(WRITERS + 1), []

    def write() -> None:
        with write_transaction():
            requester_writes(own_ticket_to_change(reference), by=requester(AMINA.name), text="Any news?")

    def take_and_put_back() -> None:
        for act in (claim_call_back, put_call_back_back):
            with write_transaction():
                act(call_back_to_change(agent, call_back_id), by=agent)

    def again_and_again(act: Callable[[], None]) -> None:
        line.wait(timeout=30)
        try:
            for _ in range(TIMES):
                with app.app_context():
                    act()
        except Exception as fault:
            faults.append(fault)

    acts = [*[write] * WRITERS, take_and_put_back]
    threads = [threading.Thread(target=again_and_again, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not faults
    numbers = db.session.scalars(select(TicketEvent.number).order_by(TicketEvent.number)).all()
    assert numbers == list(range(1, 1 + 1 + WRITERS * TIMES + 2 * TIMES))
