"""Reads labelled messages: one JSON object a line, with `text`, the `ids` that would answer it, and its `kind`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from helpdesk.faq.loader.schema import Id
from helpdesk.faq.loader.sources import Unreadable
from helpdesk.faq.types import LabelledMessage, Problem


class _Line(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    text: Annotated[str, Field(max_length=10_000)]
    ids: Annotated[tuple[Id, ...], Field(max_length=20)]
    kind: Annotated[str, Field(max_length=40)]


def read_messages(path: Path) -> Iterator[LabelledMessage]:
    """The labelled messages of a file. Unreadable at the first line that is not one."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _message(path, number, line)


def _message(path: Path, number: int, line: str) -> LabelledMessage:
    try:
        fields = _Line.model_validate_json(line)
    except ValidationError as error:
        details = error.errors()[0]
        field = ".".join(str(part) for part in details["loc"]) or "line"
        raise Unreadable(Problem(str(path), number, field, details["msg"])) from error
    return LabelledMessage(fields.text, fields.ids, fields.kind)
