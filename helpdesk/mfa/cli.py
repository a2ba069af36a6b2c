"""Authenticators from the command line: new keys for all of them, and demo people for development."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup, with_appcontext

from helpdesk.accounts.types.directory import ROLE_NAMES
from helpdesk.core.errors import DomainError
from helpdesk.mfa.service import demo as demo_service
from helpdesk.mfa.service.keeping import accept_codes_from_now_on, rotate_keys

mfa = AppGroup("mfa", help="Keys of authenticators, and codes for development.")


@mfa.command("rotate-keys")
def rotate() -> None:
    """Put every authenticator and phone number under the first of HELPDESK_MFA_KEYS. Run it until no row is left."""
    rotation = rotate_keys()
    click.echo(f"{rotation.changed} changed. {rotation.left} left that the first key does not open.")
    if not rotation.left:
        click.echo("The older keys are no longer needed.")


@mfa.command("clock-is-right")
def accept_codes() -> None:
    """Let people log in again after the server's clock was ahead. Only when the clock is right now."""
    click.echo(f"Accounts that can log in again from the next minute on: {accept_codes_from_now_on()}.")


@mfa.command("demo-code")
@click.option("--email", required=True)
def print_demo_code(email: str) -> None:
    """Print a code with which this person can log in now. Development only."""
    with _said_in_words():
        click.echo(demo_service.demo_code(email))


@click.command()
@with_appcontext
def demo() -> None:
    """Make demo people, or print those there are, with their passwords. Development only."""
    with _said_in_words():
        sign_ins = demo_service.make_demo_sign_ins()
    rows = [(ROLE_NAMES[one.role], one.email, one.password) for one in sign_ins]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in (("Role", "Email address", "Password"), *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    click.echo(f"The 6-digit code comes from: .venv/bin/helpdesk mfa demo-code --email {sign_ins[0].email}")


@contextmanager
def _said_in_words() -> Iterator[None]:
    try:
        yield
    except DomainError as refusal:
        raise click.ClickException(refusal.message) from refusal
