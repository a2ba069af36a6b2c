"""What came of a change of several requests, and whether it can still be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from helpdesk.tickets.rules import UNDONE_WITHIN

if TYPE_CHECKING:
    from helpdesk.tickets.models.lists import BulkAct


@dataclass(frozen=True)
class BulkResult:
    """What was done, in a sentence; what was not, with the reason for each; and how long it can be undone."""

    act_id: UUID
    sentence: str
    refused: list[tuple[str, str]]
    can_be_undone: bool


def bulk_result(act: "BulkAct", now: datetime) -> BulkResult:
    """What came of the act, or of undoing it."""
    if act.undone_at:
        done = len(act.changes) - len(act.kept)
        return BulkResult(act.id, _sentence("Undone", done, "put back", len(act.kept)), _reasons(act.kept), False)
    may_undo = bool(act.changes) and now <= act.created_at + UNDONE_WITHIN
    sentence = _sentence("Done", len(act.changes), "changed", len(act.refused))
    return BulkResult(act.id, sentence, _reasons(act.refused), may_undo)


def _sentence(word: str, done: int, how: str, not_done: int) -> str:
    requests = "1 request" if done == 1 else f"{done} requests"
    return f"{word}: {requests} {how}, {not_done} not." if not_done else f"{word}: {requests} {how}."


def _reasons(rows: Sequence[dict[str, str]]) -> list[tuple[str, str]]:
    return [(row["reference"], row["why"]) for row in rows]
