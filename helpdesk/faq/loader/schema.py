"""What each kind of file must hold, and the sentence for each way of getting it wrong."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from helpdesk.faq.loader.sources import Source
from helpdesk.faq.types import Problem

T = TypeVar("T", bound=BaseModel)

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
# Facts about a system that others change are not left alone for longer than this.
LONGEST_REVIEW_PERIOD = timedelta(days=731)
MFA_BEGAN = date(2020, 1, 1)


def _to_day(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("write the date as 2026-11-24")
    return value


def _to_nothing(value: object) -> object:
    return None if value == "" else value


Day = Annotated[date, BeforeValidator(_to_day)]
Id = Annotated[str, StringConstraints(pattern=rf"^{SLUG}/{SLUG}$", max_length=120)]
Slug = Annotated[str, StringConstraints(pattern=f"^{SLUG}$", max_length=60)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\n]*$")]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\n]*$")]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$", max_length=500)]
Phrasings = Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=1000)]


class _Fields(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)


class NextStepFields(_Fields):
    text: Sentence
    answer: Annotated[Id | None, BeforeValidator(_to_nothing)] = None


class AnswerFields(_Fields):
    title: Title
    phrasings: Annotated[tuple[Sentence, ...], Field(min_length=3, max_length=300)]
    reviewed: Day
    review_due: Day
    owner: Title
    sources: Annotated[tuple[WebAddress, ...], Field(min_length=1, max_length=50)]
    related: Annotated[tuple[Id, ...], Field(max_length=10)] = ()
    next_step: NextStepFields

    @field_validator("reviewed")
    @classmethod
    def _is_recent(cls, value: date) -> date:
        if value < MFA_BEGAN:
            raise ValueError("is too long ago")
        return value

    @field_validator("review_due")
    @classmethod
    def _follows_the_review(cls, value: date, info: ValidationInfo) -> date:
        reviewed = info.data.get("reviewed")
        if reviewed and value <= reviewed:
            raise ValueError("must be after reviewed")
        if reviewed and value - reviewed > LONGEST_REVIEW_PERIOD:
            raise ValueError("must be within two years of reviewed")
        return value


class TopicFields(_Fields):
    id: Annotated[str, StringConstraints(pattern=f"^{SLUG}$", max_length=60)]
    title: Title
    summary: Sentence


class TopicsFile(_Fields):
    topic: Annotated[tuple[TopicFields, ...], Field(min_length=1, max_length=50)]


class SmalltalkFields(_Fields):
    id: Annotated[str, StringConstraints(pattern=f"^{SLUG}$", max_length=60)]
    phrasings: Phrasings
    reply: Sentence


class SmalltalkFile(_Fields):
    smalltalk: tuple[SmalltalkFields, ...] = ()


class PhrasingsFile(_Fields):
    phrasings: Phrasings


class SafetyFields(_Fields):
    answer: Id | None = None
    reply: Sentence | None = None
    phrasings: Phrasings

    @model_validator(mode="after")
    def _shows_something(self) -> "SafetyFields":
        if (self.answer is None) == (self.reply is None):
            raise ValueError("needs an answer or a reply, and not both")
        return self


class SafetyFile(RootModel[dict[str, SafetyFields]]):
    pass


class QuestionOptionFields(_Fields):
    says: Title
    answer: Id | None = None
    question: Slug | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> "QuestionOptionFields":
        if (self.answer is None) == (self.question is None):
            raise ValueError("needs an answer or a question, and not both")
        return self


class QuestionFields(_Fields):
    id: Slug
    asks: Sentence
    about: Annotated[tuple[Id, ...], Field(max_length=20)] = ()
    options: Annotated[tuple[QuestionOptionFields, ...], Field(min_length=2, max_length=5)]

    @field_validator("options")
    @classmethod
    def _differ(cls, options: tuple[QuestionOptionFields, ...]) -> tuple[QuestionOptionFields, ...]:
        if len({one.answer or one.question for one in options}) < len(options):
            raise ValueError("two of them lead to the same place")
        return options


class QuestionsFile(_Fields):
    question: tuple[QuestionFields, ...] = ()


class SynonymsFile(_Fields):
    groups: dict[Sentence, Phrasings]


SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is not a field we know",
    "string_type": "must be text",
    "string_too_short": "is empty",
    "string_too_long": "is longer than {max_length} characters",
    "string_pattern_mismatch": "is not written as it should be",
    "tuple_type": "must be a list",
    "dict_type": "must hold fields of its own",
    "model_type": "must hold fields of its own",
    "too_short": "needs at least {min_length}, there are {actual_length}",
    "too_long": "has more than {max_length}",
}


def validated(kind: type[T], source: Source) -> tuple[T | None, list[Problem]]:
    """The checked fields of one file, or what is wrong with them."""
    try:
        return kind.model_validate(source.values), []
    except ValidationError as error:
        return None, list(_problems(source, error))


def _problems(source: Source, error: ValidationError) -> Iterator[Problem]:
    for details in error.errors(include_url=False):
        yield source.problem(details["loc"], _sentence(details))


def _sentence(details: ErrorDetails) -> str:
    template = SENTENCES.get(details["type"])
    if template is None:
        return details["msg"].removeprefix("Value error, ")
    return template.format(**details.get("ctx", {}))
