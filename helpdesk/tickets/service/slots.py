"""A call at a time that the requester chose: promised, moved, or no longer wanted."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.dialects import postgresql, sqlite

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.working_time import Stretch
from helpdesk.db import db
from helpdesk.tickets.errors import CallBackBegun, NoPhoneNumber, SlotTaken
from helpdesk.tickets.models.ticket import CallBack, CallBackSlot, Ticket
from helpdesk.tickets.queries.escalations import find_open_call_back, open_call_back_to_change
from helpdesk.tickets.queries.slots import list_free_slots
from helpdesk.tickets.rules import CALL_BACKS_PER_SLOT
from helpdesk.tickets.service.messages import requester_writes
from helpdesk.tickets.types import CallBackState


def promise_call(ticket: Ticket, starts_at: datetime) -> CallBack:
    """Put the requester on the phone queue for the slot that begins then; a call that was promised before moves.

    NoPhoneNumber without a number; SlotTaken when the slot is full or past; CallBackBegun when an agent has the call.
    """
    if not ticket.requester_phone:
        raise NoPhoneNumber
    slot = next((one for one in list_free_slots(clock.now()) if one.starts == starts_at), None)
    if slot is None:
        raise SlotTaken
    call_back = _call_back_of(ticket, slot)
    _take_place(call_back, slot)
    return call_back


def change_call(ticket: Ticket, starts_at: datetime, *, by: Actor) -> None:
    """Phone the requester at another time, and say so on the timeline. The same time again changes nothing."""
    if is_promised(ticket, starts_at):
        return
    promise_call(ticket, starts_at)
    requester_writes(ticket, by=by, text="I chose another time for the phone call.")


def cancel_call(ticket: Ticket, *, by: Actor) -> None:
    """Take the requester off the phone queue, and free the slot for others. CallBackBegun as above."""
    call_back = open_call_back_to_change(ticket)
    if call_back is None:
        return
    _ensure_not_begun(call_back)
    _free_place(call_back)
    db.session.delete(call_back)
    requester_writes(ticket, by=by, text="I do not need the phone call any more.")


def is_promised(ticket: Ticket, starts_at: datetime) -> bool:
    """Whether the requester was promised a call in the slot that begins then."""
    call_back = find_open_call_back(ticket)
    return call_back is not None and call_back.slot is not None and call_back.slot.starts_at == starts_at


def _call_back_of(ticket: Ticket, slot: Stretch) -> CallBack:
    existing = open_call_back_to_change(ticket)
    if existing is None:
        existing = CallBack(ticket_id=ticket.id, phone=ticket.requester_phone, due_at=slot.starts)
        db.session.add(existing)
    _ensure_not_begun(existing)
    _free_place(existing)
    existing.due_at, existing.phone = slot.starts, ticket.requester_phone
    db.session.flush()
    return existing


def _take_place(call_back: CallBack, slot: Stretch) -> None:
    """The lowest place that is free. Of two who ask for the last one at once, the database gives it to one."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    for place in range(1, CALL_BACKS_PER_SLOT + 1):
        values = {"call_back_id": call_back.id, "starts_at": slot.starts, "ends_at": slot.ends, "place": place}
        new = insert(CallBackSlot).values(id=uuid4(), **values)
        statement = new.on_conflict_do_nothing(index_elements=["starts_at", "place"])
        if db.session.scalar(statement.returning(CallBackSlot.id)) is not None:
            db.session.refresh(call_back, ["slot"])
            return
    raise SlotTaken


def _free_place(call_back: CallBack) -> None:
    if call_back.slot is not None:
        db.session.delete(call_back.slot)
        db.session.flush()


def _ensure_not_begun(call_back: CallBack) -> None:
    if call_back.state is CallBackState.CLAIMED:
        raise CallBackBegun
