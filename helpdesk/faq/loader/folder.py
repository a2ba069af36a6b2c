"""Reads a whole folder of FAQ files: what can be used, and everything that is wrong with the rest."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from helpdesk.faq.loader.checks import across
from helpdesk.faq.loader.drafts import Draft, read_draft
from helpdesk.faq.loader.lists import read_phrasings, read_safety, read_smalltalk, read_synonyms, read_topics
from helpdesk.faq.loader.questions import read_questions
from helpdesk.faq.loader.sources import Unreadable
from helpdesk.faq.types import Answer, Content, Problem, Question, Safety, Topic


@dataclass(frozen=True)
class Loaded:
    """What a folder holds, and the answers' files as they were read."""

    content: Content
    drafts: tuple[Draft, ...]


def load_folder(folder: Path) -> Loaded:
    """Read every file of the folder. A broken one costs only what it holds, and is named in the problems."""
    problems: list[Problem] = []
    topics = read_topics(folder, problems)
    drafts = tuple(_drafts(folder, problems))
    ids = {path.relative_to(folder).with_suffix("").as_posix() for path in files_of(folder)}
    problems += across(drafts, {topic.id for topic in topics}, ids)
    safety = read_safety(folder, problems)
    problems += _lost_safety(folder / "safety.toml", safety, ids)
    answers = _in_order(drafts, topics)
    content = Content(
        topics=topics,
        answers=MappingProxyType(answers),
        smalltalk=read_smalltalk(folder, problems),
        person_phrasings=read_phrasings(folder / "person.toml", problems),
        safety=tuple(item for item in safety if item.reply or item.answer_id in answers),
        questions=_to_shown(read_questions(folder, ids, problems), answers),
        synonyms=MappingProxyType(read_synonyms(folder, problems)),
        none_of_these=read_phrasings(folder / "none_of_these.toml", problems),
        problems=tuple(problems),
    )
    return Loaded(content, drafts)


def files_of(folder: Path) -> list[Path]:
    """The files that make up the FAQ, in order; hidden ones and drafts that begin with _ are left out."""
    found = [*folder.glob("*.toml"), *folder.rglob("*.md")]
    return sorted(path for path in found if not any(map(_is_left_out, path.relative_to(folder).parts)))


def _is_left_out(name: str) -> bool:
    return name.startswith((".", "_")) or name == "README.md"


def _drafts(folder: Path, problems: list[Problem]) -> Iterator[Draft]:
    for path in files_of(folder):
        if path.suffix != ".md":
            continue
        try:
            draft, wrong = read_draft(folder, path)
        except Unreadable as error:
            draft, wrong = None, [error.problem]
        problems += wrong
        if draft:
            yield draft


def _in_order(drafts: Sequence[Draft], topics: Sequence[Topic]) -> dict[str, Answer]:
    """The answers topic by topic; those in a folder that is no topic cannot be reached and are left out."""
    shown = [draft for topic in topics for draft in drafts if draft.topic == topic.id]
    ids = {draft.id for draft in shown}
    return {draft.id: draft.to_answer(ids) for draft in shown}


def _to_shown(questions: Sequence[Question], answers: Collection[str]) -> tuple[Question, ...]:
    """The questions all of whose options can be followed: an answer whose own file is broken is not there."""
    reachable = {
        one.id for one in questions if all(option.answer_id in answers or option.question_id for option in one.options)
    }
    whole = (one for one in questions if one.id in reachable)
    return tuple(one for one in whole if reachable.issuperset(o.question_id for o in one.options if o.question_id))


def _lost_safety(path: Path, safety: Sequence[Safety], ids: Collection[str]) -> Iterator[Problem]:
    for item in safety:
        if item.answer_id and item.answer_id not in ids:
            yield Problem(str(path), 1, f"{item.id}.answer", f"there is no answer {item.answer_id}")
