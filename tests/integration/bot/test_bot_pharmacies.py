"""Pharmacies that are suggested while one is typed on the hand-over form."""

import pytest
from sqlalchemy import func, select

from helpdesk.bot.models import Conversation
from helpdesk.bot.service import conversations
from helpdesk.core.throttle import ThrottleCount
from helpdesk.db import db, write_transaction
from helpdesk.tickets.models.ticket import Ticket
from tests import factories

pytestmark = pytest.mark.usefixtures("app")

FORM, SEND, SUGGEST = "/speak-to-a-person", "Send to the helpdesk", "/speak-to-a-person/pharmacies"


@pytest.fixture
def two_boots(pharmacy):
    """Two pharmacies of one name."""
    return [
        factories.organisation(name="Boots", ods_code="FA111", address="12 High Street, Leeds", postcode="LS1 4AB"),
        factories.organisation(name="Boots", ods_code="FA222", address="3 Mill Lane, Leeds", postcode="LS9 8ZZ"),
    ]


def suggested(client, text):
    token = client.get(FORM).form(SEND).values["csrf_token"][0]
    answer = client.post(SUGGEST, data={"text": text, "csrf_token": token})
    assert answer.status_code == 200
    return answer.get_json()["pharmacies"]


def searches():
    db.session.rollback()
    return db.session.scalar(
        select(func.count()).select_from(ThrottleCount).where(ThrottleCount.scope == "chat:site-search")
    )


@pytest.mark.parametrize("text", ["boots hig", "12 hi", "Bots high stret", "fa1", "ls1 4"])
def test_the_right_pharmacy_is_suggested_before_it_is_typed_to_its_end(client, two_boots, text):
    assert suggested(client, text)[0] == {
        "name": "Boots",
        "where": "12 High Street, Leeds LS1 4AB (FA111)",
        "value": "Boots (FA111)",
    }


def test_one_that_was_chosen_is_the_tickets_without_another_question(client, two_boots, amina):
    value = suggested(client, "boots mill")[0]["value"]
    filled = {"name": amina.name, "email": amina.email, "route": "email", "summary": "The code is refused."}

    client.submit(client.get(FORM), button=SEND, pharmacy=value, **filled)

    assert db.session.scalars(select(Ticket)).one().organisation_id == two_boots[1].id


@pytest.mark.parametrize("text", ["", "b", "  b ", "Moon Chemist of Mars"])
def test_what_is_too_short_or_unknown_finds_none(client, two_boots, text):
    assert suggested(client, text) == []


def test_one_letter_is_not_counted_as_a_search(client, two_boots):
    suggested(client, "b")

    assert searches() == 0


def test_people_and_other_organisations_are_never_suggested(client, two_boots, dev):
    for text in ("North Thames Commissioning", "QMJ", dev.name, dev.email):
        assert suggested(client, text) == []


def test_a_network_that_searches_too_much_is_shown_none(client, two_boots):
    with write_transaction():
        while conversations.may_search_sites(network="127.0.0.1"):
            pass

    assert suggested(client, "boots") == []


def test_a_search_keeps_nothing_of_what_was_typed(client, two_boots):
    suggested(client, "boots leeds")

    assert db.session.scalars(select(Conversation)).all() == []


def test_without_the_forms_token_nothing_is_suggested(client, two_boots):
    assert client.post(SUGGEST, data={"text": "boots"}).status_code == 400


@pytest.mark.parametrize("text", ["\x00\x00", "x" * 5_000, "(" * 300, "💊💊💊", "%_\\'\"; DROP"])
def test_odd_text_does_no_harm(client, two_boots, text):
    assert isinstance(suggested(client, text), list)
