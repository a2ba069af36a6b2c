"""The chat in a frame of another site: no cookie, the token in the forms, and only sites that we know."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from helpdesk.bot.models import Conversation, Turn
from helpdesk.db import db
from helpdesk.settings import Settings, use
from helpdesk.tickets.models.ticket import Ticket

pytestmark = pytest.mark.usefixtures("app")

SITE = "https://www.pharmacies.example"
PAGES = ("/embed", "/embed/", "/embed/speak-to-a-person")


@pytest.fixture
def embedding(settings: Settings) -> None:
    """One site may embed us."""
    use(settings.model_copy(update={"embed_origins": (SITE, "https://intranet.example")}))


@pytest.fixture
def frame(embedding, client):
    """A browser in a frame of another site, which keeps no cookie of ours."""
    assert isinstance(client, FlaskClient)
    client._cookies = None
    return client


def rows(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def box(page):
    return next(form for form in page.forms if form.node["id"] == "composer")


def write(frame, page, text):
    return frame.send(box(page), text=text)


@pytest.mark.parametrize("path", [*PAGES, "/embed.js"])
def test_without_a_site_that_may_embed_us_there_is_nothing_to_embed(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_only_the_named_sites_may_show_it_in_a_frame(frame, path):
    policy = frame.get(path).headers["Content-Security-Policy"]

    assert policy.endswith(f"frame-ancestors {SITE} https://intranet.example")


@pytest.mark.parametrize("path", ["/", "/faq", "/sign-in", "/c", "/speak-to-a-person", "/privacy", "/embed/nothing"])
def test_every_other_page_stays_out_of_frames(embedding, client, path):
    assert client.get(path).headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


def test_a_page_that_refuses_can_be_read_in_the_frame_too(frame):
    answer = frame.post("/embed/chat", data={"text": "w" * 300_000})

    assert answer.status_code == 413
    assert f"frame-ancestors {SITE}" in answer.headers["Content-Security-Policy"]
    assert answer.has("0345 450 6279")
    assert answer.link("Go to the start page") == "/embed/"


def test_a_chat_goes_on_from_form_to_form_without_a_cookie(frame):
    page = write(frame, frame.get("/embed/"), "qr code wont scan")
    page = frame.submit(page, button="No, still stuck")
    page = write(frame, page, "lost my phone")

    assert page.status_code == 200
    assert page.has("qr code wont scan")
    assert "Set-Cookie" not in page.headers
    assert (rows(Conversation), rows(Turn)) == (1, 6)


def test_nothing_in_the_frame_sets_a_cookie_or_leads_out_of_it_but_by_a_new_tab(frame):
    page = frame.get("/embed/")
    answer = write(frame, page, "lost my phone")

    for one in (page, answer, frame.submit(answer, button="Ask for help from a person")):
        assert "Set-Cookie" not in one.headers
        assert '<base target="_blank">' in one.html
        assert {form.node["target"] for form in one.forms} == {"_self"}
        assert all(form.node["action"].startswith("/embed/") for form in one.forms)


def test_a_person_takes_over_within_the_frame(frame, pharmacy, amina):
    page = write(frame, frame.get("/embed/"), "my code is refused")
    page = frame.submit(page, button="Ask for help from a person")
    assert page.form("Send to the helpdesk").values["summary"] == ["my code is refused"]

    page = frame.submit(
        page,
        button="Send to the helpdesk",
        name=amina.name,
        email=amina.email,
        pharmacy=amina.organisation,
        route="email",
    )

    ticket = db.session.scalars(select(Ticket)).one()
    assert page.heading == "We have your request"
    assert page.has(ticket.reference)
    assert "Set-Cookie" not in page.headers
    assert page.link("Open your request") == f"/c/{ticket.reference}"


def test_from_the_form_back_to_the_chat_nothing_is_lost(frame):
    page = write(frame, frame.get("/embed/"), "lost my phone")
    page = frame.submit(page, button="Ask for help from a person")

    assert frame.submit(page, button="Back to the chat").has("lost my phone")


def test_reference_and_pin_are_shown_again(frame, pharmacy, amina):
    page = frame.submit(frame.get("/embed/"), button="Ask for help from a person")
    filled = {"name": amina.name, "email": amina.email, "pharmacy": amina.organisation, "route": "email"}
    confirmation = frame.submit(page, button="Send to the helpdesk", summary="locked out", **filled)

    assert write_to_chat_of(frame, confirmation).text == confirmation.text


def write_to_chat_of(frame, page):
    """The chat behind a page in the frame, as the way back leads to it."""
    token = page.form("Close this chat").values["csrf_token"]
    return frame.post("/embed/chat/go", data={"csrf_token": token, "choice": "chat"})


def test_closing_begins_another_chat(frame):
    page = write(frame, frame.get("/embed/"), "lost my phone")
    answer = frame.submit(page, button="Close this chat")

    page = write(frame, frame.follow(answer), "hello")
    assert len(list(page.tree.with_class("app-message--person"))) == 1
    assert rows(Conversation) == 2


def test_a_closed_chat_is_not_opened_by_its_token_and_the_text_stays(frame):
    page = write(frame, frame.get("/embed/"), "lost my phone")
    frame.submit(page, button="Close this chat")

    refused = write(frame, page, "one more thing")

    assert refused.status_code == 409
    assert box(refused).values["text"] == ["one more thing"]
    assert write(frame, refused, "one more thing").status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://localhost.evil.example", SITE])
def test_another_site_cannot_make_somebody_write_into_a_chat_of_its_own(frame, origin):
    token = box(frame.get("/embed/")).values["csrf_token"][0]
    sent = {"csrf_token": token, "text": "my name is Amina"}

    assert frame.post("/embed/chat", data=sent, headers={"Origin": origin}).status_code == 403
    assert rows(Turn) == 0
    assert frame.post("/embed/chat", data=sent, headers={"Origin": "http://localhost"}).status_code == 200


def test_on_our_own_site_the_token_alone_is_no_proof(client, embedding):
    client.submit(client.get("/"), button="Send", text="lost my phone")
    cookie = client.get_cookie("chat")
    assert cookie is not None

    assert client.post("/chat", data={"csrf_token": cookie.value, "text": "forged"}).status_code == 400
    assert rows(Turn) == 2


def test_the_cookie_of_our_own_site_opens_nothing_in_the_frame(client, embedding):
    client.submit(client.get("/"), button="Send", text="lost my phone")

    assert not client.get("/embed/").has("Did this fix it?")


@pytest.mark.parametrize("token", ["", "a", "x" * 42, "<script>"])
def test_a_token_that_is_not_ours_is_replaced(frame, token):
    page = frame.post("/embed/chat", data={"csrf_token": token, "text": "lost my phone"})

    assert page.status_code == 200
    assert len(box(page).values["csrf_token"][0]) == 43
    assert box(page).values["csrf_token"] != [token]


def test_the_script_may_be_kept_for_an_hour_and_used_by_any_site(client, embedding):
    answer = client.get("/embed.js")

    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.mimetype == "text/javascript"
    assert "Set-Cookie" not in answer.headers
