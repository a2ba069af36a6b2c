"""How the log-ins of many people stand, for those who look after them: states and counts, never a code or a key."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from helpdesk.accounts.models import Person
from helpdesk.accounts.types.log_ins import AccountProtection
from helpdesk.core import clock
from helpdesk.db import db
from helpdesk.mfa.models.factors import IN_FORCE, CodeCount, RecoveryCode, TotpFactor
from helpdesk.mfa.types.factors import FactorState, Lane

# What a stranger cannot use up says nothing of a lock.
LOG_IN = (Lane.KNOWN_PLACE, Lane.UNKNOWN_PLACE)


def protections_of(people: Collection[UUID]) -> dict[UUID, AccountProtection]:
    """The state of each account; whoever has no authenticator that was confirmed is left out."""
    factors = db.session.scalars(select(TotpFactor).where(TotpFactor.person_id.in_(people), IN_FORCE))
    codes, locks = _codes_left(people), _locks(people)
    return {
        factor.person_id: AccountProtection(
            generation=factor.generation,
            since=factor.confirmed_at or factor.created_at,
            is_suspended=factor.state == FactorState.SUSPENDED,
            recovery_codes_left=codes.get(factor.person_id, 0),
            locked_until=locks.get(factor.person_id),
            is_closed=factor.person_id in locks and locks[factor.person_id] is None,
        )
        for factor in factors
    }


def _codes_left(people: Collection[UUID]) -> dict[UUID, int]:
    unused = select(RecoveryCode.person_id, func.count()).where(
        RecoveryCode.person_id.in_(people), RecoveryCode.used_at.is_(None)
    )
    return dict(db.session.execute(unused.group_by(RecoveryCode.person_id)).all())


def _locks(people: Collection[UUID]) -> dict[UUID, datetime | None]:
    """Until when codes cannot be tried somewhere; None where waiting does not help."""
    rows = db.session.execute(
        select(CodeCount.person_id, CodeCount.blocked_until, CodeCount.closed_at)
        .join(Person, Person.id == CodeCount.person_id)
        .where(CodeCount.person_id.in_(people), CodeCount.epoch == Person.session_epoch, CodeCount.lane.in_(LOG_IN))
        .where(or_(CodeCount.blocked_until > clock.now(), CodeCount.closed_at.is_not(None)))
        .order_by(CodeCount.closed_at.is_not(None), CodeCount.blocked_until)
    )
    return {row.person_id: None if row.closed_at else row.blocked_until for row in rows}
