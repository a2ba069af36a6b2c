"""Demo people: a newcomer logs in within a minute, and the next start changes nothing."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from helpdesk.accounts.models import Organisation, Person
from helpdesk.db import db
from helpdesk.mfa.cli import demo, mfa
from helpdesk.mfa.models.factors import TotpFactor
from helpdesk.mfa.types.resets import EvidenceMethod
from helpdesk.settings import Environment, Settings, use
from tests.authenticators import give_password
from tests.client import PageClient
from tests.resets import ask_for_reset, confirm, press

BEN = "ben.okafor@helpdesk.example.org"
SAM, UMA = "sam.wright@wellbeing.example.org", "uma.reid@wellbeing.example.org"


def run(app: Flask, command: object, *words: str) -> Result:
    db.session.rollback()
    result: Result = app.test_cli_runner().invoke(command, words)
    db.session.rollback()
    return result


def passwords(result: Result) -> dict[str, str]:
    rows = [line.split() for line in result.output.splitlines()[1:-1]]
    return {row[-2]: row[-1] for row in rows}


def test_what_is_printed_logs_in(app: Flask, client: PageClient) -> None:
    printed = run(app, demo)
    assert f"mfa demo-code --email {BEN}" in printed.output
    page = client.follow(give_password(client, BEN, passwords(printed)[BEN]))
    code = run(app, mfa, "demo-code", "--email", BEN).output.strip()
    assert client.submit(page, button="Continue", code=code).location == "/agent/queue"
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 13


def test_the_next_start_prints_the_same_and_keeps_sessions(app: Flask, client: PageClient) -> None:
    first = run(app, demo)
    page = client.follow(give_password(client, BEN, passwords(first)[BEN]))
    client.submit(page, button="Continue", code=run(app, mfa, "demo-code", "--email", BEN).output.strip())
    second = run(app, demo)
    assert second.output == first.output
    assert len(passwords(second)) == 6
    assert client.get("/agent/queue").status_code == 200


def test_a_code_for_the_second_log_in_within_half_a_minute_differs(app: Flask, client: PageClient) -> None:
    password = passwords(run(app, demo))[BEN]
    for _ in range(2):
        page = client.follow(give_password(client, BEN, password))
        code = run(app, mfa, "demo-code", "--email", BEN).output.strip()
        answer = client.submit(page, button="Continue", code=code)
        assert answer.status_code == 303
        client.submit(client.follow(answer), button="Log out")


@pytest.mark.parametrize("command", [(demo,), (mfa, "demo-code", "--email", BEN)])
def test_production_has_neither_demo_people_nor_their_codes(
    app: Flask, settings: Settings, command: tuple[object, ...]
) -> None:
    run(app, demo)
    use(settings.model_copy(update={"env": Environment.PRODUCTION}))
    result = run(app, command[0], *map(str, command[1:]))
    use(settings)
    assert result.exit_code == 1
    assert "development only" in result.output


def test_entries_are_named_after_the_place_of_work(app: Flask) -> None:
    run(app, demo)
    labels = set(db.session.scalars(select(TotpFactor.label)))
    assert {f"HELPDESK {BEN}", "QAN dev.patel@anytown.example.org", "FA123 uma.reid@wellbeing.example.org"} <= labels


def test_nobody_unknown_has_a_code(app: Flask, platform: object) -> None:
    result = run(app, mfa, "demo-code", "--email", "nobody@helpdesk.example")
    assert (result.exit_code, "nobody with that email address" in result.output) == (1, True)


def test_production_makes_nobody(app: Flask, settings: Settings) -> None:
    use(settings.model_copy(update={"env": Environment.PRODUCTION}))
    run(app, demo)
    use(settings)
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_a_newcomer_can_play_a_reset_through(app: Flask, client: PageClient) -> None:
    printed = run(app, demo)
    page = client.follow(give_password(client, SAM, passwords(printed)[SAM]))
    client.submit(page, button="Continue", code=run(app, mfa, "demo-code", "--email", SAM).output.strip())
    uma = db.session.scalars(select(Person).where(Person.email == UMA)).one()
    page = ask_for_reset(client, uma)
    assert page.has("The number on record ends in 142")
    page = press(client, confirm(client, page, EvidenceMethod.CALL_BACK), "Approve the reset")
    assert page.has("Link sent")
