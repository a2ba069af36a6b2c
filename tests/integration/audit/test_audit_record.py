"""What the audit log keeps."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import IntegrityError

from helpdesk.audit.models import AuditEvent
from helpdesk.audit.service import record
from helpdesk.core.actor import SYSTEM, Actor
from helpdesk.db import db, write_transaction

BEN = Actor(name="Ben Carter", person_id=UUID(int=1), role="agent")


def rows() -> list[AuditEvent]:
    return list(db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.sequence)))


def test_a_row_says_who_did_what_to_which_thing_and_when(app: Flask, moved_clock: time_machine.Traveller) -> None:
    with write_transaction():
        record("ticket:resolved", by=BEN, target="HD-7K3M-2QXP", organisation_id=UUID(int=2), by_phone=True, tries=2)

    (row,) = rows()
    assert (row.actor_id, row.actor_role, row.action) == (UUID(int=1), "agent", "ticket:resolved")
    assert (row.target, row.organisation_id) == ("HD-7K3M-2QXP", UUID(int=2))
    assert row.at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert json.loads(row.detail) == {"by_phone": True, "tries": 2}


def test_rows_are_numbered_in_the_order_of_the_acts(app: Flask) -> None:
    with write_transaction():
        for number in range(20):
            record("ticket:opened", by=SYSTEM, target=f"HD-{number}")

    assert [row.target for row in rows()] == [f"HD-{number}" for number in range(20)]
    assert rows()[0].actor_id is None


def test_what_was_taken_back_in_part_is_not_in_the_log(app: Flask) -> None:
    with write_transaction():
        record("ticket:opened", by=SYSTEM, target="HD-1")
        with suppress(ZeroDivisionError), db.session.begin_nested():
            with db.session.begin_nested():
                record("ticket:opened", by=SYSTEM, target="HD-2")
            record("ticket:opened", by=SYSTEM, target="HD-3")
            raise ZeroDivisionError
        with db.session.begin_nested():
            record("ticket:opened", by=SYSTEM, target="HD-4")

    assert [row.target for row in rows()] == ["HD-1", "HD-4"]


def test_what_was_not_kept_is_not_in_the_log(app: Flask) -> None:
    with suppress(ZeroDivisionError), write_transaction():
        record("ticket:opened", by=SYSTEM, target="HD-1")
        raise ZeroDivisionError
    with write_transaction():
        record("ticket:opened", by=SYSTEM, target="HD-2")

    assert [row.target for row in rows()] == ["HD-2"]


def test_an_action_names_the_thing_and_the_act(app: Flask) -> None:
    with pytest.raises(IntegrityError, match="action_names_thing_and_act"), write_transaction():
        record("resolved", by=SYSTEM, target="HD-1")
