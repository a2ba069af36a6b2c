"""Plain values of a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4


class Status(StrEnum):
    NEW = "new"
    OPEN = "open"
    WAITING_FOR_REQUESTER = "pending"
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    CLOSED = "closed"


class Priority(StrEnum):
    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Route(StrEnum):
    """How the requester wants to hear from us, and how an escalation travels."""

    EMAIL = "email"
    PHONE = "phone"


class EventKind(StrEnum):
    """What happened to a ticket, in the order in which it can be read on its timeline."""

    OPENED = "opened"
    REQUESTER_WROTE = "requester_wrote"
    REPLIED = "replied"
    NOTED = "noted"
    ASSIGNED = "assigned"
    PRIORITY_CHANGED = "priority_changed"
    TOPIC_CHANGED = "topic_changed"
    STATUS_CHANGED = "status_changed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    ESCALATED = "escalated"
    CALL_BACK_CLAIMED = "call_back_claimed"
    CALL_BACK_TRIED = "call_back_tried"
    CALL_BACK_PUT_BACK = "call_back_put_back"
    # The assistant's only line on a ticket: a message is there, and nobody speaks with the requester yet.
    ACKNOWLEDGED = "acknowledged"
    # An agent speaks with the requester from now on, and the assistant is silent.
    TAKEN_OVER = "taken_over"


class AnswerKind(StrEnum):
    """Whom an agent writes to: the requester, or only the helpdesk."""

    REPLY = "reply"
    NOTE = "note"


class EscalationReason(StrEnum):
    AGENT = "agent"
    PATIENT_WAITING = "patient_waiting"
    URGENT = "urgent"
    NOT_ANSWERED = "not_answered"
    NOT_RESOLVED = "not_resolved"
    NEXT_NOT_ANSWERED = "next_not_answered"
    OPEN_TOO_LONG = "open_too_long"
    ASKED_AGAIN = "asked_again"
    NOBODY_ON_SHIFT = "nobody_on_shift"


class CallBackState(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    DONE = "done"


class CallBackOutcome(StrEnum):
    SPOKE_SOLVED = "spoke_solved"
    SPOKE_NOT_SOLVED = "spoke_not_solved"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


class BulkKind(StrEnum):
    """What is done to several tickets at once."""

    ASSIGN = "assign"
    PRIORITY = "priority"
    TOPIC = "topic"
    SOLVE = "solve"


# Who speaks in a transcript.
REQUESTER_SPEAKS, ASSISTANT_SPEAKS = "Requester", "Assistant"


@dataclass(frozen=True)
class TranscriptLine:
    """One line of the conversation with the assistant, as it goes along with the ticket."""

    author: str
    text: str
    at: str
    # The answers that this line showed, so that nobody suggests them again.
    answer_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class HandOver:
    """What a requester gives when a person must take over. All of it was checked by the form."""

    name: str
    email: str
    summary: str
    phone: str = ""
    organisation: str = ""
    organisation_id: UUID | None = None
    route: Route = Route.EMAIL
    topic: str = ""
    patient_waiting: bool = False
    # Of the route phone: they ring us, or they are rung in the slot that begins then; else as soon as we can.
    rings_us: bool = False
    call_back_at: datetime | None = None
    transcript: Sequence[TranscriptLine] = field(default=())
    # The same hand-over sent twice makes one ticket.
    idempotency_key: str = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True)
class Filing:
    """Who works on a ticket, how urgent it is, what it is about and how it stands."""

    assignee_id: UUID | None
    priority: Priority
    topic: str
    status: Status


@dataclass(frozen=True)
class Pick:
    """A ticket that was ticked, and the last event on it when it was shown."""

    reference: str
    seen: int


STATUS_NAMES = {
    Status.NEW: "New",
    Status.OPEN: "Open",
    Status.WAITING_FOR_REQUESTER: "Waiting for pharmacy",
    Status.ON_HOLD: "On hold",
    Status.SOLVED: "Solved",
    Status.CLOSED: "Closed",
}

PRIORITY_NAMES = {
    Priority.URGENT: "Urgent",
    Priority.HIGH: "High",
    Priority.NORMAL: "Normal",
    Priority.LOW: "Low",
}

REASON_NAMES = {
    EscalationReason.AGENT: "An agent asked for it",
    EscalationReason.PATIENT_WAITING: "A patient is waiting",
    EscalationReason.URGENT: "It is urgent",
    EscalationReason.NOT_ANSWERED: "Nobody had answered by the deadline",
    EscalationReason.NOT_RESOLVED: "It was not solved by the deadline",
    EscalationReason.NEXT_NOT_ANSWERED: "A later message was not answered by the deadline",
    EscalationReason.OPEN_TOO_LONG: "It was open for too long",
    EscalationReason.ASKED_AGAIN: "It is their third request within a week",
    EscalationReason.NOBODY_ON_SHIFT: "No agent was logged in",
}

OUTCOME_NAMES = {
    CallBackOutcome.SPOKE_SOLVED: "Spoke, and it is solved",
    CallBackOutcome.SPOKE_NOT_SOLVED: "Spoke, not solved yet",
    CallBackOutcome.NO_ANSWER: "No answer",
    CallBackOutcome.WRONG_NUMBER: "Wrong number",
}


@dataclass(frozen=True)
class KeptShare:
    """How many of so many."""

    kept: int
    of: int
