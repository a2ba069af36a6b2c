"""The FAQ on the command line: check the files, list the answers. `faq eval` is the assistant's, in `bot/cli.py`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from helpdesk.faq.loader.sources import Unreadable
from helpdesk.faq.presenters.effects import counted_effect, shift_line
from helpdesk.faq.service import gate
from helpdesk.faq.service import library as service

faq = AppGroup("faq", help="The answers: check, list and measure them.")


@faq.command("check")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--accept", "reason", help="Why messages may go elsewhere; kept in the folder with the change.")
def check(folder: Path | None, reason: str | None) -> None:
    """Name every problem in the FAQ's files, and every labelled message that the change takes from its answer.

    Exit code 1 when there is a problem or a loss that nobody has explained. FOLDER is compared with the answers in
    use; without it, those in use are compared with how they were when they last passed.
    """
    folder = folder or service.faq_folder()
    problems = service.check(folder)
    for problem in problems:
        click.echo(problem)
    content = service.read_folder(folder)
    counted = f"{len(content.answers):,} answers, {content.phrasing_count:,} phrasings"
    click.echo(f"{counted}, {_counted_problems(len(problems))}", err=bool(problems))
    losses = _losses(folder, reason) if content.answers else 0
    if problems or losses:
        raise SystemExit(1)
    gate.keep_as_last_good(folder)


@faq.command("list")
def list_answers() -> None:
    """Print each answer's id and title."""
    for answer in service.current_library().answers.values():
        click.echo(f"{answer.id}\t{answer.title}")


def _losses(folder: Path, reason: str | None) -> int:
    """Print what changes for the labelled messages; how many losses are left without a reason."""
    try:
        effect = gate.effect_of_folder(folder)
        losses = gate.losses_to_explain(effect, folder)
    except (OSError, UnicodeDecodeError, Unreadable) as error:
        raise click.ClickException(f"The labelled messages cannot be read: {error}") from error
    if effect.better or effect.worse:
        click.echo(counted_effect(effect))
    for loss in effect.worse:
        click.echo(f"  {shift_line(loss)}{'' if loss in losses else ' (explained)'}")
    if losses and reason:
        gate.accept_losses(folder, losses, reason)
        return 0
    if losses:
        click.echo("Mend the phrasings, or give the reason with --accept 'reason'.", err=True)
    return len(losses)


def _counted_problems(count: int) -> str:
    return {0: "no problems", 1: "1 problem"}.get(count, f"{count:,} problems")
