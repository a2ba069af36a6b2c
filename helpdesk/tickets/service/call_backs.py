"""The phone queue: somebody is promised a call, one agent takes it, and what came of it is written down."""

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.working_time import add_working_time
from helpdesk.db import db
from helpdesk.tickets.errors import CallBackTaken, NoPhoneNumber
from helpdesk.tickets.models.ticket import CallBack, Ticket
from helpdesk.tickets.queries.escalations import find_open_call_back, working_calendar
from helpdesk.tickets.rules import CALL_BACK_TRIES, CALL_BACK_WITHIN
from helpdesk.tickets.service.lifecycle import resolve
from helpdesk.tickets.service.timeline import add_event
from helpdesk.tickets.types import (
    OUTCOME_NAMES,
    CallBackOutcome,
    CallBackState,
    EventKind,
)

SPOKEN = frozenset({CallBackOutcome.SPOKE_SOLVED, CallBackOutcome.SPOKE_NOT_SOLVED})


def queue_call_back(ticket: Ticket) -> CallBack:
    """Put the requester on the phone queue; one who is on it keeps the place. NoPhoneNumber without a number."""
    if not ticket.requester_phone:
        raise NoPhoneNumber
    existing = find_open_call_back(ticket)
    if existing:
        return existing
    due = add_working_time(clock.now(), CALL_BACK_WITHIN, working_calendar())
    call_back = CallBack(ticket_id=ticket.id, phone=ticket.requester_phone, due_at=due)
    db.session.add(call_back)
    db.session.flush()
    return call_back


def use_new_number(ticket: Ticket) -> None:
    """Ring the requester on the number that the ticket has now."""
    call_back = find_open_call_back(ticket)
    if call_back and ticket.requester_phone:
        call_back.phone = ticket.requester_phone


def claim_call_back(call_back: CallBack, *, by: Actor) -> None:
    """Take a call-back, so that nobody else rings too."""
    if call_back.state is CallBackState.CLAIMED and call_back.claimed_by_id == by.person_id:
        return
    if call_back.state is not CallBackState.WAITING:
        raise CallBackTaken
    call_back.state, call_back.claimed_by_id = CallBackState.CLAIMED, by.person_id
    add_event(call_back.ticket, EventKind.CALL_BACK_CLAIMED, by=by)


def put_call_back_back(call_back: CallBack, *, by: Actor) -> None:
    """Give back a call-back that was taken, so that somebody else can ring. It keeps its deadline."""
    if call_back.state is not CallBackState.CLAIMED or call_back.claimed_by_id != by.person_id:
        raise CallBackTaken
    call_back.state, call_back.claimed_by_id = CallBackState.WAITING, None
    add_event(call_back.ticket, EventKind.CALL_BACK_PUT_BACK, by=by)


def record_outcome(call_back: CallBack, *, by: Actor, outcome: CallBackOutcome, note: str = "") -> None:
    """Write down what came of ringing. No answer puts it back on the queue, up to three tries."""
    if call_back.state is not CallBackState.CLAIMED or call_back.claimed_by_id != by.person_id:
        raise CallBackTaken
    call_back.tries += 1
    text = f"{OUTCOME_NAMES[outcome]}. {note}".strip()
    add_event(call_back.ticket, EventKind.CALL_BACK_TRIED, by=by, text=text)
    if outcome is CallBackOutcome.NO_ANSWER and call_back.tries < CALL_BACK_TRIES:
        _put_back(call_back)
        return
    call_back.state, call_back.outcome, call_back.claimed_by_id = CallBackState.DONE, outcome, None
    if outcome is CallBackOutcome.SPOKE_SOLVED and not call_back.ticket.is_done:
        resolve(call_back.ticket, by=by, note="Solved on the phone.")


def _put_back(call_back: CallBack) -> None:
    call_back.state, call_back.claimed_by_id = CallBackState.WAITING, None
    call_back.due_at = add_working_time(clock.now(), CALL_BACK_WITHIN, working_calendar())
