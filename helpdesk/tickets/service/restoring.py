"""Putting a ticket's labels back to what they were, each only while it still is what it was changed to."""

from collections.abc import Mapping
from uuid import UUID

from helpdesk.core.actor import Actor
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.rules import DONE
from helpdesk.tickets.service.deadlines import recount
from helpdesk.tickets.service.lifecycle import assign, change_status, set_priority, set_topic
from helpdesk.tickets.service.timeline import add_event
from helpdesk.tickets.types import EventKind, Priority, Status


def as_filed(ticket: Ticket) -> dict[str, str]:
    """The ticket's labels as plain text, to be kept."""
    return {
        "assignee": str(ticket.assignee_id or ""),
        "priority": ticket.priority,
        "topic": ticket.topic,
        "status": ticket.status,
    }


def put_back(ticket: Ticket, *, before: Mapping[str, str], after: Mapping[str, str], by: Actor) -> bool:
    """Set each label that was changed and still is so to what it was. Whether there was one."""
    now = as_filed(ticket)
    changed = {name for name in before if before[name] != after[name]}
    names = {name for name in changed if now[name] == after[name]}
    if "assignee" in changed - names:  # a new request became open with its agent, and has another one now
        names.discard("status")
    # The status first: the event of the other change then tells of both.
    if "status" in names:
        _put_status_back(ticket, Status(before["status"]), by)
    if "assignee" in names:
        assign(ticket, by=by, to=UUID(before["assignee"]) if before["assignee"] else None)
    if "priority" in names:
        set_priority(ticket, by=by, priority=Priority(before["priority"]))
    if "topic" in names:
        set_topic(ticket, by=by, topic=before["topic"])
    return bool(names)


def _put_status_back(ticket: Ticket, status: Status, by: Actor) -> None:
    """No transition that anybody may choose: it was never meant. Of one that was solved the requester learns it."""
    was_done = ticket.status in DONE
    change_status(ticket, status)
    if was_done:
        add_event(ticket, EventKind.REOPENED, by=by)
        recount(ticket)
