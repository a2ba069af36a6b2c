"""The audit log on the command line."""

from collections.abc import Callable

import click
from flask.cli import ScriptInfo, pass_script_info, with_appcontext

from helpdesk.audit.errors import HeadUnreadable
from helpdesk.audit.queries import find_head
from helpdesk.audit.queries import verify as verify_log
from helpdesk.audit.rules import read_head


@click.group()
def audit() -> None:
    """The log of who did what."""


@audit.command("head")
@with_appcontext
def show_head() -> None:
    """Print the last row's number and seal. Keep it elsewhere: with it, `verify` notices a log that was cut."""
    click.echo(find_head() or "The log is empty.")


@audit.command()
@click.option("--head", "kept", default="", metavar="NUMBER:HASH", help="A head that was kept elsewhere.")
@click.option("--deep", is_flag=True, help="Also compare what people may do now with what the log says.")
@pass_script_info
@with_appcontext
def verify(info: ScriptInfo, kept: str, deep: bool) -> None:
    """Read the whole log. Exit code 1 with the first row that is not as it was written."""
    try:
        found = verify_log(read_head(kept) if kept else None)
    except HeadUnreadable as refusal:
        raise click.ClickException(refusal.message) from refusal
    if found.fault:
        raise click.ClickException(f"The log is broken. {found.fault}.")
    click.echo(f"{found.rows} rows, all as they were written. Head: {found.head or 'none'}")
    if deep:
        _compare(info.load_app().extensions["audit_checks"])


def _compare(checks: tuple[Callable[[], list[str]], ...]) -> None:
    differences = [sentence for check in checks for sentence in check()]
    if differences:
        raise click.ClickException("The log does not explain this:\n" + "\n".join(differences))
    click.echo("What people may do now is what the log says.")
