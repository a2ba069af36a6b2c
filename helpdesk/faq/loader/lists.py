"""The files beside the answers: topics, courtesies, calls for a person, safety, synonyms, and what is not for us.

Only the topics must be there. Each function adds what is wrong to `problems`.
"""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from helpdesk.faq.loader.schema import PhrasingsFile, SafetyFile, SmalltalkFile, SynonymsFile, TopicsFile, validated
from helpdesk.faq.loader.sources import Unreadable
from helpdesk.faq.loader.toml_tables import read_table
from helpdesk.faq.types import Problem, Safety, Smalltalk, Topic

T = TypeVar("T", bound=BaseModel)


def read_topics(folder: Path, problems: list[Problem]) -> tuple[Topic, ...]:
    """The topics in the order in which people see them."""
    path = folder / "topics.toml"
    if not path.exists():
        problems.append(Problem(str(path), 1, "file", "is missing"))
    file = _read(path, TopicsFile, problems)
    topics = {topic.id: Topic(topic.id, topic.title, topic.summary) for topic in file.topic} if file else {}
    if file and len(topics) < len(file.topic):
        problems.append(Problem(str(path), 1, "topic.id", "is there twice"))
    return tuple(topics.values())


def read_smalltalk(folder: Path, problems: list[Problem]) -> tuple[Smalltalk, ...]:
    """Hello, thanks and the like, with our line back."""
    file = _read(folder / "smalltalk.toml", SmalltalkFile, problems)
    return tuple(Smalltalk(item.id, item.phrasings, item.reply) for item in file.smalltalk) if file else ()


def read_phrasings(path: Path, problems: list[Problem]) -> tuple[str, ...]:
    """A plain list of phrasings."""
    file = _read(path, PhrasingsFile, problems)
    return file.phrasings if file else ()


def read_safety(folder: Path, problems: list[Problem]) -> tuple[Safety, ...]:
    """What comes before any other matching."""
    file = _read(folder / "safety.toml", SafetyFile, problems)
    items = file.root.items() if file else ()
    return tuple(Safety(id, item.answer or "", item.phrasings, item.reply or "") for id, item in items)


def read_synonyms(folder: Path, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    """Words that mean the same, under the one that stands for them."""
    file = _read(folder / "synonyms.toml", SynonymsFile, problems)
    return dict(file.groups) if file else {}


def _read(path: Path, kind: type[T], problems: list[Problem]) -> T | None:
    if not path.exists():
        return None
    try:
        fields, wrong = validated(kind, read_table(path))
    except Unreadable as error:
        fields, wrong = None, [error.problem]
    problems += wrong
    return fields
