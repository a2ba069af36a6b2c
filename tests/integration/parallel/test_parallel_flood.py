"""A flood from one network: those of others notice nothing."""

import threading
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from helpdesk.bot.models import Turn
from helpdesk.core.throttle import ThrottleCount
from helpdesk.db import db, write_transaction

HERE = "192.0.2.1"
TEXTS = ("lost my phone", "thanks")


class Program:
    """One chat by the calls for programs, from a network; `said` counts how its messages were answered."""

    def __init__(self, app: Flask, network: str) -> None:
        self.client = FlaskClient(app, use_cookies=False)
        self.client.environ_base["REMOTE_ADDR"] = network
        self.made = self.client.post("/api/v1/conversations", json={}).get_json()
        self.said: Counter[int] = Counter()

    def write(self, text: str) -> None:
        bearer = {"Authorization": f"Bearer {self.made['token']}"}
        address = f"/api/v1/conversations/{self.made['id']}/messages"
        self.said[self.client.post(address, json={"text": text}, headers=bearer).status_code] += 1

    def write_all(self) -> None:
        for text in TEXTS:
            self.write(text)

    def flood(self, is_over: threading.Event) -> None:
        while not is_over.is_set():
            self.write("w" * 2_000)


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # threads end without closing their connections
def test_a_flood_from_one_network_leaves_twenty_others_alone(app):
    """One network, already at its limit, sends without a pause until twenty others have written."""
    Program(app, HERE).write("hello")
    with write_transaction():
        of_network = update(ThrottleCount).where(ThrottleCount.scope == "chat:network")
        db.session.execute(of_network.values(count=4_000))
    others = [Program(app, f"198.51.100.{number}") for number in range(20)]
    flooders, is_over = [Program(app, HERE) for _ in range(2)], threading.Event()
    writing = [threading.Thread(target=other.write_all) for other in others]
    flooding = [threading.Thread(target=one.flood, args=(is_over,)) for one in flooders]
    for thread in (*flooding, *writing):
        thread.start()
    for thread in writing:
        thread.join()
    is_over.set()
    for thread in flooding:
        thread.join()

    assert all(other.said == {200: len(TEXTS)} for other in others)
    assert all(set(one.said) == {429} for one in flooders)
    db.session.rollback()
    kept = db.session.scalar(select(func.count()).select_from(Turn))
    assert kept == 2 + 2 * len(TEXTS) * len(others)
