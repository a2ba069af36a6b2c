"""Doing the same to several tickets, each in a transaction of its own, and undoing it for a while."""

from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

from helpdesk.accounts.permissions import Permission
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import ChangedMeanwhile, DomainError, NotAllowed, NotFound, RuleRefused
from helpdesk.db import db, write_transaction
from helpdesk.tickets.models.lists import BulkAct
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.queries.bulk import bulk_act_to_change
from helpdesk.tickets.queries.tickets import ticket_to_change
from helpdesk.tickets.rules import MOST_PICKED, UNDONE_WITHIN
from helpdesk.tickets.service.lifecycle import assign, resolve, set_priority, set_topic
from helpdesk.tickets.service.restoring import as_filed, put_back
from helpdesk.tickets.types import BulkKind, Pick, Priority, Status

Change = Callable[[Ticket], None]


def assign_all(picks: Sequence[Pick], *, by: Actor, to: UUID | None) -> UUID:
    """Give the tickets to an agent, or to nobody. The act in which that was done."""
    return _change_all(BulkKind.ASSIGN, picks, by, lambda ticket: assign(ticket, by=by, to=to))


def set_priority_of_all(picks: Sequence[Pick], *, by: Actor, priority: Priority) -> UUID:
    """Rank the tickets anew."""
    return _change_all(BulkKind.PRIORITY, picks, by, lambda ticket: set_priority(ticket, by=by, priority=priority))


def set_topic_of_all(picks: Sequence[Pick], *, by: Actor, topic: str) -> UUID:
    """File the tickets under another topic."""
    return _change_all(BulkKind.TOPIC, picks, by, lambda ticket: set_topic(ticket, by=by, topic=topic))


def resolve_all(picks: Sequence[Pick], *, by: Actor, note: str) -> UUID:
    """End the tickets as solved, and tell each requester."""
    if not by.may(Permission.TICKET_RESOLVE):
        raise NotAllowed
    return _change_all(BulkKind.SOLVE, picks, by, lambda ticket: resolve(ticket, by=by, note=note))


def undo(act_id: UUID, *, by: Actor) -> None:
    """Put back what the act changed and nobody has changed since. Refused when it is too late, or was done before."""
    with write_transaction():
        act = bulk_act_to_change(by, act_id)
        _ensure_may_be_undone(act)
        act.undone_at = clock.now()
        record("bulk:undone", by=by, target=str(act_id))
        changes = list(act.changes)
    for change in changes:
        _undo_one(act_id, change, by)


def _change_all(kind: BulkKind, picks: Sequence[Pick], by: Actor, change: Change) -> UUID:
    act_id = uuid4()
    with write_transaction():
        db.session.add(BulkAct(id=act_id, maker_id=by.person_id, kind=kind))
        record("bulk:done", by=by, target=str(act_id), kind=kind, tickets=len(picks))
    for pick in picks[:MOST_PICKED]:
        _change_one(act_id, pick, by, change)
    return act_id


def _change_one(act_id: UUID, pick: Pick, by: Actor, change: Change) -> None:
    """A ticket and the note of what was done to it go together; a refusal is noted by itself."""
    try:
        with write_transaction():
            ticket = ticket_to_change(by, pick.reference)
            _ensure_may_be_changed(ticket, pick.seen)
            before = as_filed(ticket)
            change(ticket)
            after = as_filed(ticket)
            if before == after:
                raise RuleRefused("It was so already.")
            act = bulk_act_to_change(by, act_id)
            act.changes = [*act.changes, {"reference": ticket.reference, "before": before, "after": after}]
    except DomainError as error:
        with write_transaction():
            act = bulk_act_to_change(by, act_id)
            act.refused = [*act.refused, _why(pick.reference, error)]


def _undo_one(act_id: UUID, change: dict[str, dict[str, str]], by: Actor) -> None:
    reference = str(change["reference"])
    try:
        with write_transaction():
            ticket = ticket_to_change(by, reference)
            if not put_back(ticket, before=change["before"], after=change["after"], by=by):
                raise ChangedMeanwhile("It was changed since.")
    except DomainError as error:
        with write_transaction():
            act = bulk_act_to_change(by, act_id)
            act.kept = [*act.kept, _why(reference, error)]


def _ensure_may_be_changed(ticket: Ticket, seen: int) -> None:
    if ticket.status is Status.CLOSED:
        raise RuleRefused("It is closed.")
    if ticket.last_event_number != seen:
        raise ChangedMeanwhile("Somebody changed it meanwhile.")


def _ensure_may_be_undone(act: BulkAct) -> None:
    if act.undone_at is not None:
        raise RuleRefused("This was undone already.")
    if clock.now() > act.created_at + UNDONE_WITHIN:
        raise RuleRefused("It is too late to undo this. Change the requests one by one.")


def _why(reference: str, error: DomainError) -> dict[str, str]:
    why = "There is no such request." if isinstance(error, NotFound) else error.message
    return {"reference": reference, "why": why}
