"""Importing people from a file: a look at every line first, then all good ones together or nobody."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from helpdesk.accounts.jobs import TASKS
from helpdesk.accounts.loader import MOST_BYTES, MOST_LINES
from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.types.directory import Role
from helpdesk.db import db
from helpdesk.jobs.worker import run_once
from helpdesk.mail.models import OutboxMessage
from tests import factories
from tests.client import Page, PageClient
from tests.people import SignIn

Audited = Callable[[], list[str]]
Outbox = Callable[[], list[OutboxMessage]]
HEAD = "Name,Email,Role,Organisation\n"
TWO = HEAD + "Nia Price,nia.price@nhs.net,Pharmacy user,FW844\nIvo Lang,ivo.lang@nhs.net,user,fw844\n"


@pytest.fixture
def sams(sign_in_as: SignIn, sam: Person, helpdesk: Organisation) -> PageClient:
    """The browser of the site administrator."""
    return sign_in_as(sam)


def check(client: PageClient, content: str | bytes) -> Page:
    data = content.encode() if isinstance(content, str) else content
    return client.submit(client.get("/admin/people/import"), button="Check the file", file=(io.BytesIO(data), "p.csv"))


def reasons(page: Page) -> dict[str, str]:
    """Why each line is refused, by its number."""
    rows = [row for body in page.tree.find_all("tbody") for row in body.find_all("tr")]
    return {next(row.find_all("th")).text.removeprefix("Line "): list(row.find_all("td"))[-1].text for row in rows}


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def test_a_look_at_a_file_saves_nothing(sams: PageClient, audited: Audited, outbox: Outbox) -> None:
    page = check(sams, TWO)
    assert page.has("All 2 people can be imported. Nothing is saved yet.")
    assert (people(), audited(), outbox()) == (1, ["person:signed-in"], [])


def test_all_good_lines_are_imported_together(app: Flask, sams: PageClient, audited: Audited, outbox: Outbox) -> None:
    page = check(sams, TWO + "Bad Line,info@x.example,user,FW844\n")
    assert page.has("2 people can be imported, and 1 line cannot. Nothing is saved yet.")
    answer = sams.follow(sams.submit(page, button="Import 2 people"))
    assert answer.has("2 added")
    assert people() == 3
    assert audited()[-3:] == ["person:added", "person:added", "people:imported"]
    assert outbox() == []
    assert run_once(app, TASKS).done == 2
    db.session.rollback()
    assert {mail.to_address for mail in outbox()} == {"nia.price@nhs.net", "ivo.lang@nhs.net"}
    assert run_once(app, TASKS).done == 0


def test_a_phone_number_comes_along_and_is_sealed(sams: PageClient) -> None:
    head = HEAD.replace("Name", "Phone,Name")
    lines = "020 7946 0678,Nia Price,nia.price@nhs.net,user,FW844\n,Ivo Lang,ivo.lang@nhs.net,user,FW844\n"
    page = check(sams, head + lines + "12,Bo Bad,bo.bad@nhs.net,user,FW844\n")
    assert reasons(page) == {"4": "Enter a phone number with 7 to 15 digits, like 020 7946 0123"}
    sams.follow(sams.submit(page, button="Import 2 people"))
    ivo, nia = db.session.scalars(select(Person).where(Person.email.endswith("@nhs.net")).order_by(Person.name))
    assert sams.get(f"/admin/people/{nia.id}").has("Ends in 678")
    assert (nia.sealed_phone or "").startswith("gAAAA")
    assert ivo.phone_since is None


def test_each_refused_line_has_its_number_and_reason(sams: PageClient) -> None:
    factories.person(name="Jo Known", email="jo.known@nhs.net", role=Role.SITE_ADMINISTRATOR)
    lines = [
        ",nia@nhs.net,user,FW844",
        "Nia Price,nia.price@nhs.net,user,FW844",
        "Nia Two,NIA.PRICE+x@nhs.net,user,FW844",
        "nia price,nia77@gmail.com,user,FW844",
        "Pat Slip,pat@nhs.nett,user,FW844",
        "Team,pharmacy.FW844@nhs.net,user,FW844",
        "Jo,JO.KNOWN@nhs.net,user,FW844",
        "Ann,ann@nhs.net,agent,FW844",
        "Ann,ann@nhs.net,site administrator,FW844",
        "Ann,ann@nhs.net,wizard,FW844",
        "Ann,ann@nhs.net,user,ZZ999",
        "",
        '"Two\nLines",two@nhs.net,user',
        "Ann,,user,FW844",
    ]
    found = reasons(check(sams, HEAD + "\n".join(lines) + "\n"))
    starts = {
        "2": "Enter the person’s name",
        "4": "Line 3 has the same email address",
        "5": "nia price already has an account (nia.price@nhs.net)",
        "6": "Did you mean pat@nhs.net?",
        "7": "This looks like a shared mailbox",
        "8": "There is already an account with this email address",
        "9": "This role cannot be held at that kind of organisation",
        "10": "You cannot give or end that role there",
        "11": "There is no role “wizard”",
        "12": "There is no organisation with that code",
        "14": "The line has 3 columns instead of 4",
        "16": "Enter an email address in the correct format",
    }
    assert found.keys() == starts.keys()
    assert {number: reason for number, reason in found.items() if not reason.startswith(starts[number])} == {}


def test_questions_are_answered_in_columns_of_their_own(sams: PageClient) -> None:
    head = "name,email,role,organisation,personal because,email is right,another person\n"
    page = check(
        sams,
        head
        + "Sam Okoro,sam2@nhs.net,user,FW844,,,yes\n"
        + "Mei Team,team.leeds@x.example,user,FW844,She showed her passport,,\n"
        + "Pat Slip,pat@nhs.nett,user,FW844,,Yes,\n",
    )
    assert page.has("All 3 people can be imported")


@pytest.mark.parametrize(
    "content",
    [
        ("\ufeff" + HEAD + "Siân Ní,sian@nhs.net,user,FW844\n").encode(),
        (HEAD + "Siân Ní,sian@nhs.net,user,FW844\n").encode("cp1252"),
        (HEAD + "Siân Ní,sian@nhs.net,user,FW844\n").replace(",", ";").replace("\n", "\r\n").encode(),
        (HEAD + "Siân Ní,sian@nhs.net,user,FW844\n").replace(",", "\t").encode(),
    ],
    ids=["utf-8 with mark", "windows-1252", "semicolons", "tabs"],
)
def test_a_file_is_read_as_spreadsheets_write_it(sams: PageClient, content: bytes) -> None:
    page = check(sams, content)
    assert sams.submit(page, button="Import 1 person").status_code == 303
    assert db.session.scalars(select(Person.name).where(Person.email == "sian@nhs.net")).one() == "Siân Ní"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "Choose a CSV file that is not empty"),
        (HEAD, "The file has no people"),
        ("Name,Email\nNia,nia@nhs.net\n", "The first line must name the columns. Missing: role, organisation"),
        ("Name,Email,Role,Organisation,Salary\n", "There is no column “salary”"),
        ("Name,Email,Role,Organisation,Name\n", "A column is named twice"),
        (HEAD + 'Nia,"nia@nhs.net,user,FW844\n', "Line 2 cannot be read"),
        (HEAD.encode("utf-16"), "The file is not a CSV file"),
        (b"PK\x03\x04\x00\x00", "The file is not a CSV file"),
        (HEAD + "x" * MOST_BYTES, "The file must be 200 kB or smaller"),
        (HEAD + "a,b,c,d\n" * (MOST_LINES + 1), "The file must have 2,000 people or fewer"),
    ],
)
def test_what_is_no_such_file_is_said_by_the_field(sams: PageClient, content: str | bytes, message: str) -> None:
    page = check(sams, content)
    assert page.status_code == 422
    assert page.errors[0].startswith(message)


def test_what_changed_after_the_look_stops_all_of_it(sams: PageClient, outbox: Outbox) -> None:
    page = check(sams, TWO)
    factories.person(name="Nia Price", email="nia.price@nhs.net", role=Role.SITE_ADMINISTRATOR)
    answer = sams.submit(page, button="Import 2 people")
    assert answer.status_code == 409
    assert answer.has("nothing was imported")
    assert reasons(answer).keys() == {"2"}
    assert (people(), outbox()) == (2, [])


@pytest.mark.parametrize("expected", ["", "-1", "9" * 30, "x", "1"])
def test_a_made_up_number_imports_nobody(sams: PageClient, expected: str) -> None:
    page = check(sams, TWO)
    assert sams.submit(page, button="Import 2 people", expected=expected).status_code == 409
    assert people() == 1


def test_the_refused_lines_can_be_downloaded_and_run_no_formula(sams: PageClient) -> None:
    page = check(sams, HEAD + '"=cmd|calc",=1+1@x,wizard,FW844\n')
    form = page.form("Download the lines that cannot be imported")
    answer = sams.post("/admin/people/import/refused-lines", data=form.filled(None, {}))
    assert answer.headers["Content-Disposition"] == "attachment; filename=refused-lines.csv"
    assert answer.html.splitlines() == [
        "\ufeffLine,Name,Email address,Why it cannot be imported",
        "2,'=cmd|calc,'=1+1@x,There is no role “wizard”",
    ]


def test_names_from_a_file_are_shown_as_text(sams: PageClient) -> None:
    page = check(sams, HEAD + "<img src=x onerror=alert(1)>,a@b,user,FW844\n")
    assert page.has("<img src=x onerror=alert(1)>")
