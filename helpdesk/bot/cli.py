"""The assistant without a browser."""

import json
import sys
from collections.abc import Iterator
from typing import TextIO

import click
from flask.cli import with_appcontext

from helpdesk.bot.presenters.programs import answer_object
from helpdesk.bot.service.understanding import ask as reply_to_message
from helpdesk.core.plain_text import clean_text
from helpdesk.faq.service.library import current_library


@click.command("ask")
@click.argument("text", required=False)
@click.option("--jsonl", is_flag=True, help="A JSON object with “text” a line in; an answer object a line out.")
@with_appcontext
def ask(text: str | None, *, jsonl: bool) -> None:
    """Ask the assistant. Prints the answer object as JSON."""
    if jsonl:
        for message in _messages(sys.stdin):
            click.echo(_answer(message))
        return
    if text is None:
        raise click.UsageError("Give a text, or --jsonl with one JSON object a line on standard input.")
    click.echo(_answer(text))


def _messages(lines: TextIO) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        try:
            text = json.loads(line)["text"]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise click.ClickException(f"Line {number}: not a JSON object with “text”.") from error
        if not isinstance(text, str):
            raise click.ClickException(f"Line {number}: “text” is not a text.")
        yield text


def _answer(text: str) -> str:
    reply = reply_to_message(clean_text(text))
    return json.dumps(answer_object(current_library(), reply), ensure_ascii=False)
