"""The assistant without a browser: ask it, and measure it."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

import click
from flask.cli import with_appcontext

from helpdesk.bot.presenters.measures import (
    AS_THEY_ARE,
    IN_FOLDS,
    LEGEND,
    comparison_lines,
    evaluation_lines,
    message_lines,
    run_title,
)
from helpdesk.bot.presenters.programs import answer_object
from helpdesk.bot.presenters.reliability import drawn, reliability_picture
from helpdesk.bot.rules.comparison import Found
from helpdesk.bot.rules.evaluation import Evaluation, Measured, evaluate
from helpdesk.bot.service import measuring
from helpdesk.bot.service.understanding import ask as reply_to_message
from helpdesk.core.plain_text import clean_text
from helpdesk.faq.loader.sources import Unreadable
from helpdesk.faq.service.library import current_library, engine_of, engine_of_words_alone, sentence_vectors
from helpdesk.faq.types import LabelledMessage


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


@click.command("eval")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--compare", is_flag=True, help="Measure rapidfuzz, BM25 and the nearest sentence vector as well.")
@click.option("--picture", type=click.File("w", "utf-8", lazy=False), help="Where to draw reliability, as SVG.")
@click.option("--words-alone", is_flag=True, help="Measure as if the extra “semantic” were not installed.")
@with_appcontext
def evaluate_answers(file: Path | None, *, compare: bool, picture: TextIO | None, words_alone: bool) -> None:
    """Measure how well the assistant answers a file of labelled messages.

    First with the answers as they are, which learn nothing from the messages; then in five parts, each measured by
    what the other four teach.
    """
    messages = _labelled(file or measuring.messages_file())
    engine_for = engine_of_words_alone if words_alone else engine_of
    click.echo("\n".join(message_lines(messages, current_library())))
    runs = {
        AS_THEY_ARE: _run(AS_THEY_ARE, measuring.trials_as_they_are(messages, engine_for), compare=compare),
        IN_FOLDS: _run(IN_FOLDS, measuring.trials_in_folds(messages, engine_for), compare=compare),
    }
    click.echo("\n".join(["", *LEGEND]))
    if compare and sentence_vectors() is None:
        click.echo("MiniLM-nearest is left out: the extra “semantic” is not installed.")
    if picture:
        picture.write(drawn(reliability_picture(runs)))


def _labelled(file: Path) -> Sequence[LabelledMessage]:
    try:
        return measuring.labelled_messages(file)
    except (OSError, UnicodeDecodeError, Unreadable) as error:
        raise click.ClickException(f"{file} cannot be read: {error}") from error


def _run(title: str, trials: Iterable[measuring.Trial], *, compare: bool) -> Evaluation:
    """Measure and print one run; what is being done goes to the error stream, as it takes a while."""
    measured: list[Measured] = []
    found: list[dict[str, list[Found]]] = []
    for number, trial in enumerate(trials, start=1):
        click.echo(f"{title}: measuring part {number}, {len(trial.messages):,} messages", err=True)
        measured += measuring.measured(trial)
        found += [measuring.found_by_matchers(trial)] if compare else []
    evaluation = evaluate(measured)
    click.echo("\n".join(["", "", *run_title(title), "", *evaluation_lines(evaluation)]))
    if found:
        rows = measuring.side_by_side([one.message for one in measured], found)
        click.echo("\n".join(["", *comparison_lines(rows)]))
    return evaluation


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
