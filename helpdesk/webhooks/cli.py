"""Messages to other systems on the command line."""

from urllib.parse import urlsplit
from uuid import UUID

import click
from flask.cli import with_appcontext

from helpdesk.core.errors import NotFound
from helpdesk.db import write_transaction
from helpdesk.webhooks.queries import list_not_taken
from helpdesk.webhooks.service import offer_again

MOST_LISTED = 50


@click.group()
def webhooks() -> None:
    """Messages to other systems."""


@webhooks.command("list")
@with_appcontext
def show_list() -> None:
    """What waits and what was given up, newest first. Of a receiver's address only the host is shown."""
    found = list_not_taken(MOST_LISTED)
    for one in found:
        host = urlsplit(one.url).hostname
        line = f"{one.id} {one.state} {one.event} {one.about} to {host}, tries: {one.attempts}. {one.last_error}"
        click.echo(line.rstrip())
    if not found:
        click.echo("Nothing waits, and nothing was given up.")


@webhooks.command()
@click.argument("delivery_id", type=click.UUID, metavar="ID")
@with_appcontext
def again(delivery_id: UUID) -> None:
    """Offer a message again that was given up, from the beginning."""
    try:
        with write_transaction():
            offer_again(delivery_id)
    except NotFound as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo("It will be offered again.")
