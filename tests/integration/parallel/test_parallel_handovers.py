"""Two hundred people ask for a person in the same moment: two hundred tickets, none lost, none doubled."""

import threading
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from helpdesk.bot.models import Conversation
from helpdesk.db import db
from helpdesk.mail.models import OutboxMessage
from helpdesk.tickets.models.ticket import Ticket
from tests.people import AMINA

PEOPLE = 200
SENDS_EACH = 2  # the second is an impatient click, or a browser that tries again
DETAILS = {
    "name": AMINA.name,
    "phone": AMINA.phone,
    "organisation": "High Street Pharmacy",
    "route": "email",
    "summary": "My phone is lost.",
}


class People:
    """Everybody waits at the line, then all send at once. What came back is kept."""

    def __init__(self, app: Flask, senders: int) -> None:
        self.app, self.line = app, threading.Barrier(senders)
        self.statuses: Counter[int] = Counter()
        self.references: list[str] = []
        self._lock = threading.Lock()

    def hand_over(self, conversation: dict[str, str]) -> None:
        client = FlaskClient(self.app, use_cookies=False)
        self.line.wait(timeout=60)
        answer = client.post(
            f"/api/v1/conversations/{conversation['id']}/handover",
            json=DETAILS | {"email": f"{conversation['id']}@highstreet.example"},
            headers={"Authorization": f"Bearer {conversation['token']}"},
        )
        with self._lock:
            self.statuses[answer.status_code] += 1
            self.references.append(answer.get_json().get("reference", ""))


def started(app: Flask) -> list[dict[str, str]]:
    client = FlaskClient(app, use_cookies=False)
    return [client.post("/api/v1/conversations", json={}).get_json() for _ in range(PEOPLE)]


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # threads end without closing their connections
def test_two_hundred_hand_overs_at_once_are_two_hundred_tickets(app: Flask) -> None:
    conversations = started(app)
    people = People(app, PEOPLE * SENDS_EACH)
    threads = [
        threading.Thread(target=people.hand_over, args=(conversation,))
        for conversation in conversations
        for _ in range(SENDS_EACH)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert people.statuses == Counter({201: PEOPLE * SENDS_EACH})
    assert Counter(Counter(people.references).values()) == Counter({SENDS_EACH: PEOPLE})
    for model in (Ticket, OutboxMessage, Conversation):
        assert db.session.scalar(select(func.count()).select_from(model)) == PEOPLE
