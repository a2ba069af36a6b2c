"""The publish gate: what a change does to the messages whose answer is agreed, before anybody is given it."""

from collections.abc import Sequence
from pathlib import Path

from helpdesk.faq.loader.accepted import add_accepted, read_accepted
from helpdesk.faq.loader.copies import MESSAGES, hash_of_folder, is_same, keep_snapshot, snapshot_folder
from helpdesk.faq.loader.messages import read_messages
from helpdesk.faq.rules import compare, messages_to_hold, unexplained
from helpdesk.faq.search.types import Match
from helpdesk.faq.service.library import engine_of, faq_folder, read_folder
from helpdesk.faq.types import Content, Effect, LabelledMessage, Shift
from helpdesk.settings import in_use

NO_EFFECT = Effect((), (), 0)

# The published state and a few edits: publishing what was previewed then costs nothing more.
STATES_KEPT = 6
_found: dict[str, dict[str, str]] = {}


def effect_of_folder(edited: Path) -> Effect:
    """What the edited folder changes against what is published; nothing where there is nothing to compare with.

    Another folder is compared with the one in use, and the one in use with its last good state.
    """
    published = _last_good(edited) if _is_in_use(edited) else faq_folder()
    return effect_between(published, edited) if published.is_dir() else NO_EFFECT


def effect_between(published: Path, edited: Path) -> Effect:
    """What changes for each labelled message and approved phrasing from one folder to the other."""
    if is_same(published, edited):
        return NO_EFFECT
    before, after = read_folder(published), read_folder(edited)
    messages = messages_to_hold(before, after, [*_labelled(edited), *_labelled(published)])
    return compare(messages, _first_answers(published, before, messages), _first_answers(edited, after, messages))


def losses_to_explain(effect: Effect, folder: Path) -> tuple[Shift, ...]:
    """The losses for which the folder does not give a reason yet."""
    return unexplained(effect.worse, read_accepted(folder))


def accept_losses(folder: Path, losses: Sequence[Shift], reason: str) -> None:
    """Keep the reason for these losses with the change."""
    add_accepted(folder, losses, reason)


def keep_as_last_good(folder: Path) -> None:
    """Compare later changes of the folder in use with what it holds now."""
    if _is_in_use(folder):
        keep_snapshot(folder, _last_good(folder))


def _is_in_use(folder: Path) -> bool:
    return folder.resolve() == faq_folder().resolve()


def _last_good(folder: Path) -> Path:
    return snapshot_folder(in_use().data_dir, folder)


def _labelled(folder: Path) -> Sequence[LabelledMessage]:
    path = folder / MESSAGES
    return list(read_messages(path)) if path.exists() else ()


def _first_answers(folder: Path, content: Content, messages: Sequence[LabelledMessage]) -> list[str]:
    """The first answer to each message, found once for each state of the folder: matching all takes seconds."""
    state = hash_of_folder(folder)
    known = _found.setdefault(state, {})
    missing = [message.text for message in messages if message.text not in known]
    if missing:
        engine = engine_of(content)
        known |= {text: _first(engine.match(text, limit=1)) for text in missing}
    for older in list(_found)[:-STATES_KEPT]:
        _found.pop(older, None)
    return [known[message.text] for message in messages]


def _first(match: Match) -> str:
    return match.candidates[0].id if match.candidates else ""
