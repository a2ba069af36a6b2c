"""Secrets that are typed anywhere reach no table, no file of the database, no mail and no log."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from helpdesk.accounts.models import Person
from helpdesk.core.secret_spans import SecretKind
from helpdesk.db import Base, db
from helpdesk.mail.service import deliver_due
from helpdesk.settings import Settings
from tests.client import Page, PageClient
from tests.people import SignIn
from tests.tickets import ticket_with_pin
from tests.unit.core.redaction_examples import HARMLESS, Example, read_examples

# One of each kind that is written in plain characters, so that it can be searched for as it was typed.
PLANTED: dict[str, Example] = {
    example.section: example
    for example in reversed(read_examples())
    if example.section != HARMLESS and example.typed.isascii() and len(example.secrets[0]) > 5
}
TYPED = "\n".join(example.typed for example in PLANTED.values())
SECRETS = [secret for example in PLANTED.values() for secret in example.secrets]
ONE = "We removed a security code from your message. You do not need to send it to us."
CODE = "my code 731946 is refused"
MARKED = "my code [security code removed] is refused"


@pytest.fixture
def searched(
    app: Flask, settings: Settings, database: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """After the test: everything that was kept anywhere holds none of the secrets."""
    yield
    deliver_due(100)
    db.session.rollback()
    places = {"rows": _rows(), "mail": _files(settings.data_dir / "outbox"), "log": "".join(capfd.readouterr())}
    if database == "sqlite":
        places["database"] = _files(settings.data_dir, "*.sqlite*", "*.db*")
        assert "removed]" in places["database"]
    assert "removed]" in places["rows"]
    kept = {
        where: secret
        for where, content in (places | {"log records": caplog.text}).items()
        for secret in SECRETS
        if secret in content
    }
    assert not kept


def test_there_is_one_of_each_kind() -> None:
    assert set(PLANTED) == set(SecretKind)


def test_in_the_chat(client: PageClient, searched: None) -> None:
    page = client.follow(client.submit(client.get("/"), button="Send", text=TYPED))

    assert page.has("[NHS number removed]")
    assert page.has("We removed a set-up link, a set-up key, an activation code")


def test_in_a_call_of_a_program(client: PageClient, searched: None) -> None:
    answer = _call(client, "messages", text=TYPED)

    assert answer.status_code == 200
    assert _json(answer)["notice"].startswith("We removed a set-up link, a set-up key, an activation code")


def test_in_every_free_text_of_a_hand_over(client: PageClient, amina: Person, searched: None) -> None:
    form = client.get("/speak-to-a-person").form("Send to the helpdesk")
    answer = client.send(
        form,
        name="Amina, code 731946",
        email="amina@highstreet.example",
        pharmacy=PLANTED["nhs_number"].typed,
        route="email",
        summary=TYPED,
    )

    page = client.follow(answer)

    assert page.heading == "We have your request"
    assert page.has("from your message. You do not need to send them to us.")


def test_in_a_hand_over_of_a_program(client: PageClient, searched: None) -> None:
    answer = _call(
        client,
        "handover",
        name="Amina",
        email="a@highstreet.example",
        organisation="FW844",
        route="email",
        summary=TYPED,
    )

    assert answer.status_code == 201
    assert "a set-up link" in _json(answer)["notice"]


def test_in_what_a_requester_adds_to_a_ticket(client: PageClient, searched: None) -> None:
    page = client.follow(client.submit(_opened(client), button="Send", text=TYPED))

    assert page.has("[set-up link removed]")
    assert page.has("You do not need to send them to us.")


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_in_what_an_agent_writes(sign_in_as: SignIn, ben: Person, kind: str, searched: None) -> None:
    made, _ = ticket_with_pin()
    agent = sign_in_as(ben)
    form = next(form for form in agent.get(f"/agent/tickets/{made.reference}").forms if "kind" in form.names)

    page = agent.follow(agent.send(form, kind=kind, text=TYPED))

    assert page.has("from this message.")


def test_in_the_note_of_an_escalation(sign_in_as: SignIn, ben: Person, searched: None) -> None:
    made, _ = ticket_with_pin()
    agent = sign_in_as(ben)

    page = agent.follow(
        agent.submit(agent.get(f"/agent/tickets/{made.reference}"), button="Escalate", route="email", note=TYPED)
    )

    assert page.has("[password removed]")


def test_the_person_is_told_once_and_calmly(client: PageClient) -> None:
    page = client.follow(client.submit(client.get("/"), button="Send", text=CODE))

    assert page.has(MARKED)
    assert page.text.count(ONE) == 1
    assert client.get("/").text.count(ONE) == 1


def test_who_sends_no_secret_is_told_nothing(client: PageClient) -> None:
    page = client.follow(client.submit(client.get("/"), button="Send", text="ring 07700 900123, FW844, HD-7K3M-2QXP"))

    assert page.has("ring 07700 900123, FW844, HD-7K3M-2QXP")
    assert not page.has("We removed")
    assert _json(_call(client, "messages", text="my code is refused"))["notice"] == ""


def test_a_message_with_a_secret_sent_twice_is_kept_once(client: PageClient) -> None:
    form = next(form for form in client.get("/").forms if form.node["id"] == "composer")
    first, second = (client.send(form, text=CODE) for _ in range(2))

    assert first.location == second.location


def test_a_secret_at_the_cut_is_taken_out_whole(client: PageClient) -> None:
    page = client.follow(
        client.submit(client.get("/"), button="Send", text="x " * 990 + PLANTED["activation_code"].typed)
    )

    assert not page.has(PLANTED["activation_code"].secrets[0][:7])


def test_the_answer_is_that_of_the_text_without_the_secret(client: PageClient) -> None:
    with_code = _call(client, "messages", text=CODE)
    without = _call(client, "messages", text=MARKED)

    assert _json(with_code)["answers"] == _json(without)["answers"]


def _call(client: PageClient, call: str, **body: str) -> Page:
    started = client.post("/api/v1/conversations")
    headers = {"Authorization": f"Bearer {_json(started)['token']}"}
    answer: Page = client.post(f"/api/v1/conversations/{_json(started)['id']}/{call}", json=body, headers=headers)
    return answer


def _json(answer: Page) -> dict[str, str]:
    found: dict[str, str] = answer.get_json()
    return found


def _opened(client: PageClient) -> Page:
    made, pin = ticket_with_pin()
    return client.follow(client.submit(client.get("/c"), reference=made.reference, pin=pin.digits))


def _rows() -> str:
    """Every row of every table, as text."""
    with db.engine.connect() as connection:
        return "\n".join(
            str(row) for table in Base.metadata.sorted_tables for row in connection.execute(table.select())
        )


def _files(folder: Path, *patterns: str) -> str:
    """What stands in the files of a folder, read as bytes."""
    found = {path for pattern in patterns or ("*",) for path in folder.rglob(pattern) if path.is_file()}
    return "".join(path.read_bytes().decode("latin-1") for path in sorted(found))
