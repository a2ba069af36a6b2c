"""Searching all requests: what is found by what, in which order, and that no query is an error."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.db import write_transaction
from helpdesk.tickets.queries import search
from helpdesk.tickets.queries.search import PAGE_SIZE, search_page
from helpdesk.tickets.service import lifecycle, messages
from helpdesk.tickets.types import Priority
from tests import factories
from tests.tickets import actor_of, fresh, many_tickets, ticket

pytestmark = pytest.mark.usefixtures("app", "moved_clock")


@pytest.fixture
def agent(sign_in_as, ben):
    return sign_in_as(ben)


@pytest.fixture
def elm():
    return factories.organisation(name="Elm Street Pharmacy", ods_code="FW844", postcode="LS1 4AP")


@pytest.fixture
def found(ben):
    """The summaries of what Ben finds."""
    return lambda typed: [one.summary for one in search_page(actor_of(ben), typed).tickets]


@pytest.fixture
def two(elm, moved_clock):
    """One request of a pharmacy that we know, and a newer one from elsewhere."""
    first = ticket(organisation=elm, summary="SIÂN ŴYN cannot scan", name="Siân Ŵyn", topic="barcodes", transcript=())
    moved_clock.shift(timedelta(minutes=1))
    second = ticket(summary="The locums have no codes", topic="locums", email="kofi.obi@nhs.net", patient_waiting=True)
    return first, second


FIRST, SECOND = "SIÂN ŴYN cannot scan", "The locums have no codes"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("scan", [FIRST]),
        ("SIAN", [FIRST]),
        ("sia\u0302n wyn", [FIRST]),
        ("locum", [SECOND]),
        ("cod*", [SECOND]),
        ("cod", []),
        ('"cannot scan"', [FIRST]),
        ('"scan cannot"', []),
        ('"have no cod*"', [SECOND]),
        ("scan codes", []),
        ("fw844", [FIRST]),
        ("ls1 4ap", [FIRST]),
        ("kofi.obi@nhs.net", [SECOND]),
        ("my phone is lost", [SECOND]),
        ("site:fw844", [FIRST]),
        ('site:"elm street"', [FIRST]),
        ("from:sian", [FIRST]),
        ("from:kofi.obi@nhs.net", [SECOND]),
        ("from:scan", []),
        ("topic:locums", [SECOND]),
        ("priority:urgent", [SECOND]),
        ("status:new", [SECOND, FIRST]),
        ("status:new topic:barcodes", [FIRST]),
        ("status:waiting", []),
        ("status:nonsense", []),
        ("is:unassigned is:open", [SECOND, FIRST]),
        ("is:mine", []),
        ("nobody", []),
    ],
)
def test_what_is_found_by_what(two, found, typed, expected):
    assert found(typed) == expected


def test_a_reference_is_found_however_it_is_typed(two, found):
    letters = two[0].reference.removeprefix("HD-").replace("-", "")
    misread = letters.replace("Q", "O").replace("5", "S").replace("2", "Z").replace("8", "B").replace("7", "1")

    for typed in (two[0].reference, letters.lower(), f"hd {letters[:4]} {letters[4:]}", f"HD{letters}", misread):
        assert FIRST in found(typed), typed


def test_a_change_is_found_from_the_moment_it_is_made(two, found, ben):
    with write_transaction():
        made = fresh(two[0])
        messages.note(made, by=actor_of(ben), text="Their scanner is a Zebra.")
        messages.reply(made, by=actor_of(ben), text="Please hold it closer.", seen=made.last_event_number)
        lifecycle.set_priority(made, by=actor_of(ben), priority=Priority.LOW)

    assert found("zebra closer") == found("is:mine status:waiting priority:low") == [FIRST]
    assert found("status:new") == [SECOND]
    with write_transaction():
        messages.requester_sends(fresh(two[0]), text="Solved, thanks.", client_key=None)
    assert found("status:open") == [FIRST]


def test_what_is_rolled_back_is_not_found(two, found, ben):
    def note_and_fail():
        with write_transaction():
            messages.note(fresh(two[0]), by=actor_of(ben), text="Zebra")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        note_and_fail()

    assert found("zebra") == []


def test_a_word_only_in_a_ticket_of_others_is_not_found(elm, ben):
    elsewhere = factories.organisation(name="Elsewhere")
    ticket(organisation=elm, summary="ours")
    ticket(organisation=elsewhere, summary="secret word")
    local = actor_of(ben, elm.path)

    assert search_page(local, "secret").tickets == []
    assert [one.summary for one in search_page(local, "is:open").tickets] == ["ours"]


@pytest.mark.parametrize("many", [-1, search.MANY])
def test_every_match_is_on_exactly_one_page_by_either_way(agent, monkeypatch, many):
    monkeypatch.setattr(search, "MANY", many)  # as if the words were in nearly every ticket
    made = {one.reference for one in many_tickets(2 * PAGE_SIZE + 5, summary="same words")}

    page, seen = agent.get("/agent/search?q=same+words"), []
    while True:
        seen += [part for part in page.text.split() if part.startswith("HD-")]
        following = [link.url for link in page.links if link.text.startswith("Older")]
        if not following:
            break
        page = agent.get(following[0])

    assert len(seen) == len(made)
    assert set(seen) == made


@pytest.mark.parametrize(
    "typed",
    [
        '"unb', "a AND", "NEAR(", "*", "c++", "o'brien", "a.b", "-x", "", "%", "_", "\\", "100%_", "'", "' OR 1=1 --",
        "a & | ! ( ) <-> :*", "x" * 100_000, "(" * 5_000, "\x00", "from:", "is:", "status:\"", "¦", "topic:¦",
        "🐎", "ملف", "select * from ticket", "site:* from:*", "a:b:c:d", "'':*",
    ],
)  # fmt: skip
def test_no_query_is_an_error(agent, typed):
    ticket()

    page = agent.get("/agent/search", query_string={"q": typed})

    assert page.status_code == 200


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=80))
def test_nothing_that_can_be_typed_is_an_error(ben, typed):
    search_page(actor_of(ben), typed)


@pytest.mark.parametrize("after", ["nonsense", "-1", "0", "9" * 30, "1e9", "' OR 1=1"])
def test_a_broken_page_number_is_as_if_it_were_not_there(agent, after):
    ticket(summary="there it is")

    page = agent.get("/agent/search", query_string={"q": "there", "after": after})

    assert page.has("there it is")


def test_a_whole_reference_leads_to_its_ticket(agent):
    made = ticket()

    assert agent.get("/agent/search", query_string={"q": made.reference.lower()}).location.endswith(made.reference)


def test_a_bookmark_of_a_searched_queue_leads_to_the_search(agent):
    assert agent.get("/agent/queue?q=elm").location == "/agent/search?q=elm"


def test_the_ticket_leads_back_to_the_very_list_even_after_a_note(agent):
    made = ticket(summary="there it is")
    listed = "/agent/search?q=there+is%3Aopen"

    page = agent.get(agent.get(listed).link("there it is"))
    page = agent.follow(agent.submit(page, button=None, text="Rang them.", kind="note"))

    assert page.has("Rang them.")
    assert page.link("Back to the queue") == listed
    assert made.reference in page.text


@pytest.mark.parametrize(
    "back", ["https://evil.example/agent/queue", "//evil.example/agent/queue", "/admin/people", "x"]
)
def test_nobody_is_led_back_to_a_strange_place(agent, back):
    page = agent.get(f"/agent/tickets/{ticket().reference}", query_string={"back": back})

    assert page.link("Back to the queue") == "/agent/queue"
