"""The form with which an answer is edited."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from wtforms import Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from helpdesk.core.plain_text import clean_line, clean_text
from helpdesk.faq.loader.answer_text import AnswerText
from helpdesk.web.forms import choice

if TYPE_CHECKING:
    from helpdesk.faq.types import Answer, Problem, Topic

A_PERSON = ""
LONGEST_BODY = 20_000
# What the form proposes for a new answer; its editor may choose another date.
REVIEWED_EVERY = timedelta(days=182)
# Which field of the form a problem of the file stands by.
FIELDS = {"next_step.text": "next_step", "next_step.answer": "next_answer", "sources": "sources"}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for raw in text.split("\n") if (line := " ".join(raw.split())))


class AnswerForm(Form):
    """All of one answer's file; lists are one a line."""

    title = StringField("Question", [DataRequired("Enter the question")], filters=[clean_line])
    phrasings = TextAreaField("Phrasings", [DataRequired("Enter at least 3 phrasings")], filters=[clean_text])
    body = TextAreaField(
        "Answer",
        [
            DataRequired("Enter the answer"),
            Length(max=LONGEST_BODY, message="The answer must be 20,000 characters or fewer"),
        ],
        filters=[clean_text],
    )
    next_step = StringField("If this did not help", [DataRequired("Enter what to do next")], filters=[clean_line])
    next_answer = SelectField("The next step leads to", choices=[choice(A_PERSON, "A person")], default=A_PERSON)
    related = TextAreaField("Related answers", filters=[clean_text])
    reviewed = StringField("Facts last checked", [DataRequired("Enter when the facts were checked")])
    review_due = StringField("Next check due", [DataRequired("Enter when the next check is due")])
    owner = StringField("Owner", [DataRequired("Enter who owns this answer")], filters=[clean_line])
    sources = TextAreaField("Sources", [DataRequired("Enter at least one source")], filters=[clean_text])
    reason = StringField(
        "What did you change, and why?",
        [Length(max=300, message="The reason must be 300 characters or fewer")],
        filters=[clean_line],
    )
    mark = HiddenField()
    seen = HiddenField()

    def offer_answers(self, answers: Sequence["Answer"]) -> None:
        """Let the next step lead to one of these answers, or to a person."""
        self.next_answer.choices = [choice(A_PERSON, "A person"), *(choice(one.id, one.title) for one in answers)]

    def text(self) -> AnswerText:
        """What was typed, as the file will have it."""
        return AnswerText(
            title=self.title.data or "",
            phrasings=_lines(self.phrasings.data or ""),
            reviewed=(self.reviewed.data or "").strip(),
            review_due=(self.review_due.data or "").strip(),
            owner=self.owner.data or "",
            sources=_lines(self.sources.data or ""),
            related=_lines(self.related.data or ""),
            next_step=self.next_step.data or "",
            next_answer=self.next_answer.data or "",
            body=self.body.data or "",
        )

    def show_problems(self, problems: Sequence["Problem"]) -> None:
        """Put each problem by the field it is about."""
        for problem in problems:
            name = FIELDS.get(problem.field, problem.field)
            field = self._fields.get(name)
            label = field.label.text if field else "File"
            message = f"{label}: {problem.message}"
            if field is None:
                self.form_errors.append(message)
            else:
                field.errors = (*field.errors, message)


class NewAnswerForm(Form):
    """What a new answer begins with."""

    title = StringField(
        "Question",
        [DataRequired("Enter the question"), Length(max=120, message="The question must be 120 characters or fewer")],
        filters=[clean_line],
    )
    topic = SelectField("Topic", choices=[])
    phrasings = TextAreaField("How people asked it", filters=[clean_text])
    # What a person answered: something to begin from.
    body = TextAreaField("What a person answered", filters=[clean_text])

    def offer_topics(self, topics: Iterable["Topic"]) -> None:
        """Let one of these topics be chosen."""
        self.topic.choices = [choice(one.id, one.title) for one in topics]

    def as_answer(self, *, today: date, owner: str) -> AnswerForm:
        """The form of the whole answer, with what is known of it."""
        return AnswerForm(
            data={
                "title": self.title.data,
                "phrasings": self.phrasings.data,
                "body": self.body.data,
                "reviewed": today.isoformat(),
                "review_due": (today + REVIEWED_EVERY).isoformat(),
                "owner": owner,
            }
        )


def filled_form(text: AnswerText, *, mark: str) -> AnswerForm:
    """The form as it is opened."""
    return AnswerForm(
        data={
            "title": text.title,
            "phrasings": "\n".join(text.phrasings),
            "body": text.body,
            "next_step": text.next_step,
            "next_answer": text.next_answer,
            "related": "\n".join(text.related),
            "reviewed": text.reviewed,
            "review_due": text.review_due,
            "owner": text.owner,
            "sources": "\n".join(text.sources),
            "mark": mark,
        }
    )
