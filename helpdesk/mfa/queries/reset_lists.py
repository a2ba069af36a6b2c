"""Lists of resets that an actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import joinedload

from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries.reach import is_reached
from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.mfa.models.resets import MfaReset
from helpdesk.mfa.rules.resets import CHECKED, OPEN, REQUESTED
from helpdesk.mfa.types.resets import ResetView

RESETS_ON_A_PAGE = 25


@dataclass(frozen=True)
class ResetRows:
    """A page of resets, the newest first; `after` is where the next one starts, or None at the end."""

    resets: Sequence[MfaReset]
    after: UUID | None


def resets_page(actor: Actor, view: ResetView, after: UUID | None = None) -> ResetRows:
    """Resets of people within the actor's reach."""
    listed = select(MfaReset).join(MfaReset.person).where(is_reached(actor, Permission.RESET_CHECK))
    listed = listed.where(_in_view(actor, view)).options(joinedload(MfaReset.person), joinedload(MfaReset.requested_by))
    if after:
        started = select(MfaReset.created_at).where(MfaReset.id == after).scalar_subquery()
        is_older = or_(MfaReset.created_at < started, and_(MfaReset.created_at == started, MfaReset.id < after))
        listed = listed.where(is_older)
    newest = listed.order_by(MfaReset.created_at.desc(), MfaReset.id.desc()).limit(RESETS_ON_A_PAGE + 1)
    found = list(db.session.scalars(newest))
    shown = found[:RESETS_ON_A_PAGE]
    return ResetRows(shown, shown[-1].id if len(found) > RESETS_ON_A_PAGE else None)


def _in_view(actor: Actor, view: ResetView) -> ColumnElement[bool]:
    if view is ResetView.CLOSED:
        return MfaReset.state.not_in(OPEN)
    if view is ResetView.OPEN:
        return MfaReset.state.in_(OPEN)
    return and_(MfaReset.person_id != actor.person_id, or_(MfaReset.state == REQUESTED, _waits_for_approval(actor)))


def _waits_for_approval(actor: Actor) -> ColumnElement[bool]:
    """By this actor: a second person is neither who approved first nor who asked for it."""
    if not actor.may(Permission.RESET_APPROVE):
        return false()
    took_part = or_(MfaReset.approved_by_id == actor.person_id, MfaReset.requested_by_id == actor.person_id)
    return and_(MfaReset.state == CHECKED, or_(MfaReset.approved_by_id.is_(None), ~took_part))
