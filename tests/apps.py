"""The real application on each database, made once for a test process; its tables are emptied between tests."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Connection, text

from helpdesk.db import Base, db
from helpdesk.faq.service.library import VECTORS
from helpdesk.settings import Settings, use
from tests import postgres
from tests.client import PageClient

ROOT = Path(__file__).parent.parent
DATABASES = ("sqlite", "postgresql")
SENTENCE_VECTORS = ROOT / ".pytest_cache" / "sentence-vectors"


@dataclass(frozen=True)
class TestApp:
    """An application with the settings it was made with."""

    __test__ = False

    app: Flask
    settings: Settings


def make_settings(data_dir: Path, **changes: object) -> Settings:
    """Settings as in development, apart from what the machine would decide."""
    _share_sentence_vectors(data_dir)
    values: dict[str, object] = {
        "data_dir": data_dir,
        "database_url": "",
        "public_url": "http://localhost",
        "secret_key": SecretStr("a key for tests only, long enough for production"),
        "mfa_keys": SecretStr(Fernet.generate_key().decode()),
        "mail_url": "file:",
        "faq_dir": ROOT / "faq_data",
    }
    return Settings.model_validate(values | changes)


def _share_sentence_vectors(data_dir: Path) -> None:
    """Vectors of phrasings are the same for every test, and making them takes ten seconds: made once for all runs."""
    SENTENCE_VECTORS.mkdir(parents=True, exist_ok=True)
    data_dir.mkdir(parents=True, exist_ok=True)
    if not (data_dir / VECTORS).exists():
        (data_dir / VECTORS).symlink_to(SENTENCE_VECTORS, target_is_directory=True)


def make_app(settings: Settings) -> TestApp:
    """The real application; its database has no tables yet."""
    # Imported late, so that the tests of plain rules run even while a slice cannot be imported.
    from helpdesk.app import create_app  # noqa: PLC0415

    app = create_app(settings)
    app.test_client_class = PageClient
    return TestApp(app, settings)


class TestApps:
    """The applications of this test process, one for each database, made at first use."""

    __test__ = False

    def __init__(self, folder: Path, worker: str) -> None:
        self._folder, self._worker = folder, worker
        self._made: dict[str, TestApp] = {}

    def on(self, database: str) -> TestApp:
        """The application on that database, with empty tables and an empty outbox."""
        if database not in self._made:
            self._made[database] = self._make_with_tables(database)
        made = self._made[database]
        use(made.settings)
        _let_go_of_connections(made.app)
        shutil.rmtree(made.settings.data_dir / "outbox", ignore_errors=True)
        _empty_tables(made.app)
        return made

    def settings_on(self, database: str) -> Settings:
        """The settings that the application on that database was made with."""
        return self._made[database].settings

    def close(self) -> None:
        for made in self._made.values():
            with made.app.app_context():
                db.engine.dispose()

    def on_new_database(self, database: str, folder: Path) -> Flask:
        """One more application, on a database without a table; the caller disposes of its connections."""
        return self._make(database, folder, f"helpdesk_{self._worker}_new").app

    def _make_with_tables(self, database: str) -> TestApp:
        folder = self._folder / database
        folder.mkdir()
        made = self._make(database, folder, f"helpdesk_{self._worker}")
        with made.app.app_context():
            Base.metadata.create_all(db.engine)
        return made

    def _make(self, database: str, folder: Path, name: str) -> TestApp:
        url = postgres.server().ensure_database(name) if database == "postgresql" else ""
        return make_app(make_settings(folder, database_url=url))


def _let_go_of_connections(app: Flask) -> None:
    """A test that failed in mid-query must not leave the next one a connection that still reads.

    On SQLite, where such a read would hold on to an old state of the file, and a new connection costs nothing.
    """
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            db.engine.dispose()


def _empty_tables(app: Flask) -> None:
    """Delete every row; tables without rows, which are most, are not touched."""
    with app.app_context(), db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        filled = [row[0] for row in connection.execute(text(_filled_tables()))]
        connection.rollback()
        if not filled:
            return
        # Without foreign keys the order does not matter, and without triggers rows that are final can go, too.
        # SQLite wants the first said outside a transaction, and knows no other way to pause a trigger.
        triggers: list[tuple[str, str]] = []
        if is_sqlite:
            _outside_transaction(connection, "PRAGMA foreign_keys = OFF")
            triggers = _triggers_on(connection, filled)
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for name, _ in triggers:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        for table in filled:
            connection.exec_driver_sql(f'DELETE FROM "{table}"')  # our own tables' names
        for _, statement in triggers:
            connection.exec_driver_sql(statement)
        connection.commit()
        if is_sqlite:
            _outside_transaction(connection, "PRAGMA foreign_keys = ON")


def _triggers_on(connection: Connection, tables: list[str]) -> list[tuple[str, str]]:
    """Name and text of each trigger of these tables that refuses something, as SQLite keeps them."""
    refusing = "SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(%'"
    found = connection.exec_driver_sql(refusing)
    return [(name, text) for name, text, table in found if table in tables]


def _filled_tables() -> str:
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")"  # our own tables' names
        for name in Base.metadata.tables
    )


def _outside_transaction(connection: Connection, statement: str) -> None:
    driver = connection.connection.dbapi_connection
    if driver is not None:
        driver.cursor().execute(statement)
