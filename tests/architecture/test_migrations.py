"""The migrations make the very database that the models describe, on both databases, and can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex
from sqlalchemy.engine.reflection import Inspector

from helpdesk.audit.queries import verify
from helpdesk.audit.service import record
from helpdesk.core.actor import SYSTEM
from helpdesk.db import Base, db, write_transaction
from helpdesk.extensions import MIGRATIONS
from helpdesk.tickets.queries.search import search_page
from tests.apps import TestApps

OWN_TABLE_OF_ALEMBIC = "alembic_version"
# SQLite keeps an index of words in tables of its own, which no model has.
INDEX_OF_WORDS = "ticket_words_index"
_ROW_FROM_BEFORE = """
    INSERT INTO audit_event (sequence, id, at, actor_role, action, target, detail, created_at, updated_at)
    VALUES ({number}, '0000000000000000000000000000000{number}', '2026-03-03 09:00:00.5', 'agent', 'ticket:opened',
        'HD-{number}', '{{}}', '2026-03-03 09:00:00', '2026-03-03 09:00:00')
"""
_SOMEBODY_WHO_LEFT = """
    INSERT INTO organisation (id, kind, name, path, address, postcode, created_at, updated_at)
    VALUES ('00000000000000000000000000000001', 'platform', 'Helpdesk', '', '', '', '2026-03-03', '2026-03-03');
    INSERT INTO person (id, name, email, email_key, email_collision, personal_because, status, session_epoch,
        created_at, updated_at)
    VALUES ('00000000000000000000000000000002', 'Lee', 'l@x.org', 'l@x.org', 'l@x.org', '', 'left', 0,
        '2026-03-03 09:00:00', '2026-03-04 09:00:00');
    INSERT INTO membership (id, person_id, organisation_id, role, created_at, updated_at)
    VALUES ('00000000000000000000000000000003', '00000000000000000000000000000002',
        '00000000000000000000000000000001', 'agent', '2026-03-03', '2026-03-03')
"""
_A_TICKET_FROM_BEFORE = """
    INSERT INTO ticket (id, reference, pin_hash, idempotency_key, requester_name, requester_email, requester_phone,
        organisation_name, route, topic, priority, patient_waiting, status, is_open, summary, transcript, opened_at,
        first_response_due_at, resolution_due_at, due_at, escalation_level, last_event_number, last_told_number,
        created_at, updated_at)
    VALUES ('00000000000000000000000000000004', 'HD-7K3M-2QXP', 'x', 'x', 'Amina Khan', 'amina@nhs.net', '', 'Elm',
        'email', 'codes', 'normal', false, 'pending', true, 'It fails', '[]', '2026-03-03 09:00:00',
        '2026-03-03 13:00:00', '2026-03-03 17:00:00', '2026-03-03 17:00:00', 0, 1, 1, '2026-03-03', '2026-03-03');
    INSERT INTO ticket_event (id, ticket_id, number, kind, at, actor_name, is_public, text, created_at, updated_at)
    VALUES ('00000000000000000000000000000005', '00000000000000000000000000000004', 1, 'opened',
        '2026-03-03 09:00:00', 'Amina Khan', true, 'The scanner is a Zebra', '2026-03-03', '2026-03-03')
