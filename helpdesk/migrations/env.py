"""Runs the numbered migrations of versions/ against the app's database."""

from alembic import context
from flask import current_app

from helpdesk.db import Base, write_transaction

database = current_app.extensions["migrate"].db


def run_migrations() -> None:
    """Upgrade or downgrade in one transaction; SQLite rebuilds tables where it cannot alter them."""
    with write_transaction():
        connection = database.session.connection()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
