"""An answer's file from its fields, laid out as the editors' README has it."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from helpdesk.faq.loader.drafts import Draft

# YAML reads these as text without quotes; everything else gets some.
PLAIN = re.compile(r"[A-Za-z0-9](?:[^:#\n]|:(?=\S)|(?<=\S)#)*")


@dataclass(frozen=True)
class AnswerText:
    """All that an answer's file says, each value as it is typed."""

    title: str
    phrasings: tuple[str, ...]
    reviewed: str
    review_due: str
    owner: str
    sources: tuple[str, ...]
    related: tuple[str, ...]
    next_step: str
    next_answer: str
    body: str

    @classmethod
    def of(cls, draft: Draft) -> "AnswerText":
        """The values of a file that was read."""
        fields = draft.fields
        return cls(
            title=fields.title,
            phrasings=fields.phrasings,
            reviewed=fields.reviewed.isoformat(),
            review_due=fields.review_due.isoformat(),
            owner=fields.owner,
            sources=fields.sources,
            related=fields.related,
            next_step=fields.next_step.text,
            next_answer=fields.next_step.answer or "",
            body=draft.source.body.strip("\n"),
        )

    def to_file(self) -> str:
        """The whole file."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield "---"
        yield f"title: {_quoted(self.title)}"
        yield from _list("phrasings", self.phrasings)
        yield f"reviewed: {_scalar(self.reviewed)}"
        yield f"review_due: {_scalar(self.review_due)}"
        yield f"owner: {_scalar(self.owner)}"
        yield from _list("sources", self.sources)
        if self.related:
            yield from _list("related", self.related)
        yield "next_step:"
        yield f"  text: {_scalar(self.next_step)}"
        if self.next_answer:
            yield f"  answer: {_scalar(self.next_answer)}"
        yield "---"
        yield self.body.strip("\n")


def hash_of(path: Path) -> str:
    """Changes with what the file holds; empty where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def _list(name: str, values: Iterable[str]) -> Iterator[str]:
    items = list(values)
    yield f"{name}:" if items else f"{name}: []"
    yield from (f"  - {_scalar(value)}" for value in items)


def _scalar(text: str) -> str:
    return text if PLAIN.fullmatch(text) and text == text.strip() else _quoted(text)


def _quoted(text: str) -> str:
    """JSON's quotes are YAML's, too."""
    return json.dumps(text, ensure_ascii=False)
