"""Mail on the command line."""

from uuid import UUID

import click
from flask.cli import with_appcontext

from helpdesk.core.errors import NotFound
from helpdesk.db import write_transaction
from helpdesk.mail.queries import count_by_state, list_troubled
from helpdesk.mail.service import retry

MOST_LISTED = 50


@click.group()
def mail() -> None:
    """Mail that goes out."""


@mail.command()
@click.option("--retry", "mail_id", type=click.UUID, help="Try this mail again, from the beginning.")
@with_appcontext
def outbox(mail_id: UUID | None) -> None:
    """How many mails left, wait or failed, and what mail servers said. No addresses are shown."""
    if mail_id:
        _retry(mail_id)
    for state, number in count_by_state().items():
        click.echo(f"{state}: {number}")
    for message in list_troubled(MOST_LISTED):
        click.echo(f"{message.id} {message.about} {message.state}, tries: {message.attempts}. {message.last_error}")


def _retry(mail_id: UUID) -> None:
    try:
        with write_transaction():
            retry(mail_id)
    except NotFound as refusal:
        raise click.ClickException(refusal.message) from refusal
