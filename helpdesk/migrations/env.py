"""Runs the numbered migrations of versions/ against the app's database."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from helpdesk.db import Base, write_transaction

database = current_app.extensions["migrate"].db


def run_migrations() -> None:
    """Upgrade or downgrade in one transaction; SQLite rebuilds tables where it cannot alter them."""
    with write_transaction():
        connection = database.session.connection()
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _let_go_of_references(connection)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError("a migration left rows that point to nothing")
    if is_sqlite:
        database.session.remove()
        database.engine.dispose()  # connections from now on hold on to references again


def _let_go_of_references(connection: Connection) -> None:
    """SQLite makes a table anew by dropping the old one, which the rows that point to it would forbid.

    It takes this up only outside of a transaction; in the one that has just begun nothing was done yet.
    """
    for statement in ("ROLLBACK", "PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"):
        connection.exec_driver_sql(statement)


run_migrations()
