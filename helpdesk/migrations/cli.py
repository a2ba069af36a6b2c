"""Create or upgrade the database."""

import click
import flask_migrate
from flask.cli import with_appcontext

from helpdesk.accounts.service.directory import ensure_platform
from helpdesk.core.actor import SYSTEM
from helpdesk.db import write_transaction
from helpdesk.extensions import MIGRATIONS
from helpdesk.settings import in_use
from helpdesk.tickets.service.calendar import ensure_calendar


@click.command()
@with_appcontext
def init() -> None:
    """Create or upgrade the database; safe to repeat."""
    in_use().data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    flask_migrate.upgrade(directory=str(MIGRATIONS))
    with write_transaction():
        ensure_platform(by=SYSTEM)
        ensure_calendar()
    click.echo("The database is ready.")
