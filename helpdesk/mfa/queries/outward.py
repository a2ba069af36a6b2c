"""How far resets have come at the provider of sign-in."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.db import db
from helpdesk.mfa.models.outward import ProviderStep
from helpdesk.mfa.types.outward import Outward, OutwardState, StepState

_WAITS = "The other system is asked now."


def outward_state(reset_id: UUID) -> OutwardState:
    """How far this reset has come there. It may go on only where everything is done, or there is nothing to do."""
    of_reset = select(ProviderStep).where(ProviderStep.reset_id == reset_id).order_by(ProviderStep.position)
    open_steps = [step for step in db.session.scalars(of_reset) if step.state != StepState.DONE]
    if not open_steps:
        has_any = db.session.scalar(select(exists().where(ProviderStep.reset_id == reset_id)))
        return OutwardState(Outward.DONE if has_any else Outward.NOTHING_TO_DO)
    failed = [step for step in open_steps if step.state == StepState.FAILED]
    if failed:
        return OutwardState(Outward.FAILED, f"{failed[0].last_error} Cancel this reset, put it right, then start anew.")
    troubles = [f"{step.last_error} We try again." for step in open_steps if step.last_error]
    return OutwardState(Outward.WAITING, (troubles or [_WAITS])[0])


def has_open_steps(reset_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Whether something is still to do there, or failed, for the reset of this column."""
    return exists().where(ProviderStep.reset_id == reset_id, ProviderStep.state != StepState.DONE)
