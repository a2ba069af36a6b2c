"""People, organisations and tokens from the command line: how a new installation gets its first administrator."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask.cli import AppGroup

from helpdesk.accounts.service import directory, memberships, operators, sessions, setup_links, states
from helpdesk.accounts.service import tokens as token_service
from helpdesk.accounts.types.directory import NewPerson, OrganisationKind, Role
from helpdesk.core.actor import SYSTEM
from helpdesk.core.errors import DomainError
from helpdesk.db import write_transaction

ROLES = click.Choice([str(role) for role in Role])
KINDS = click.Choice([str(kind) for kind in OrganisationKind if kind != OrganisationKind.PLATFORM])

people = AppGroup("people", help="Add people and end what they may do.")
organisations = AppGroup("organisations", help="Add commissioners, companies and sites.")
tokens = AppGroup("tokens", help="Add API tokens.")


@people.command("add")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=ROLES)
@click.option("--organisation", required=True, help="Its code; HELPDESK for the helpdesk's own staff.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input; print no link.")
@click.option("--personal-because", default="", help="Why an address like a team's is this person's own.")
@click.option("--email-is-right", is_flag=True, help="You looked twice at an address that is very like a known one.")
@click.option("--is-another-person", is_flag=True, help="Somebody of the same name who has an account is not meant.")
def add_person(*, role: str, organisation: str, password_stdin: bool, **given: Any) -> None:  # Any: text and flags
    """Add a person and print the link with which they set up their account."""
    new = NewPerson(role=Role(role), organisation_code=organisation, **given)
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        with _one_change():
            operators.add_person_with_password(new, password=password)
        click.echo(f"{new.name} has a password. Print the link to set up an authenticator with: helpdesk people link")
        return
    with _one_change():
        link = operators.add_person_with_link(new)
    click.echo(link)


@people.command("link")
@click.option("--email", required=True)
def make_link(email: str) -> None:
    """Print a new set-up link for somebody who never had an authenticator; the old one is dead."""
    with _one_change():
        link = setup_links.make_link(operators.get_person(email), by=SYSTEM)
    click.echo(link)


@people.command("add-role")
@click.option("--email", required=True)
@click.option("--role", required=True, type=ROLES)
@click.option("--organisation", required=True)
def add_role(email: str, role: str, organisation: str) -> None:
    """Give a person one more role."""
    with _one_change():
        memberships.add_role(operators.get_person(email), role=Role(role), organisation_code=organisation, by=SYSTEM)
    click.echo("Done.")


@people.command("end-role")
@click.option("--email", required=True)
@click.option("--role", required=True, type=ROLES)
@click.option("--organisation", required=True)
def end_role(email: str, role: str, organisation: str) -> None:
    """Take a role away."""
    with _one_change():
        memberships.end_role(operators.get_person(email), role=Role(role), organisation_code=organisation, by=SYSTEM)
    click.echo("Done.")


@people.command("end-sessions")
@click.option("--email", required=True)
def end_sessions(email: str) -> None:
    """End every session and API token of a person at once."""
    with _one_change():
        sessions.sign_out_everywhere(operators.get_person(email), by=SYSTEM)
    click.echo("Every session and API token has ended.")


@people.command("leave")
@click.option("--email", required=True)
def leave(email: str) -> None:
    """Note that a person left: they cannot log in any more."""
    with _one_change():
        states.let_go(operators.get_person(email), by=SYSTEM)
    click.echo("Done. They cannot log in any more.")


@people.command("freeze")
@click.option("--email", required=True)
def freeze(email: str) -> None:
    """Freeze an account: nobody can use it until it is unfrozen."""
    with _one_change():
        states.freeze(operators.get_person(email), by=SYSTEM)
    click.echo("Done. Nobody can use the account now.")


@people.command("unfreeze")
@click.option("--email", required=True)
def unfreeze(email: str) -> None:
    """Let a frozen account be used again."""
    with _one_change():
        states.unfreeze(operators.get_person(email), by=SYSTEM)
    click.echo("Done. They can log in again.")


@organisations.command("add")
@click.option("--kind", required=True, type=KINDS)
@click.option("--name", required=True)
@click.option("--code", default="", help="ODS code.")
@click.option("--parent", default=directory.PLATFORM_CODE, show_default=True, help="Code of the one above it.")
@click.option("--address", default="", help="Street and town.")
@click.option("--postcode", default="")
def add_organisation(*, kind: str, name: str, code: str, parent: str, address: str, postcode: str) -> None:
    """Add an organisation in its place in the tree."""
    with _one_change():
        directory.ensure_platform(by=SYSTEM)
        directory.add_organisation(
            kind=OrganisationKind(kind),
            name=name,
            code=code,
            parent_code=parent,
            address=address,
            postcode=postcode,
            by=SYSTEM,
        )
    click.echo(f"Added {name}.")


@tokens.command("add")
@click.option("--email", required=True)
def add_token(email: str) -> None:
    """Print a new API token of a person. It is shown only now."""
    with _one_change():
        token = token_service.add_token(email=email, by=SYSTEM)
    click.echo(token)


@contextmanager
def _one_change() -> Iterator[None]:
    """Keep all of it, or say in words why nothing was kept."""
    with _said_in_words(), write_transaction():
        yield


@contextmanager
def _said_in_words() -> Iterator[None]:
    try:
        yield
    except DomainError as refusal:
        raise click.ClickException(refusal.message) from refusal
