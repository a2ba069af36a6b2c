"""One ticket's page for agents: its head, its facts, what was tried, and its timeline."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk.core.actor import Actor
from helpdesk.faq.types import Library
from helpdesk.tickets.presenters.slots import contact_in_words
from helpdesk.tickets.presenters.timeline import Entry, timeline
from helpdesk.tickets.presenters.words import (
    STATUS_COLOURS,
    due_in_words,
    is_overdue,
    site_of,
)
from helpdesk.tickets.types import PRIORITY_NAMES, STATUS_NAMES, Priority
from helpdesk.web.filters import day, moment, time_of_day

if TYPE_CHECKING:
    from helpdesk.tickets.models.drafts import TicketDraft
    from helpdesk.tickets.models.ticket import Ticket


@dataclass(frozen=True)
class TicketPage:
    """Everything that an agent sees of a ticket."""

    reference: str
    title: str
    status: str
    colour: str
    priority: str
    is_urgent: bool
    patient_waiting: bool
    is_done: bool
    is_mine: bool
    due: str
    is_overdue: bool
    from_whom: str
    requester: str
    opened: str
    can_be_rung: bool
    level: int
    facts: tuple[tuple[str, str], ...]
    deadlines: tuple[tuple[str, str], ...]
    transcript: tuple[Mapping[str, object], ...]
    # Topic, slug and title of each answer that the requester saw.
    tried: tuple[tuple[str, str, str], ...]
    site_tickets: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    # Such as 'Draft from 4:55pm'; '' when nothing was begun.
    draft: str


def ticket_page(
    ticket: "Ticket",
    library: Library,
    site_tickets: Iterable["Ticket"],
    draft: "TicketDraft | None",
    *,
    actor: Actor,
    now: datetime,
) -> TicketPage:
    """Everything that an agent sees of this ticket, in words."""
    return TicketPage(
        reference=ticket.reference,
        title=ticket.summary,
        status=STATUS_NAMES[ticket.status],
        colour=STATUS_COLOURS[ticket.status],
        priority=PRIORITY_NAMES[ticket.priority],
        is_urgent=ticket.priority is Priority.URGENT,
        patient_waiting=ticket.patient_waiting,
        is_done=ticket.is_done,
        is_mine=ticket.assignee_id is not None and ticket.assignee_id == actor.person_id,
        due=due_in_words(ticket),
        is_overdue=is_overdue(ticket, now),
        from_whom=", ".join(part for part in (ticket.requester_name, site_of(ticket)) if part),
        requester=ticket.requester_name,
        opened=moment(ticket.opened_at),
        can_be_rung=bool(ticket.requester_phone),
        level=ticket.escalation_level,
        facts=tuple(_facts(ticket)),
        deadlines=tuple(_deadlines(ticket, now)),
        transcript=tuple(ticket.transcript),
        tried=tuple(_tried(ticket, library)),
        site_tickets=tuple((other.reference, other.summary) for other in site_tickets),
        entries=tuple(timeline(ticket.events)),
        draft=_draft(draft, now),
    )


def _tried(ticket: "Ticket", library: Library) -> list[tuple[str, str, str]]:
    """The answers that the requester saw in the chat, each once."""
    ids = dict.fromkeys(answer_id for line in ticket.transcript for answer_id in line["answer_ids"])
    answers = [library.answers[answer_id] for answer_id in ids if answer_id in library.answers]
    return [(answer.topic, answer.id.rpartition("/")[2], answer.title) for answer in answers]


def _draft(draft: "TicketDraft | None", now: datetime) -> str:
    if draft is None:
        return ""
    at = draft.updated_at
    return f"Draft from {time_of_day(at) if day(at) == day(now) else moment(at)}"


def _facts(ticket: "Ticket") -> list[tuple[str, str]]:
    facts = [
        ("Name", ticket.requester_name),
        ("Email", ticket.requester_email),
        ("Phone", ticket.requester_phone),
        ("Pharmacy", site_of(ticket)),
        ("Wants to hear by", contact_in_words(ticket)),
    ]
    return [(name, value) for name, value in facts if value]


def _deadlines(ticket: "Ticket", now: datetime) -> list[tuple[str, str]]:
    # The clock stands still while it is paused, so nothing can become late.
    since = None if ticket.is_done or ticket.is_paused else now
    rows = [
        ("First reply", ticket.first_responded_at, ticket.first_response_due_at),
        ("Next reply", None, ticket.next_response_due_at),
        ("Solved", ticket.resolved_at, ticket.resolution_due_at),
    ]
    return [(name, _deadline(done_at, due_at, since)) for name, done_at, due_at in rows if due_at]


def _deadline(done_at: datetime | None, due_at: datetime, now: datetime | None) -> str:
    if done_at is None:
        return f"{'Overdue since' if now and due_at < now else 'By'} {moment(due_at)}"
    return f"Done {moment(done_at)}" + (", late" if done_at > due_at else "")