"""


@pytest.fixture
def migrated(apps: TestApps, database: str, tmp_path: Path) -> Iterator[Flask]:
    """An application whose database came from the migrations alone."""
    app = apps.on_new_database(database, tmp_path)
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS))
        yield app
        db.session.remove()
        db.engine.dispose()


def test_migrations_make_what_the_models_describe(migrated: Flask, apps: TestApps, database: str) -> None:
    with apps.on(database).app.app_context():
        expected = _described(inspect(db.engine))
    assert _described(inspect(db.engine)) == expected


def test_migrations_make_the_triggers_that_the_models_ask_for(migrated: Flask, apps: TestApps, database: str) -> None:
    with apps.on(database).app.app_context():
        expected = _triggers()
    assert _triggers() == expected
    assert expected


def test_audit_rows_from_before_the_seals_are_one_chain(apps: TestApps, database: str, tmp_path: Path) -> None:
    app = apps.on_new_database(database, tmp_path)
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision="0013")
        with write_transaction():
            for number in (1, 2, 5):
                db.session.execute(text(_ROW_FROM_BEFORE.format(number=number)))
        flask_migrate.upgrade(directory=str(MIGRATIONS))
        with write_transaction():
            record("ticket:opened", by=SYSTEM, target="HD-6")
        found = verify()
        db.session.remove()
        db.engine.dispose()
    assert (found.rows, found.fault) == (4, "")
    assert str(found.head).startswith("6:")


def test_who_had_left_before_holds_no_role_any_more(apps: TestApps, database: str, tmp_path: Path) -> None:
    app = apps.on_new_database(database, tmp_path)
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision="0016")
        with write_transaction():
            for statement in _SOMEBODY_WHO_LEFT.split(";"):
                db.session.execute(text(statement))
        flask_migrate.upgrade(directory=str(MIGRATIONS))
        held = "SELECT COUNT(*) FROM membership m JOIN person p ON p.id = m.person_id WHERE m.ended_at = p.left_at"
        ended = db.session.scalar(text(held))
        db.session.remove()
        db.engine.dispose()
    assert ended == 1


def test_tickets_from_before_are_found_and_know_whether_they_wait(
    apps: TestApps, database: str, tmp_path: Path
) -> None:
    app = apps.on_new_database(database, tmp_path)
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision="0020")
        with write_transaction():
            for statement in _A_TICKET_FROM_BEFORE.split(";"):
                db.session.execute(text(statement))
        flask_migrate.upgrade(directory=str(MIGRATIONS))
        found = search_page(SYSTEM, "from:amina status:waiting zebra").tickets
        assert [(ticket.reference, ticket.is_paused) for ticket in found] == [("HD-7K3M-2QXP", True)]
        db.session.remove()
        db.engine.dispose()


def test_migrations_can_be_taken_back(migrated: Flask) -> None:
    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {OWN_TABLE_OF_ALEMBIC}


def test_migrations_can_be_taken_back_and_made_again(migrated: Flask, apps: TestApps, database: str) -> None:
    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="base")
    flask_migrate.upgrade(directory=str(MIGRATIONS))
    assert _tables(inspect(db.engine)) == set(Base.metadata.tables)


def _triggers() -> list[str]:
    """Name and text of each trigger, and of SQLite's index of words."""
    found = {
        "sqlite": "SELECT name || sql FROM sqlite_master WHERE type = 'trigger' OR sql LIKE '%fts5%' ORDER BY name",
        "postgresql": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
    }
    return list(db.session.scalars(text(found[db.engine.dialect.name])))


def _described(inspector: Inspector) -> dict[str, dict[str, list[str]]]:
    """Every table in words that can be compared; the order of things does not count."""
    return {name: _table(inspector, name) for name in sorted(_tables(inspector))}


def _tables(inspector: Inspector) -> set[str]:
    found = {name for name in inspector.get_table_names() if not name.startswith(INDEX_OF_WORDS)}
    return found - {OWN_TABLE_OF_ALEMBIC}


def _table(inspector: Inspector, name: str) -> dict[str, list[str]]:
    key = inspector.get_pk_constraint(name)
    return {
        "columns": sorted(
            f"{column['name']} {column['type'].compile(inspector.dialect)}"
            f" {'null' if column['nullable'] else 'not null'} {column['default']}"
            for column in inspector.get_columns(name)
        ),
        "key": [f"{key['name']} {key['constrained_columns']}"],
        "indexes": sorted(
            f"{index['name']} {index['column_names']} {index.get('expressions')} {index['unique']} {_options(index)}"
            for index in inspector.get_indexes(name)
        ),
        "unique": sorted(f"{item['name']} {item['column_names']}" for item in inspector.get_unique_constraints(name)),
        "foreign": sorted(
            f"{item['name']} {item['constrained_columns']} to {item['referred_table']} {item['referred_columns']}"
            f" {sorted(item['options'].items())}"
            for item in inspector.get_foreign_keys(name)
        ),
        "checks": sorted(f"{item['name']} {_plain(item['sqltext'])}" for item in inspector.get_check_constraints(name)),
    }


def _options(index: ReflectedIndex) -> list[str]:
    """Such as the rows that a partial index is limited to."""
    return sorted(f"{name} {_plain(str(value))}" for name, value in index.get("dialect_options", {}).items())


def _plain(sql: str) -> str:
    """The same rule is written with other spaces, capitals and quotes by other hands."""
    return "".join(sql.replace('"', "").split()).lower()
