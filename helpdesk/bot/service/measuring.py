"""Measures the assistant on labelled messages: with the answers as they are, and in cross-validation."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from helpdesk.bot.rules.comparison import Compared, Found, compared
from helpdesk.bot.rules.decisions import decide
from helpdesk.bot.rules.evaluation import Measured
from helpdesk.bot.rules.folds import Fold, folds_of, taught
from helpdesk.bot.service.matchers import Matcher, engine_matcher, other_matchers
from helpdesk.bot.service.understanding import entries_of, understand_with
from helpdesk.bot.types import History
from helpdesk.faq.loader.messages import read_messages
from helpdesk.faq.search.engine import Engine
from helpdesk.faq.service.library import (
    current_library,
    engine_of_words_alone,
    entries_to_match,
    faq_folder,
    sentence_vectors,
)
from helpdesk.faq.types import Content, LabelledMessage, Library

MESSAGES = "messages.jsonl"

EngineOf = Callable[[Content], Engine]


@dataclass(frozen=True)
class Trial:
    """Messages, and the answers that are sought in for them."""

    library: Library
    messages: tuple[LabelledMessage, ...]


def messages_file() -> Path:
    """The labelled messages that are kept with the answers."""
    return faq_folder() / MESSAGES


def labelled_messages(path: Path) -> tuple[LabelledMessage, ...]:
    """The labelled messages of a file. Unreadable at the first line that is not one."""
    return tuple(read_messages(path))


def trials_as_they_are(messages: Sequence[LabelledMessage], engine_for: EngineOf) -> Iterator[Trial]:
    """All messages with the answers in use; nothing is learnt from them."""
    library = current_library()
    yield Trial(replace(library, engine=engine_for(library)), tuple(messages))


def trials_in_folds(messages: Sequence[LabelledMessage], engine_for: EngineOf) -> Iterator[Trial]:
    """Five parts of the messages, each with answers that have learnt from the other four."""
    library = current_library()
    return (_trial(library, fold, engine_for) for fold in folds_of(messages))


def measured(trial: Trial) -> list[Measured]:
    """What the assistant makes of each message, as the first of a conversation."""
    return [_measured(message, trial.library) for message in trial.messages]


def found_by_matchers(trial: Trial) -> dict[str, list[Found]]:
    """What our engine and the matchers that it is compared with find for each message."""
    library = trial.library
    ours = {"ours, words alone": engine_matcher(engine_of_words_alone(library))}
    if library.engine.is_semantic:
        ours["ours, semantic"] = engine_matcher(library.engine)
    matchers: dict[str, Matcher] = ours | other_matchers(entries_to_match(library), sentence_vectors())
    return {name: [find(message.text) for message in trial.messages] for name, find in matchers.items()}


def side_by_side(messages: Sequence[LabelledMessage], found: Sequence[Mapping[str, Sequence[Found]]]) -> list[Compared]:
    """The matchers over all messages; `found` is what they found in each trial, in the order of the messages."""
    return [compared(name, messages, [one for in_trial in found for one in in_trial[name]]) for name in found[0]]


def _trial(library: Library, fold: Fold, engine_for: EngineOf) -> Trial:
    content = taught(library, fold.learnt)
    learnt = replace(library, answers=content.answers, none_of_these=content.none_of_these, engine=engine_for(content))
    return Trial(learnt, fold.held)


def _measured(message: LabelledMessage, library: Library) -> Measured:
    understood = understand_with(library, message.text)
    return Measured(
        message=message,
        found=tuple(candidate.id for candidate in understood.candidates),
        confidence=understood.candidates[0].confidence if understood.candidates else 0.0,
        decision=decide(understood, History(), entries_of(library)),
    )
