"""The plain values of the FAQ: answers, the topics they belong to, and everything that one folder holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from helpdesk.faq.search.engine import Engine


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do when an answer did not help: another answer, or a person where there is no other."""

    text: str
    answer_id: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One entry of the FAQ."""

    id: str
    topic: str
    title: str
    # Made from Markdown by our own renderer, so it is safe to print as it is.
    html: Markup
    # The gist, as plain text.
    summary: str
    # The whole answer as plain text, for programs and the command line.
    steps_text: str
    phrasings: tuple[str, ...]
    reviewed: date
    review_due: date
    owner: str
    sources: tuple[str, ...]
    related: tuple[str, ...]
    next_step: NextStep


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of answers; its id is the name of its folder."""

    id: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Smalltalk:
    """A courtesy, the ways in which people put it, and our one line back."""

    id: str
    phrasings: tuple[str, ...]
    reply: str


@dataclass(frozen=True, slots=True)
class Safety:
    """Something that comes before any other matching, such as a patient who waits: the answer or words shown first."""

    id: str
    # Empty where fixed words stand instead.
    answer_id: str
    phrasings: tuple[str, ...]
    reply: str = ""


@dataclass(frozen=True, slots=True)
class QuestionOption:
    """What a person may tap: it leads to an answer or to one further question; the other id is empty."""

    says: str
    answer_id: str
    question_id: str

    @property
    def id(self) -> str:
        return self.answer_id or f"question:{self.question_id}"


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask when a message may mean any of these answers."""

    id: str
    asks: str
    # Empty for one that only another question leads to.
    about: frozenset[str]
    options: tuple[QuestionOption, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in one file, said so that its editor finds it."""

    path: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.field}: {self.message}"


@dataclass(frozen=True)
class Content:
    """What one folder of FAQ files holds; topics and answers are in the order in which people see them."""

    topics: tuple[Topic, ...]
    answers: Mapping[str, Answer]
    smalltalk: tuple[Smalltalk, ...]
    person_phrasings: tuple[str, ...]
    safety: tuple[Safety, ...]
    questions: tuple[Question, ...]
    synonyms: Mapping[str, tuple[str, ...]]
    none_of_these: tuple[str, ...]
    problems: tuple[Problem, ...]

    def find_topic(self, topic_id: str) -> Topic | None:
        return next((topic for topic in self.topics if topic.id == topic_id), None)

    def find_question(self, option_id: str) -> Question | None:
        """The question that an option with this id leads to."""
        return next((one for one in self.questions if option_id == f"question:{one.id}"), None)

    def answers_of(self, topic_id: str) -> tuple[Answer, ...]:
        return tuple(answer for answer in self.answers.values() if answer.topic == topic_id)

    @property
    def phrasing_count(self) -> int:
        return sum(len(answer.phrasings) for answer in self.answers.values())


@dataclass(frozen=True)
class Library(Content):
    """The content in use, with the engine that finds answers in it."""

    engine: "Engine"


@dataclass(frozen=True, slots=True)
class LabelledMessage:
    """A message with the answers that would do, for measuring; it never trains the engine in use."""

    text: str
    ids: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A labelled message that a change leads to another answer than before."""

    text: str
    # Ids of answers; empty where there was nothing to show.
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to the labelled messages: those now answered rightly, and those no longer."""

    better: tuple[Shift, ...]
    worse: tuple[Shift, ...]
    total: int
