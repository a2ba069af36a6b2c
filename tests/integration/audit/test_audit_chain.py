"""The audit log is one chain: whoever changes, cuts or reorders it is found out, and the database refuses to help."""

import threading

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from helpdesk.accounts.models import Person
from helpdesk.audit.cli import audit
from helpdesk.audit.queries import find_head, verify
from helpdesk.audit.rules import read_head
from helpdesk.audit.service import record
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from tests.authenticators import Phone, give_password
from tests.client import PageClient
from tests.integration.audit.conftest import Rows, Tamper

WRITERS, ROWS_EACH = 30, 10


def run(app: Flask, *words: str) -> Result:
    db.session.rollback()
    result: Result = app.test_cli_runner().invoke(audit, words)
    db.session.rollback()
    return result


def test_an_untouched_log_is_whole(app: Flask, ten_rows: None) -> None:
    answer = run(app, "verify")
    assert answer.exit_code == 0, answer.output
    assert answer.output == f"10 rows, all as they were written. Head: {find_head()}\n"


def test_an_empty_log_is_whole(app: Flask) -> None:
    assert run(app, "verify").output == "0 rows, all as they were written. Head: none\n"
    assert run(app, "head").output == "The log is empty.\n"


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (["UPDATE audit_event SET actor_role = 'bot' WHERE sequence = 5"], "Row 5 was changed or added by hand"),
        (["UPDATE audit_event SET detail = '{\"a\": 1}' WHERE sequence = 1"], "Row 1 was changed or added by hand"),
        (["UPDATE audit_event SET target = 'HD-9' WHERE sequence = 10"], "Row 10 was changed or added by hand"),
        (["DELETE FROM audit_event WHERE sequence = 5"], "There is a gap at row 5"),
        (["DELETE FROM audit_event WHERE sequence = 1"], "There is a gap at row 1"),
        (
            [
                "UPDATE audit_event SET sequence = 99 WHERE sequence = 5",
                "UPDATE audit_event SET sequence = 5 WHERE sequence = 6",
                "UPDATE audit_event SET sequence = 6 WHERE sequence = 99",
            ],
            "Row 5 was changed or added by hand",
        ),
    ],
    ids=["edit", "edit of the first", "edit of the last", "middle delete", "first delete", "reorder"],
)
def test_d07_a_log_that_was_changed_is_found_out(
    app: Flask, ten_rows: None, tamper: Tamper, statements: list[str], fault: str
) -> None:
    tamper(*statements)
    answer = run(app, "verify")
    assert answer.exit_code == 1
    assert answer.output == f"Error: The log is broken. {fault}.\n"


def test_d07_a_row_that_was_put_in_is_found_out(app: Flask, ten_rows: None, tamper: Tamper, rows: Rows) -> None:
    columns = "id, at, actor_role, action, target, detail, created_at, updated_at"
    follows, own, identity = rows()[-1].hash.hex(), "ab" * 32, "0" * 31 + "7"
    blob = "X'{}'" if app.extensions["sqlalchemy"].engine.dialect.name == "sqlite" else "'\\x{}'"
    tamper(
        f"INSERT INTO audit_event (sequence, {columns}, previous_hash, hash) "
        f"SELECT 11, '{identity}', {columns.removeprefix('id, ')}, {blob.format(follows)}, {blob.format(own)} "
        "FROM audit_event WHERE sequence = 10"
    )
    assert verify().fault == "Row 11 was changed or added by hand"


def test_d07_a_tail_that_was_cut_is_found_by_the_head_kept_elsewhere(
    app: Flask, ten_rows: None, tamper: Tamper
) -> None:
    head = str(find_head())
    tamper("DELETE FROM audit_event WHERE sequence > 7")
    assert run(app, "verify").exit_code == 0
    answer = run(app, "verify", "--head", head)
    assert answer.exit_code == 1
    assert answer.output == "Error: The log is broken. Rows 8 to 10 are missing from the end.\n"


