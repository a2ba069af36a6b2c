"""Lists with a name beside the queue: own ones, the team's, their order, and news of the list that is shown."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.audit.models import AuditEvent
from helpdesk.db import db
from helpdesk.tickets.models.lists import SavedView
from helpdesk.tickets.rules import MOST_SAVED_VIEWS
from tests.tickets import many_tickets, ticket

pytestmark = pytest.mark.usefixtures("app", "moved_clock")

LIST = "/agent/queue?view=unassigned&topic=locums"


@pytest.fixture
def agent(sign_in_as, ben):
    return sign_in_as(ben)


@pytest.fixture
def lead(sign_in_as, cara):
    return sign_in_as(cara)


def save(client, name, address=LIST, **more):
    return client.submit(client.get(address), button="Save view", name=name, **more)


def rail_of(client):
    return [link.text for link in client.get("/agent/queue").links if link.text in {"Mornings", "Locums", "Ours"}]


def test_the_list_that_is_shown_gets_a_name_and_is_shown_by_it(agent):
    saved = save(agent, "Locums")
    page = agent.follow(saved)

    assert saved.status_code == 303
    assert page.link("Locums") == LIST
    assert page.heading == "Unassigned"
    assert db.session.scalar(select(AuditEvent.action).where(AuditEvent.action == "view:saved"))


def test_a_search_can_be_saved_too(agent):
    address = "/agent/search?q=status%3Awaiting+site%3Afw844"

    assert agent.follow(save(agent, "Ours", address)).link("Ours") == address


def test_own_views_are_hidden_from_others_and_the_teams_are_not(agent, lead):
    save(agent, "Mornings")
    save(agent, "Ours", is_shared=True)

    assert rail_of(agent) == ["Mornings", "Ours"]
    assert rail_of(lead) == ["Ours"]


def test_a_view_moves_up_and_stays_there(agent):
    for name in ("Mornings", "Locums"):
        save(agent, name)

    agent.submit(agent.get("/agent/views"), button="Move up Locums")
    assert rail_of(agent) == ["Locums", "Mornings"]


def test_a_view_that_is_removed_is_gone(agent):
    save(agent, "Locums")

    page = agent.follow(agent.submit(agent.get("/agent/views"), button="Remove Locums"))

    assert page.has("No view is saved yet")


def test_only_the_maker_or_a_lead_changes_a_view_of_the_team(agent, lead):
    save(lead, "Ours", is_shared=True)
    view_id = db.session.scalar(select(SavedView.id))

    refused = agent.submit_to(f"/agent/views/{view_id}/remove") if hasattr(agent, "submit_to") else None

    assert refused is None or refused.status_code == 403
    assert not [form for form in agent.get("/agent/views").forms if f"/{view_id}/" in form.node["action"]]


@pytest.mark.parametrize("address", ["https://evil.example/agent/queue", "//evil.example/agent/queue", "/sign-out", ""])
def test_nothing_but_a_list_of_ours_is_saved(agent, address):
    page = (
        save(agent, "Trap")
        if address is None
        else agent.submit(agent.get("/agent/queue"), button="Save view", name="Trap", address=address)
    )

    assert page.status_code == 404
    assert db.session.scalar(select(SavedView.id)) is None


def test_a_view_without_a_name_is_refused_in_words(agent):
    page = save(agent, "  ")

    assert page.status_code == 422
    assert page.has("Enter a name, such as Locums today")


def test_there_are_no_more_views_than_can_be_read(agent):
    for number in range(MOST_SAVED_VIEWS):
        save(agent, f"View {number}")

    page = save(agent, "One more")

    assert page.status_code == 409
    assert page.has("Remove one first")


def test_news_are_counted_for_the_list_that_is_shown_and_nothing_else(agent, moved_clock):
    ticket(topic="locums")
    news = next(agent.get(LIST).tree.find_all("p"), None)
    page = agent.get(LIST)
    news = next(node["data-news"] for node in page.tree.find_all("p") if node["data-news"])

    assert agent.get(news).status_code == 204
    moved_clock.shift(timedelta(seconds=30))
    many_tickets(2, topic="locums")
    ticket(topic="codes")
    assert agent.get(news).text == "2 new requests."


@pytest.mark.parametrize("since", ["", "nonsense", "1e999", "nan"])
def test_news_since_nonsense_are_none(agent, since):
    ticket()

    assert agent.get("/agent/queue/news", query_string={"since": since}).status_code == 204
