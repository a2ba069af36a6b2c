"""What happened to a ticket, in lines that can be read from top to bottom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk.core.redaction import notice_to_helpdesk
from helpdesk.tickets.types import EventKind

if TYPE_CHECKING:
    from helpdesk.tickets.models.ticket import TicketEvent

CHANGES = {
    EventKind.ACKNOWLEDGED: "said:",
    EventKind.TAKEN_OVER: "joined the conversation.",
    EventKind.ASSIGNED: "assigned this to",
    EventKind.PRIORITY_CHANGED: "changed the priority from",
    EventKind.TOPIC_CHANGED: "filed this under",
    EventKind.STATUS_CHANGED: "changed the status from",
    EventKind.RESOLVED: "solved this.",
    EventKind.REOPENED: "reopened this.",
    EventKind.ESCALATED: "escalated this:",
    EventKind.CALL_BACK_CLAIMED: "took the call-back.",
    EventKind.CALL_BACK_TRIED: "rang:",
    EventKind.CALL_BACK_PUT_BACK: "gave the call-back to others.",
}


@dataclass(frozen=True)
class Entry:
    """A line of the timeline: a message or note, or a run of smaller changes to fold."""

    kind: str
    number: int = 0
    author: str = ""
    how: str = ""
    at: datetime | None = None
    text: str = ""
    # Says what was taken out of the text.
    notice: str = ""
    changes: tuple[tuple[str, datetime], ...] = ()


def timeline(events: Iterable["TicketEvent"]) -> list[Entry]:
    """Messages and notes in full; the changes between them folded together."""
    entries: list[Entry] = []
    for event in events:
        if event.kind in CHANGES:
            line = (f"{event.actor_name} {CHANGES[event.kind]} {event.text}".strip(), event.at)
            folded = entries.pop().changes if entries and entries[-1].kind == "changes" else ()
            entries.append(Entry("changes", changes=(*folded, line)))
        else:
            entries.append(message(event))
    return entries


def message(event: "TicketEvent") -> Entry:
    """A message or note in full."""
    kinds = {EventKind.REPLIED: ("reply", "replied"), EventKind.NOTED: ("note", "")}
    kind, how = kinds.get(event.kind, ("requester", "asked" if event.kind is EventKind.OPENED else "wrote"))
    notice = notice_to_helpdesk(event.text)
    return Entry(kind, event.number, event.actor_name, how, event.at, event.text, notice)
