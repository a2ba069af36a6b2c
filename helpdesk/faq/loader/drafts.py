"""One answer as its file gives it: checked by itself, not yet against the others."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from helpdesk.faq.loader.front_matter import read_document
from helpdesk.faq.loader.markdown import Rendered, render
from helpdesk.faq.loader.schema import SLUG, AnswerFields, validated
from helpdesk.faq.loader.sources import Location, Source
from helpdesk.faq.types import Answer, NextStep, Problem


@dataclass(frozen=True)
class Draft:
    """An answer's fields with the file they stand in."""

    id: str
    source: Source
    fields: AnswerFields
    rendered: Rendered

    @property
    def topic(self) -> str:
        return self.id.split("/")[0]

    def problem(self, location: Location, message: str) -> Problem:
        return self.source.problem(location, message)

    def to_answer(self, known_ids: Collection[str]) -> Answer:
        """The answer as people see it; it leads only to answers that are there."""
        fields, next_id = self.fields, self.fields.next_step.answer
        return Answer(
            id=self.id,
            topic=self.topic,
            title=fields.title,
            html=self.rendered.html,
            summary=self.rendered.summary,
            steps_text=self.rendered.text,
            phrasings=fields.phrasings,
            reviewed=fields.reviewed,
            review_due=fields.review_due,
            owner=fields.owner,
            sources=fields.sources,
            related=tuple(id for id in fields.related if id in known_ids and id != self.id),
            next_step=NextStep(fields.next_step.text, next_id if next_id in known_ids else None),
        )


def read_draft(folder: Path, path: Path) -> tuple[Draft | None, list[Problem]]:
    """Read one answer, or say what is wrong with its file. Unreadable when there is nothing to check."""
    id = path.relative_to(folder).with_suffix("").as_posix()
    if not re.fullmatch(f"{SLUG}/{SLUG}", id):
        return None, [Problem(str(path), 1, "file", "must be <topic>/<name>.md, in small letters, digits and hyphens")]
    source = read_document(path)
    fields, problems = validated(AnswerFields, source)
    rendered = render(source.body)
    if not rendered.text:
        problems.append(Problem(str(path), source.body_line, "body", "is empty"))
    if fields is None or problems:
        return None, problems
    return Draft(id, source, fields, rendered), []
