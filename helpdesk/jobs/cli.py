"""Starting the service: the web server and the worker."""

import sys

import click
from flask import Flask
from flask.cli import ScriptInfo, pass_script_info

from helpdesk.jobs import server
from helpdesk.jobs.queries import is_set_up
from helpdesk.jobs.worker import run_once, run_until_signal


@click.command()
@click.option("--once", is_flag=True, help="Do all that is due, then end. Exit code 1 when something went wrong.")
@pass_script_info
def worker(info: ScriptInfo, once: bool) -> None:
    """Background work: mail, deadlines, tidying up."""
    app = info.load_app()
    _ensure_set_up(app)
    tasks = app.extensions["tasks"]
    if not once:
        run_until_signal(app, tasks)
        return
    outcome = run_once(app, tasks)
    click.echo(f"Done: {outcome.done}. Faults: {len(outcome.faults)}.")
    sys.exit(1 if outcome.faults else 0)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-worker", is_flag=True, help="Only answer; a worker runs elsewhere.")
@pass_script_info
def serve(info: ScriptInfo, host: str, port: int, no_worker: bool) -> None:
    """The web server, with the worker inside."""
    _ensure_set_up(info.load_app())
    try:
        server.ensure_free(host, port)
    except OSError as error:
        raise click.ClickException(
            f"{server.address(host, port)} cannot be used ({error.strerror}). Choose another with --port."
        ) from error
    server.run("helpdesk.wsgi:make_app" if no_worker else "helpdesk.wsgi:make_app_with_worker", host=host, port=port)


def _ensure_set_up(app: Flask) -> None:
    """Never start on an empty database that was made in the place of one that is missing."""
    with app.app_context():
        if not is_set_up():
            raise click.ClickException(
                "The database is not there. Set it up with `helpdesk init`, or check its address."
            )
