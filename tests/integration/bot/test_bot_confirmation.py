"""What a requester is told when a person was asked to take over: how to carry on, and how soon we usually answer."""

import re
from datetime import timedelta

import numpy as np
import pytest
import zxingcpp
from flask import render_template

from helpdesk.db import db, write_transaction
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.types import Route
from tests.tickets import many_tickets

pytestmark = pytest.mark.usefixtures("app", "moved_clock")

FORM = "/speak-to-a-person"
DETAILS = {
    "name": "Amina Khan",
    "email": "amina.khan@nhs.net",
    "pharmacy": "FW844",
    "route": "email",
    "summary": "The code is refused.",
}


def confirmation(client, **changes):
    return client.follow(client.submit(client.get(FORM), button="Send to the helpdesk", **DETAILS | changes))


def answered_before(count, minutes, *, email="real@nhs.net", days_ago=7, **changes):
    """So many requests a week ago, each answered after so many minutes of a Tuesday morning."""
    for made in many_tickets(count, email=email, **changes):
        with write_transaction():
            row = db.session.get_one(Ticket, made.id)
            row.opened_at -= timedelta(days=days_ago)
            row.first_responded_at = row.opened_at + timedelta(minutes=minutes)


def read_by_a_camera(page):
    """What the drawing on the page says."""
    (code,) = page.tree.with_class("app-qr__code")
    width = int(code["viewbox"].split()[2])
    dots = np.full((width, width), 255, dtype=np.uint8)
    x, y = 0, 0
    for move, right, down in re.findall(r"([Mmh])(-?[\d.]+) ?(-?[\d.]+)?", next(code.find_all("path"))["d"]):
        if move == "h":
            dots[y, x : x + int(right)] = 0
            x += int(right)
        else:
            x, y = (int(right), int(float(down))) if move == "M" else (x + int(right), y + int(down))
    return [found.text for found in zxingcpp.read_barcodes(np.kron(dots, np.ones((8, 8), dtype=np.uint8)))]


def test_a_camera_reads_the_requests_address_and_no_pin(client, settings):
    page = confirmation(client)
    made = db.session.scalars(db.select(Ticket)).one()

    assert read_by_a_camera(page) == [f"{settings.public_url}/c/{made.reference}"]
    assert page.has(f"{settings.public_url}/c/{made.reference}")


def test_how_soon_we_answer_is_told_once_twenty_have_asked(client):
    answered_before(15, minutes=10)
    answered_before(5, minutes=90)

    page = confirmation(client)

    assert page.has("Half of requests like yours had our first answer within 10 minutes.")
    assert page.has("Nine in ten had it within 1 hour 30 minutes. This counts our working hours only.")


@pytest.mark.parametrize(
    ("count", "changes"),
    [
        (19, {}),
        (20, {"email": "made.up@pharmacy.example"}),
        (20, {"days_ago": 1}),
        (20, {"days_ago": 91}),
        (20, {"patient_waiting": True}),
        (20, {"route": Route.PHONE}),
    ],
    ids=["too few", "made up", "too new", "too old", "more urgent", "by phone"],
)
def test_nothing_is_promised_from_other_cases(client, count, changes):
    answered_before(count, minutes=10, **changes)

    assert not confirmation(client).has("Half of requests")


def test_those_who_still_wait_count_with_their_wait_until_now(client):
    answered_before(17, minutes=10)
    for made in many_tickets(3, email="real@nhs.net"):
        with write_transaction():
            db.session.get_one(Ticket, made.id).opened_at -= timedelta(days=7)

    page = confirmation(client)

    # Five working days of 8 hours 30 minutes.
    assert page.has("Nine in ten had it within 42 hours 30 minutes.")


def test_nothing_is_promised_to_those_whom_we_ring(client):
    answered_before(20, minutes=10, route=Route.PHONE)

    page = confirmation(client, route="ring")

    assert page.has("What to say on the phone")
    assert not page.has("Half of requests")


@pytest.mark.parametrize("hours", ["", "Monday to Friday, 9am to 5pm"])
def test_hours_are_told_where_they_are_configured_and_nothing_else(client, app, hours):
    confirmation(client)
    with app.test_request_context():
        shown = render_template("bot/confirmation.html", page=_Anything(), opening_hours=hours)

    assert ("Our opening hours: Monday to Friday, 9am to 5pm" in shown) is bool(hours)


class _Anything:
    """A page that leaves everything else empty."""

    promise = ""

    def __getattr__(self, name):
        return ""
