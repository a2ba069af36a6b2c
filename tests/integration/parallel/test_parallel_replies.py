"""Two agents answer one request in the same second: one reply goes, and the other agent is told first."""

import threading
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.accounts.models import Person
from helpdesk.core.errors import ChangedMeanwhile
from helpdesk.db import db, write_transaction
from helpdesk.tickets.models.ticket import TicketEvent
from helpdesk.tickets.queries.tickets import own_ticket_to_change
from helpdesk.tickets.service.messages import reply
from helpdesk.tickets.types import EventKind
from tests.tickets import actor_of, many_tickets

ROUNDS = 30


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # threads end without closing their connections
def test_the_second_of_two_agents_is_told_before_anything_goes_out(app: Flask, ben: Person, cara: Person) -> None:
    references = [made.reference for made in many_tickets(ROUNDS)]
    agents = [actor_of(ben), actor_of(cara)]
    db.session.rollback()
    line = threading.Barrier(len(agents))
    endings: Counter[str] = Counter()
    lock = threading.Lock()

    def answer_all(number: int) -> None:
        for reference in references:
            line.wait(timeout=60)
            ending = "sent"
            try:
                with app.app_context(), write_transaction():
                    reply(own_ticket_to_change(reference), by=agents[number], text="Scan the new code.", seen=1)
            except ChangedMeanwhile as refusal:
                ending = refusal.message.partition(" ")[2]
            with lock:
                endings[ending] += 1

    threads = [threading.Thread(target=answer_all, args=(number,)) for number in range(len(agents))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    refused = {ending for ending in endings if ending != "sent"}
    assert endings["sent"] == ROUNDS
    assert sum(endings[ending] for ending in refused) == ROUNDS
    assert all("wrote meanwhile. Read it below" in ending for ending in refused)
    kinds = Counter(db.session.scalars(select(TicketEvent.kind)))
    assert kinds[EventKind.REPLIED] == kinds[EventKind.TAKEN_OVER] == ROUNDS
