"""The one place where a reset changes its state: the change, its audit row and its notices, all of them or none.

Whatever else must follow a step, such as telling another system, belongs into `_after`.
"""

from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from helpdesk.accounts.models import Person
from helpdesk.accounts.service.constraints import broken_constraint
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM, Actor
from helpdesk.db import db
from helpdesk.mfa.errors import ResetMovedOn, ResetOpenAlready
from helpdesk.mfa.models.resets import BulkReset, MfaReset
from helpdesk.mfa.rules.resets import OPEN, STOPPED, STOPS_OLD_ENTRY, ensure_move
from helpdesk.mfa.service.outward import queue_hand_over, queue_steps, queue_take_back, withdraw_steps
from helpdesk.mfa.service.resets import notices
from helpdesk.mfa.types.resets import ResetAct, ResetReason, ResetState
from helpdesk.webhooks.service import announce

# The acts by which a reset comes into a state.
_ANNOUNCED = frozenset(
    {
        ResetAct.REQUESTED,
        ResetAct.APPROVED,
        ResetAct.BULK_APPROVED,
        ResetAct.ISSUED,
        ResetAct.COMPLETED,
        ResetAct.EXPIRED,
        ResetAct.REJECTED,
        ResetAct.CANCELLED,
        ResetAct.DISPUTED,
    }
)
# SQLite tells the column and PostgreSQL the index that lets a person have one open reset.
_ONE_OPEN = {"uq_mfa_reset_open", "uq_mfa_reset_person_id"}


def open_reset(person: Person, *, reason: ResetReason, ticket_reference: str, by: Actor) -> MfaReset:
    """The first state. ResetOpenAlready when there is an open one, also when it was opened in this very moment."""
    reset = MfaReset(person=person, reason=reason, ticket_reference=ticket_reference, requested_by_id=by.person_id)
    try:
        with db.session.begin_nested():
            db.session.add(reset)
    except IntegrityError as error:
        if broken_constraint(error) in _ONE_OPEN:
            raise ResetOpenAlready from error
        raise
    _after(reset, ResetAct.REQUESTED, by=by)
    return reset


def open_as_one_of_many(person: Person, bulk: BulkReset) -> MfaReset:
    """A reset that two people approved with a whole list. Nothing shows who the person is: nobody asked for it."""
    reset = MfaReset(
        person=person,
        state=ResetState.APPROVED,
        reason=ResetReason.COMPROMISE,
        requested_by_id=bulk.requested_by_id,
        approved_by_id=bulk.approved_by_id,
        approved_at=bulk.approved_at,
        not_before=clock.now(),
        bulk_id=bulk.id,
    )
    db.session.add(reset)
    db.session.flush()
    _after(reset, ResetAct.BULK_APPROVED, by=SYSTEM)
    return reset


def move(reset: MfaReset, to: ResetState, *, act: ResetAct, by: Actor, **values: Any) -> None:
    """Go to a state, or stay in it with something added. Of two who move one reset at once, one gets ResetMovedOn.

    Any: whatever the columns of this step hold.
    """
    old = ResetState(reset.state)
    ensure_move(old, to)
    closed = {"closed_at": clock.now()} if to not in OPEN else {}
    is_same = (MfaReset.id == reset.id, MfaReset.state == old, MfaReset.version == reset.version)
    changes = {"state": to, "version": reset.version + 1} | closed | values
    moved = db.session.execute(
        update(MfaReset).where(*is_same).values(changes).returning(MfaReset.id),
        execution_options={"synchronize_session": False},
    )
    if moved.scalar_one_or_none() is None:
        raise ResetMovedOn
    db.session.refresh(reset)
    _after(reset, act, by=by)


def note(reset: MfaReset, act: ResetAct, *, by: Actor) -> None:
    """Keep and tell something about a reset that does not move it."""
    record(act, by=by, target=f"person:{reset.person_id}", reset=str(reset.id), state=reset.state)
    notices.tell(reset, act, by=by)
    _announce(reset, act)


def _after(reset: MfaReset, act: ResetAct, *, by: Actor) -> None:
    reset.person.is_being_reset = reset.state in OPEN
    db.session.flush()
    if act in (ResetAct.APPROVED, ResetAct.BULK_APPROVED):
        stops_at_once = reset.reason in STOPS_OLD_ENTRY
        queue_steps(reset.person, reset.id, suspends=stops_at_once, not_before=reset.not_before or clock.now())
    if act is ResetAct.COMPLETED:
        queue_hand_over(reset.person_id, reset.id)
    if reset.state in STOPPED:
        withdraw_steps(reset.id)
    if act is ResetAct.DISPUTED and reset.completed_at is not None:
        queue_take_back(reset.person_id, reset.id)
    note(reset, act, by=by)


def _announce(reset: MfaReset, act: ResetAct) -> None:
    """Other systems hear of each state once; what is added to a state is no news for them."""
    if act in _ANNOUNCED:
        ids = {"reset_id": str(reset.id), "person_id": str(reset.person_id)}
        data = ids | {"state": reset.state, "reason": reset.reason}
        announce(f"mfa.reset.{reset.state}", about=f"reset:{reset.id}", data=data)
