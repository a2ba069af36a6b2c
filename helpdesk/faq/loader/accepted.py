"""The losses that somebody explained, kept in the FAQ's folder so that the reason travels with the change."""

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from helpdesk.faq.loader.sources import Unreadable
from helpdesk.faq.types import Problem, Shift

FILE = "accepted_losses.jsonl"


class _Line(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    text: str
    was: str
    now: str
    reason: str


def read_accepted(folder: Path) -> frozenset[Shift]:
    """The losses that are explained in this folder. Unreadable at the first line that is not one."""
    path = folder / FILE
    if not path.exists():
        return frozenset()
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return frozenset(_shift(path, number, line) for number, line in lines if line.strip())


def add_accepted(folder: Path, losses: Sequence[Shift], reason: str) -> None:
    """Keep the reason for these losses."""
    rows = ({"text": one.text, "was": one.was, "now": one.now, "reason": reason} for one in losses)
    with (folder / FILE).open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _shift(path: Path, number: int, line: str) -> Shift:
    try:
        fields = _Line.model_validate_json(line)
    except ValidationError as error:
        raise Unreadable(Problem(str(path), number, "line", "needs text, was, now and reason")) from error
    return Shift(fields.text, fields.was, fields.now)
