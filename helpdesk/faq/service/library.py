"""What the FAQ does for the rest of the helpdesk: the answers in use, and finding the right one."""

from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import structlog

from helpdesk.core import clock
from helpdesk.faq.errors import LibraryUnreadable, NoSuchAnswer, NoSuchTopic
from helpdesk.faq.loader.checks import for_editors
from helpdesk.faq.loader.folder import load_folder
from helpdesk.faq.loader.kept import Kept
from helpdesk.faq.search.engine import Engine, build_engine
from helpdesk.faq.search.sentence_model import find_encoder
from helpdesk.faq.search.types import Entry, Match
from helpdesk.faq.search.vectors import Vectors
from helpdesk.faq.types import Answer, Content, Library, Topic
from helpdesk.settings import in_use

log = structlog.get_logger()

# The FAQ that comes with the product: in the installed package, or beside it in a checkout.
PACKAGE = Path(__file__).resolve().parents[2]
PACKED = (PACKAGE / "faq_data", PACKAGE.parent / "faq_data")

# A search shows this many answers at most, and none that the engine scores like noise. Below this floor lie nearly
# all unrelated words; one in sixteen of the labelled messages for us finds nothing (November 2026).
SEARCH_SHOWS = 8
SEARCH_FLOOR = 0.1

# In the data folder; may be deleted at any time, and costs some seconds at the next start.
VECTORS = "cache"

_libraries: dict[Path, Kept[Library]] = {}


def current_library() -> Library:
    """The answers in use. A change to a file is seen within seconds; broken files leave the last good set in place."""
    return _kept().get()


def wait_for_reload() -> None:
    """Wait until answers that are being read anew are in use."""
    _kept().settle()


def find_answer(answer_id: str) -> Answer | None:
    """The answer with this id, or None."""
    return current_library().answers.get(answer_id)


def get_answer(answer_id: str) -> Answer:
    """The answer with this id, or NoSuchAnswer."""
    answer = find_answer(answer_id)
    if answer is None:
        raise NoSuchAnswer
    return answer


def get_topic(topic_id: str) -> Topic:
    """The topic with this id, or NoSuchTopic."""
    topic = current_library().find_topic(topic_id)
    if topic is None:
        raise NoSuchTopic
    return topic


def match(text: str, *, limit: int = 3) -> Match:
    """The answers that fit a message best, and how sure the engine is."""
    return current_library().engine.match(text, limit=limit)


def search(text: str) -> list[Answer]:
    """The answers worth showing to somebody who searches, best first."""
    library = current_library()
    candidates = library.engine.match(text, limit=SEARCH_SHOWS).candidates
    return [library.answers[one.id] for one in candidates if one.score >= SEARCH_FLOOR]


def faq_folder() -> Path:
    """The configured folder; when a relative one is not here, the copy that comes with the product."""
    folder = in_use().faq_dir
    if folder.is_absolute() or folder.is_dir():
        return folder
    return next((packed for packed in PACKED if packed.is_dir()), folder)


def read_folder(folder: Path) -> Content:
    """What a folder holds, without making it the one in use."""
    return load_folder(folder).content


def check(folder: Path) -> list[str]:
    """Everything an editor should put right, a line each: broken files first, then overdue reviews and the like."""
    loaded = load_folder(folder)
    problems = [*loaded.content.problems, *for_editors(loaded.drafts, clock.now().date())]
    return [str(problem) for problem in problems]


def _kept() -> Kept[Library]:
    key = in_use().faq_dir.absolute()
    if key not in _libraries:
        _libraries.setdefault(key, Kept(faq_folder(), _make_library, clock.now))
    return _libraries[key]


def _make_library(folder: Path, last: Library | None) -> Library:
    content = load_folder(folder).content
    if content.problems:
        log.error("faq_broken", problems=[str(problem) for problem in content.problems])
    if content.problems and last:
        return replace(last, problems=content.problems)
    if not content.answers:
        raise LibraryUnreadable(folder, content.problems)
    log.info("faq_loaded", answers=len(content.answers), phrasings=content.phrasing_count)
    return Library(**{field.name: getattr(content, field.name) for field in fields(Content)}, engine=engine_of(content))


def engine_of(content: Content) -> Engine:
    """An engine that finds the answers of this content."""
    return _engine(content, sentence_vectors())


def engine_of_words_alone(content: Content) -> Engine:
    """The engine as it is without the extra `semantic`."""
    return _engine(content, None)


def entries_to_match(content: Content) -> list[Entry]:
    """The answers as a matcher reads them: each with its title and phrasings."""
    return [Entry(answer.id, answer.title, answer.phrasings) for answer in content.answers.values()]


def sentence_vectors() -> Vectors | None:
    """The sentence vectors of this installation; None without the extra `semantic`."""
    return _vectors(in_use().data_dir)


def _engine(content: Content, vectors: Vectors | None) -> Engine:
    return build_engine(
        entries_to_match(content), synonyms=content.synonyms, none_of_these=content.none_of_these, vectors=vectors
    )


@cache
def _vectors(data_folder: Path) -> Vectors | None:
    encoder = find_encoder()
    return Vectors(encoder, data_folder / VECTORS) if encoder else None