def test_d07_a_tail_that_was_written_anew_is_found_by_the_head_kept_elsewhere(
    app: Flask, ten_rows: None, tamper: Tamper
) -> None:
    head = str(find_head())
    tamper("DELETE FROM audit_event WHERE sequence > 9")
    with write_transaction():
        record("ticket:opened", by=SYSTEM, target="HD-innocent")
    assert run(app, "verify").exit_code == 0
    assert "Row 10 is not the one whose head was kept" in run(app, "verify", "--head", head).output


def test_a_head_from_before_still_fits_a_log_that_grew(app: Flask, ten_rows: None) -> None:
    head = str(find_head())
    with write_transaction():
        record("ticket:opened", by=SYSTEM, target="HD-11")
    assert run(app, "verify", "--head", head).exit_code == 0
    assert run(app, "verify", "--head", head[: head.index(":") + 17].upper()).exit_code == 0


@pytest.mark.parametrize("head", ["10", "10:", "10:abc", ":" + "a" * 64, "x:" + "a" * 64, "1:" + "g" * 64])
def test_a_head_that_is_none_is_refused(app: Flask, head: str) -> None:
    answer = run(app, "verify", "--head", head)
    assert answer.exit_code == 1
    assert "A head is written as NUMBER:HASH" in answer.output


def test_a_head_is_read_as_it_is_printed(app: Flask, ten_rows: None) -> None:
    head = find_head()
    assert head is not None
    assert read_head(f" {head}\n") == head
    assert run(app, "head").output == f"{head}\n"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor_role = 'bot'",
        "DELETE FROM audit_event",
        "DELETE FROM audit_event WHERE sequence = 10",
    ],
)
def test_d08_the_application_itself_cannot_change_the_log(
    app: Flask, ten_rows: None, rows: Rows, statement: str
) -> None:
    with pytest.raises(IntegrityError, match="audit rows are final"), write_transaction():
        db.session.execute(text(statement))
    assert len(rows()) == 10
    assert verify().fault == ""


def test_d08_a_row_cannot_be_replaced(app: Flask, ten_rows: None, database: str) -> None:
    columns = "id, at, actor_id, actor_role, action, target, organisation_id, detail, created_at, updated_at, "
    columns += "previous_hash, hash"
    statement = {
        "sqlite": f"INSERT OR REPLACE INTO audit_event (sequence, {columns}) "
        f"SELECT sequence, {columns} FROM audit_event WHERE sequence = 5",
        "postgresql": "TRUNCATE audit_event",
    }[database]
    with pytest.raises(IntegrityError, match="audit rows are final"), write_transaction():
        db.session.execute(text(statement))
    assert verify().rows == 10


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # threads end without closing their connections
def test_d09_thirty_writers_at_once_make_one_chain(app: Flask, rows: Rows) -> None:
    line = threading.Barrier(WRITERS)

    def write(writer: int) -> None:
        line.wait(timeout=60)
        for number in range(ROWS_EACH):
            with app.app_context(), write_transaction():
                record("ticket:opened", by=SYSTEM, target=f"HD-{writer}-{number}")

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [row.sequence for row in rows()] == list(range(1, WRITERS * ROWS_EACH + 1))
    assert len({row.target for row in rows()}) == WRITERS * ROWS_EACH
    assert verify().fault == ""


def test_d10_what_cannot_be_recorded_is_not_done(app: Flask, client: PageClient, ben: Person, rows: Rows) -> None:
    phone = Phone.of(ben)
    client.submit(client.get("/sign-in"), email=ben.email, password="wrong")
    page = client.follow(give_password(client, ben.email))
    with write_transaction():
        db.session.execute(text("ALTER TABLE audit_event RENAME COLUMN action TO gone"))
    try:
        answer = client.submit(page, button="Continue", code=phone.code())
    finally:
        with write_transaction():
            db.session.execute(text("ALTER TABLE audit_event RENAME COLUMN gone TO action"))
    assert answer.status_code >= 500
    assert client.get("/agent/queue").status_code == 303
    assert [row.action for row in rows()] == ["person:sign-in-refused"]
    assert db.session.scalar(text("SELECT COUNT(*) FROM sign_in_session")) == 0
