"""What the assistant could not answer comes before those who edit the answers, and goes into the FAQ or away."""

from datetime import timedelta
from typing import cast

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from helpdesk.accounts.models import Person
from helpdesk.bot.service.learning import Missed, group_alike
from helpdesk.db import db, write_transaction
from helpdesk.faq.models import FaqDismissal
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.service.lifecycle import set_topic
from helpdesk.tickets.service.messages import reply
from tests.client import PageClient
from tests.people import Requester, SignIn
from tests.tickets import actor_of

URL = "/admin/faq/learning"
UNKNOWN = "the hedgehog xylophone is purple"

pytestmark = pytest.mark.usefixtures("app")


def say(client: PageClient, *texts: str) -> None:
    """A chat of its own in which nothing helps."""
    for text in texts:
        page = client.get("/")
        client.submit(page, button="Send", text=text)


@pytest.fixture
def asked(app, client) -> None:
    """Two people ask the same thing in vain, one of them twice; a third is still stuck with an answer."""
    say(client, UNKNOWN, UNKNOWN)
    say(app.test_client(), "xylophone hedgehog is purple")
    stuck = app.test_client()
    page = stuck.follow(stuck.submit(stuck.get("/"), button="Send", text="lost my phone on holiday"))
    stuck.submit(page, button="No, still stuck")


@pytest.fixture
def lead(sign_in_as: SignIn, cara: Person) -> PageClient:
    return sign_in_as(cara)


def test_alike_messages_are_one_group_counted_by_people(asked: None, lead: PageClient) -> None:
    page = lead.get(URL)

    headings = [heading.text for heading in page.tree.find_all("h2") if heading["class"] == "app-card__title"]
    assert len(headings) == 2
    assert "hedgehog" in headings[0]
    assert page.has("Asked by 2 people.")
    assert "lost my phone on holiday" in headings
    assert page.has("Asked by 1 person. Nearest answers: My phone is lost, stolen or broken")


def test_adding_phrasings_opens_the_form_filled_in(asked: None, lead: PageClient) -> None:
    page = lead.get(URL)
    form = next(form for form in page.forms if UNKNOWN in form.values.get("phrasing", []) and "answer" in form.names)

    opened = lead.send(form, answer="authenticators/lost-phone")

    assert opened.heading == "My phone is lost, stolen or broken. How do I get back in?"
    assert opened.form("Preview").values["phrasings"][0].endswith(UNKNOWN) or UNKNOWN in opened.html
    assert opened.has("2 phrasings were added at the end of the list. Check them.")


def handed_over(client: PageClient, amina: Requester, text: str) -> Ticket:
    """A chat in which an answer was given, and a person was asked all the same."""
    say(client, text)
    form = {"name": amina.name, "email": amina.email, "pharmacy": amina.organisation, "route": "email"}
    client.submit(client.get("/speak-to-a-person"), button="Send to the helpdesk", **form, summary="It is not that.")
    return db.session.scalars(select(Ticket).order_by(Ticket.created_at.desc()).limit(1)).one()


def test_a_message_whose_ticket_an_agent_filed_elsewhere_is_to_be_learnt(
    client: PageClient, lead: PageClient, amina: Requester, ben: Person
) -> None:
    ticket = handed_over(client, amina, "lost my phone on holiday")
    assert not lead.get(URL).has("lost my phone on holiday")

    with write_transaction():
        set_topic(db.session.get_one(Ticket, ticket.id), by=actor_of(ben), topic="accounts")

    assert lead.get(URL).has("lost my phone on holiday")


def test_one_person_in_two_chats_is_one_person(
    app: Flask, client: PageClient, lead: PageClient, amina: Requester
) -> None:
    for chat in (client, cast(PageClient, app.test_client())):
        handed_over(chat, amina, UNKNOWN)

    assert lead.get(URL).has("Asked by 1 person.")


def test_a_dismissed_group_is_not_shown_again(asked: None, lead: PageClient, cara: Person) -> None:
    page = lead.get(URL)
    form = next(
        form for form in page.forms if UNKNOWN in form.values.get("phrasing", []) and "answer" not in form.names
    )

    page = lead.follow(lead.send(form))

    assert not page.has("hedgehog")
    assert page.has("lost my phone on holiday")
    assert db.session.scalar(select(func.count()).select_from(FaqDismissal)) == 2
    assert db.session.scalars(select(FaqDismissal.by_id)).first() == cara.id


def test_what_a_person_answered_stands_beside(client: PageClient, lead: PageClient, ben: Person) -> None:
    say(client, UNKNOWN)
    details = {"name": "Amina Khan", "email": "amina.khan@nhs.net", "pharmacy": "FW844", "route": "email"}
    client.submit(client.get("/speak-to-a-person"), button="Send to the helpdesk", summary=UNKNOWN, **details)
    with write_transaction():
        ticket = db.session.scalars(select(Ticket)).one()
        reply(ticket, by=actor_of(ben), text="Feed the hedgehog first.", seen=ticket.last_event_number)

    page = lead.get(URL)

    assert page.has("A person answered: Feed the hedgehog first.")


def test_old_messages_are_not_asked_about(client, lead, moved_clock: time_machine.Traveller, sign_in_as, cara) -> None:
    say(client, UNKNOWN)
    moved_clock.shift(timedelta(days=91))

    assert sign_in_as(cara).get(URL).has("Nothing to learn")


def test_only_editors_see_what_people_wrote(client, sign_in_as, ben, dev, sam) -> None:
    assert client.get(URL).location.startswith("/sign-in")
    for person in (ben, dev, sam):
        signed_in = sign_in_as(person)
        assert signed_in.get(URL).status_code == 403
        token = signed_in.get("/faq").form("Log out").values["csrf_token"][0]
        assert signed_in.post(f"{URL}/dismiss", data={"csrf_token": token, "phrasing": "x"}).status_code == 403
    assert db.session.scalar(select(func.count()).select_from(FaqDismissal)) == 0


def test_what_is_hostile_stays_text(client, lead) -> None:
    say(client, "<script>alert(1)</script> zzyzx qwop")

    page = lead.get(URL)

    assert "<script>alert" not in page.html


def test_two_thousand_messages_are_grouped_quickly(moved_clock) -> None:
    missed = [Missed(f"word{n % 400} thing{n % 7} never heard of {n}", str(n)) for n in range(2_000)]

    groups = group_alike(missed)

    assert sum(map(len, groups)) == 2_000
