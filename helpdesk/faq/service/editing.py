"""What an editor does with an answer: open it, see what a change would do, publish it. The file is the truth."""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup
from sqlalchemy.exc import IntegrityError

from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import ChangedMeanwhile
from helpdesk.db import db
from helpdesk.faq.errors import AnswerExists, FileBroken, FolderReadOnly, NoSuchAnswer
from helpdesk.faq.loader.answer_text import AnswerText, hash_of
from helpdesk.faq.loader.checks import for_editors
from helpdesk.faq.loader.copies import changed_copy, copy_one, snapshot_folder, write_atomically
from helpdesk.faq.loader.drafts import read_draft
from helpdesk.faq.loader.folder import files_of, load_folder
from helpdesk.faq.loader.markdown import render
from helpdesk.faq.loader.sources import Unreadable, read_text
from helpdesk.faq.models import FaqRevision
from helpdesk.faq.queries import find_last_revision
from helpdesk.faq.rules import slug_of
from helpdesk.faq.service.gate import effect_between
from helpdesk.faq.service.library import current_library, faq_folder, get_topic
from helpdesk.faq.types import Effect, Problem
from helpdesk.settings import in_use

ON_DISK = "Changed on disk"


@dataclass(frozen=True)
class Opened:
    """An answer as its file has it, and the mark by which a later change of the file is noticed."""

    answer_id: str
    text: AnswerText
    mark: str


@dataclass(frozen=True)
class Change:
    """What an edit would do: the new problems it brings, and the labelled messages it moves."""

    answer_id: str
    file_text: str
    html: Markup
    problems: tuple[Problem, ...]
    effect: Effect

    @property
    def seen(self) -> str:
        """Equal only for the same text with the same losses: whoever sends it has seen these."""
        losses = "\n".join(f"{one.text}\t{one.now}" for one in self.effect.worse)
        return hashlib.sha256(f"{self.file_text}\0{losses}".encode()).hexdigest()


def open_answer(answer_id: str) -> Opened:
    """The answer's file as it is now. NoSuchAnswer when there is none, FileBroken when it cannot be read."""
    path = _path_of(answer_id)
    mark = hash_of(path)
    return Opened(answer_id, _read(faq_folder(), path), mark)


def start_answer(topic_id: str, title: str) -> str:
    """The id of a new answer. NoSuchTopic, or AnswerExists when one of this name is there already."""
    get_topic(topic_id)
    answer_id = f"{topic_id}/{slug_of(title)}"
    if not _is_free(answer_id):
        raise AnswerExists
    return answer_id


def text_of_version(answer_id: str, file_text: str) -> AnswerText:
    """What an older version of the answer's file said."""
    with changed_copy(faq_folder(), _name(answer_id), file_text) as copy:
        return _read(copy, copy / _name(answer_id))


def plan_change(answer_id: str, text: AnswerText) -> Change:
    """What publishing this text would do. It takes seconds: call it before the transaction begins."""
    _place_of(answer_id)
    folder, name, file_text = faq_folder(), _name(answer_id), text.to_file()
    with changed_copy(folder, name, file_text) as edited:
        problems = tuple(_new_problems(folder, edited))
        effect = Effect((), (), 0) if problems else effect_between(folder, edited)
    return Change(answer_id, file_text, render(text.body).html, problems, effect)


def publish(change: Change, *, by: Actor, mark: str, reason: str) -> FaqRevision:
    """Put the change into the FAQ's folder and keep who did what, when and why.

    ChangedMeanwhile when the file is not the one the editor opened. If the commit that follows fails, the file is
    published without its row; the next edit then keeps it as changed on disk.
    """
    path = _place_of(change.answer_id)
    _ensure_unchanged(path, mark)
    number = _keep_what_was_on_disk(change.answer_id, path)
    revision = FaqRevision(
        answer_id=change.answer_id,
        number=number + 1,
        text=change.file_text,
        by_id=by.person_id,
        by_name=by.name,
        at=clock.now(),
        reason=reason,
    )
    db.session.add(revision)
    record(
        "faq:published",
        by=by,
        target=change.answer_id,
        number=revision.number,
        accepted_losses=len(change.effect.worse),
    )
    _flush()
    _write(path, change)
    return revision


def _flush() -> None:
    """Two who publish at once take the same number; the second is told to look again."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise ChangedMeanwhile from error


def _write(path: Path, change: Change) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, change.file_text)
    except OSError as error:
        raise FolderReadOnly from error
    copy_one(path, snapshot_folder(in_use().data_dir, faq_folder()) / _name(change.answer_id))


def _keep_what_was_on_disk(answer_id: str, path: Path) -> int:
    """Keep the file's present text where it is not the last version we know; the number of the last version."""
    last = find_last_revision(answer_id)
    number = last.number if last else 0
    if not path.exists():
        return number
    text = read_text(path)
    if last and last.text == text:
        return number
    changed_at = clock.now()
    db.session.add(
        FaqRevision(answer_id=answer_id, number=number + 1, text=text, by_name=ON_DISK, at=changed_at, reason="")
    )
    return number + 1


def _ensure_unchanged(path: Path, mark: str) -> None:
    if hash_of(path) != mark:
        raise ChangedMeanwhile
    if not all(os.access(place, os.W_OK) for place in (path, path.parent) if place.exists()):
        raise FolderReadOnly


def _read(folder: Path, path: Path) -> AnswerText:
    try:
        draft, problems = read_draft(folder, path)
    except Unreadable as error:
        draft, problems = None, [error.problem]
    if draft is None:
        told = "; ".join(f"line {one.line}, {one.field}: {one.message}" for one in problems)
        raise FileBroken(f"This answer’s file has a mistake, so it cannot be edited here. Mend the file first. {told}")
    return AnswerText.of(draft)


def _path_of(answer_id: str) -> Path:
    """Only files that the FAQ really has: an id never leads out of the folder."""
    folder = faq_folder()
    path = folder / _name(answer_id)
    if path not in files_of(folder):
        raise NoSuchAnswer
    return path


def _place_of(answer_id: str) -> Path:
    """Where the answer's file is, or where a new one will be."""
    return faq_folder() / _name(answer_id) if _is_free(answer_id) else _path_of(answer_id)


def _is_free(answer_id: str) -> bool:
    """Whether a new answer may have this id: its topic is known, its name is plain, and nobody has it."""
    topic_id, _, slug = answer_id.partition("/")
    is_sound = slug_of(slug) == slug != "" and current_library().find_topic(topic_id) is not None
    return is_sound and not (faq_folder() / _name(answer_id)).exists()


def _name(answer_id: str) -> str:
    return f"{answer_id}.md"


def _new_problems(before: Path, after: Path) -> list[Problem]:
    """What the change brings; what was wrong already does not stop it."""
    known = {_told(before, problem) for problem in _problems(before)}
    new = [problem for problem in _problems(after) if _told(after, problem) not in known]
    return [replace(problem, message=problem.message.replace(f"{after}/", "")) for problem in new]


def _problems(folder: Path) -> list[Problem]:
    loaded = load_folder(folder)
    return [*loaded.content.problems, *for_editors(loaded.drafts, clock.now().date())]


def _told(folder: Path, problem: Problem) -> tuple[str, str, str]:
    """The problem without its line, which moves with every edit, and without the folder."""
    return problem.path.removeprefix(str(folder)), problem.field, problem.message.replace(str(folder), "")
