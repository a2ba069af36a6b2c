"""What protects an account, for the owner's own pages."""

from uuid import UUID

from sqlalchemy import func, select

from helpdesk.accounts.types.log_ins import Proof
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.mfa.models.factors import RecoveryCode, TotpFactor
from helpdesk.mfa.rules.factors import CLOCK_MAY_DIFFER
from helpdesk.mfa.types.factors import FactorState, Protection


def has_factor(proof: Proof) -> bool:
    """Whether there is an entry whose codes could be asked for."""
    is_active = (TotpFactor.person_id == proof.person_id, TotpFactor.state == FactorState.ACTIVE)
    return db.session.scalar(select(TotpFactor.id).where(*is_active)) is not None


def clock_went_back() -> str | None:
    """A sentence when codes of the future were accepted: the server's clock was wrong then, or is wrong now."""
    latest = TotpFactor.last_step * TotpFactor.period
    is_ahead = latest > int((clock.now() + CLOCK_MAY_DIFFER).timestamp())
    ahead = db.session.scalar(select(func.count()).select_from(TotpFactor).where(is_ahead)) or 0
    return f"The server's clock went back. Accounts that cannot log in with a code: {ahead}." if ahead else None


def find_protection(actor: Actor) -> Protection | None:
    """The entry of the person who is logged in, and how many recovery codes are left."""
    is_active = (TotpFactor.person_id == actor.person_id, TotpFactor.state == FactorState.ACTIVE)
    factor = db.session.scalar(select(TotpFactor).where(*is_active))
    if factor is None or factor.confirmed_at is None:
        return None
    return Protection(factor.label, factor.confirmed_at, count_codes_left(factor.person_id))


def count_codes_left(person_id: UUID) -> int:
    """How many recovery codes are unused."""
    is_unused = (RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*is_unused)) or 0
