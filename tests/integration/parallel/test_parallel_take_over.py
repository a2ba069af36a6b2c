"""An agent takes over in the very moment in which the person writes, two hundred times: one voice each time."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import select

from helpdesk.accounts.models import Person
from helpdesk.db import db
from helpdesk.tickets.models.ticket import Ticket, TicketEvent
from helpdesk.tickets.routes.access import COOKIE, remember_requester
from helpdesk.tickets.types import EventKind
from tests.client import PageClient
from tests.people import SignIn
from tests.tickets import many_tickets

ROUNDS = 200


class Sender:
    """One browser for a thread: what it sends, and what came back each time."""

    def __init__(self, app: Flask, like: PageClient, page: str) -> None:
        self.token = like.get(page).form(None, "csrf_token").values["csrf_token"][0]
        self.client, self.statuses = FlaskClient(app), Counter[int]()
        for name in ("form", "session"):
            if cookie := like.get_cookie(name):
                self.client.set_cookie(name, cookie.value)

    def send(self, path: str, **form: str) -> None:
        self.statuses[self.client.post(path, data={"csrf_token": self.token, **form}).status_code] += 1


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # threads end without closing their connections
def test_the_assistant_is_silent_once_an_agent_has_taken_over(
    app: Flask, client: PageClient, ben: Person, sign_in_as: SignIn
) -> None:
    references = [made.reference for made in many_tickets(ROUNDS)]
    requester, agent = Sender(app, client, "/c"), Sender(app, sign_in_as(ben), "/agent/call-backs")
    line = threading.Barrier(2)

    def write(reference: str) -> None:
        requester.client.set_cookie(COOKIE, _proof_of_pin(app, reference))
        line.wait(timeout=60)
        for _ in range(references.index(reference) % 4):  # so that each comes first now and then
            requester.client.get("/healthz")
        requester.send(f"/c/{reference}/messages", text="Are you there?")

    def take(reference: str) -> None:
        line.wait(timeout=60)
        agent.send(f"/agent/tickets/{reference}/assign-to-me")

    def each_time(act: Callable[[str], None]) -> None:
        for reference in references:
            act(reference)

    threads = [threading.Thread(target=each_time, args=(act,)) for act in (write, take)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert requester.statuses == agent.statuses == Counter({303: ROUNDS})
    stories = [_story(reference) for reference in references]
    assert all(story.count(EventKind.REQUESTER_WROTE) == 1 for story in stories)
    assert all(story.count(EventKind.TAKEN_OVER) == 1 for story in stories)
    assert not [story for story in stories if EventKind.ACKNOWLEDGED in story[story.index(EventKind.TAKEN_OVER) :]]
    print("who came first:", dict(Counter(str(story[1]) for story in stories)))  # noqa: T201  # shown when it fails


def _proof_of_pin(app: Flask, reference: str) -> str:
    """What a browser keeps that has opened this request."""
    answer = Response()
    with app.app_context():
        remember_requester(answer, reference)
    return answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]


def _story(reference: str) -> list[EventKind]:
    """What happened, in the order of its numbers, which have no gap."""
    events = select(TicketEvent.number, TicketEvent.kind).join(TicketEvent.ticket)
    rows = db.session.execute(events.where(Ticket.reference == reference).order_by(TicketEvent.number)).all()
    assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
    return [kind for _, kind in rows]
