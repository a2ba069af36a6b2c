"""What keeps the secrets of authenticators in order: new keys for all, and nothing kept beyond its use."""

from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.accounts.errors import SealUnreadable
from helpdesk.accounts.models import Person
from helpdesk.accounts.service.password_proofs import forget_old_proofs
from helpdesk.accounts.service.sealing import is_under_newest_key, reseal
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.mfa import totp
from helpdesk.mfa.models.factors import CodeCount, RecoveryCode, TotpFactor
from helpdesk.mfa.models.outward import IdentityLink
from helpdesk.mfa.rules import factors
from helpdesk.mfa.service import lanes
from helpdesk.mfa.types.factors import FactorState

BATCH = 100

Sealed = InstrumentedAttribute[str | None]
# Everything that is kept under HELPDESK_MFA_KEYS.
SEALED: tuple[Sealed, ...] = (TotpFactor.sealed_secret, Person.sealed_phone)

log = structlog.get_logger()


@dataclass(frozen=True)
class Rotation:
    """What came of putting every secret under the newest key."""

    changed: int
    # Rows that only an older key opens, or none. An older key may go when there are none.
    left: int


def rotate_keys() -> Rotation:
    """Put every secret under the newest key, a hundred at a time. Breaking off does no harm: it goes on from there."""
    changed = sum(_rotate_column(column) for column in SEALED)
    left = sum(_count_left(column) for column in SEALED)
    with write_transaction():
        record("totp:keys-rotated", by=SYSTEM, target="totp:keys", changed=changed, left=left)
    return Rotation(changed, left)


def accept_codes_from_now_on() -> int:
    """After the server's clock was ahead and is right again: how many people can log in now and could not before.

    Codes of the present stay dead for them, so that none is accepted twice.
    """
    now, lifted = clock.now(), 0
    ahead = TotpFactor.last_step * TotpFactor.period > int((now + factors.CLOCK_MAY_DIFFER).timestamp())
    with write_transaction():
        for factor in db.session.scalars(select(TotpFactor).where(ahead)):
            factor.last_step = totp.step_of(now, factor.period) + totp.WINDOW
            lifted += 1
        record("totp:floor-lifted", by=SYSTEM, target="totp:clock", people=lifted)
    return lifted


def forget_what_is_over() -> None:
    """Erase secrets of old entries after a week, and drop set-ups, counts and proofs that ended, and all of leavers."""
    now = clock.now()
    is_old = (TotpFactor.state == FactorState.RETIRED, TotpFactor.retired_at <= now - factors.RETIRED_SECRET_KEPT_FOR)
    erase = update(TotpFactor).where(*is_old, TotpFactor.sealed_secret.is_not(None)).values(sealed_secret=None)
    db.session.execute(erase)
    is_over = (TotpFactor.state == FactorState.PENDING, TotpFactor.created_at <= now - factors.PENDING_LASTS)
    db.session.execute(delete(TotpFactor).where(*is_over))
    lanes.forget_old_counts()
    forget_old_proofs()
    _forget_leavers()


def _forget_leavers() -> None:
    """The label of an entry names its owner. Nobody who left comes back to the same account."""
    leavers = select(Person.id).where(Person.status == PersonStatus.LEFT)
    for kept in (TotpFactor, RecoveryCode, CodeCount, IdentityLink):
        db.session.execute(delete(kept).where(kept.person_id.in_(leavers)))


def _rotate_column(column: Sealed) -> int:
    changed, after = 0, None
    while True:
        with write_transaction():
            batch = _sealed_after(column, after)
            changed += sum(_rotate(column, row_id, sealed) for row_id, sealed in batch)
        if len(batch) < BATCH:
            return changed
        after = batch[-1][0]


def _sealed_after(column: Sealed, after: UUID | None) -> list[tuple[UUID, str]]:
    row_id = column.class_.id
    statement = select(row_id, column).where(column.is_not(None))
    if after is not None:
        statement = statement.where(row_id > after)
    return [(found, sealed) for found, sealed in db.session.execute(statement.order_by(row_id).limit(BATCH)) if sealed]


def _rotate(column: Sealed, row_id: UUID, sealed: str) -> bool:
    """Whether the row was changed. What changed meanwhile is left to its writer."""
    if is_under_newest_key(sealed):
        return False
    try:
        resealed = reseal(sealed)
    except SealUnreadable:
        log.error("seal_unreadable", column=str(column), row=str(row_id))
        return False
    kept = column.class_
    is_same = (kept.id == row_id, column == sealed)
    changed = db.session.execute(update(kept).where(*is_same).values({column: resealed}).returning(kept.id))
    return changed.scalar_one_or_none() is not None


def _count_left(column: Sealed) -> int:
    sealed = db.session.scalars(select(column).where(column.is_not(None)))
    return sum(not is_under_newest_key(one) for one in sealed if one)
