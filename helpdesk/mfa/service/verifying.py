"""The one place that decides whether a code is right: at sign-in, at a second proof, and to confirm a new entry.

`judge` belongs inside a write transaction that is committed whatever the verdict, before anything is built on it: the
count of tries and the used-up step must stay, also when the process dies a moment later.
"""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

import structlog
from sqlalchemy import Table, and_, bindparam, or_, select, update

from helpdesk.accounts.errors import SealUnreadable
from helpdesk.accounts.models import Person
from helpdesk.accounts.service.sealing import unseal
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.mfa import emails, totp
from helpdesk.mfa.errors import CodeRefused, NoFactor
from helpdesk.mfa.models.factors import TotpFactor
from helpdesk.mfa.rules import factors
from helpdesk.mfa.service import lanes
from helpdesk.mfa.service.resets.alarms import note_old_entry
from helpdesk.mfa.types.factors import Claim, FactorState, Judgement, Verdict

log = structlog.get_logger()

# Stands in the audit trail for somebody who gave the right password and no more.
HALF_SIGNED_IN = Actor(name="Somebody with the password", role="anybody")

# Made once: it runs with every right code.
_FACTORS = cast(Table, TotpFactor.__table__)
_USE_UP_STEP = (
    update(_FACTORS)
    .where(
        _FACTORS.c.id == bindparam("factor"),
        _FACTORS.c.state == bindparam("held_state"),
        _FACTORS.c.generation == bindparam("held_generation"),
        _FACTORS.c.last_step < bindparam("step"),
    )
    .values(last_step=bindparam("step"))
    .returning(_FACTORS.c.id)
)

MALFORMED = "Enter the 6 digits that your authenticator app shows"
_USED = "This code was used before. Wait until the app shows the next one"
_UNREADABLE = "We cannot check codes of this account at the moment. Log in with a recovery code, or call the helpdesk"


def judge(claim: Claim, typed: str, *, network: str) -> Judgement:
    """Count the try, look at the code, and use it up when it is right. TooMany when it is not even looked at."""
    failures = lanes.charge_try(claim, network)
    judgement = _judged(claim, typed)
    if judgement.is_accepted:
        lanes.clear(claim)
        return judgement
    _note_refusal(claim, judgement.verdict)
    if failures >= factors.OWNER_IS_TOLD_AFTER:
        emails.warn_of_wrong_codes(db.session.get_one(Person, claim.person_id))
    return judgement


def ensure_accepted(judgement: Judgement) -> None:
    """Raise what the person is told about a code that is not accepted."""
    if judgement.verdict is Verdict.NO_FACTOR:
        raise NoFactor
    if not judgement.is_accepted:
        raise CodeRefused(judgement.words or None)


def clock_words(error: timedelta) -> str:
    """What somebody is told whose phone has the wrong time."""
    return f"Your phone’s clock is {totp.clock_error_in_words(error)}. Set its time to automatic, then try again"


def use_up_step(factor: TotpFactor, step: int) -> bool:
    """Note that the code of this step was used. Of many who use one code at once, one gets True."""
    values = {"factor": factor.id, "held_state": factor.state, "held_generation": factor.generation, "step": step}
    return db.session.execute(_USE_UP_STEP, values).one_or_none() is not None


def skip_present_codes(claim: Claim) -> None:
    """After a recovery code: a code that somebody saw on the screen a moment ago must not work any more."""
    factor = find_active_factor(claim.person_id, claim.generation)
    if factor is not None:
        use_up_step(factor, totp.step_of(clock.now(), factor.period) + 1)


def find_active_factor(person_id: UUID, generation: int) -> TotpFactor | None:
    """The entry whose codes are accepted, as it is in the database now."""
    return db.session.scalar(
        select(TotpFactor)
        .where(
            TotpFactor.person_id == person_id,
            TotpFactor.state == FactorState.ACTIVE,
            TotpFactor.generation == generation,
        )
        .execution_options(populate_existing=True)
    )


def _judged(claim: Claim, typed: str) -> Judgement:
    code, now = totp.read_code(typed), clock.now()
    if code is None:
        return Judgement(Verdict.MALFORMED, MALFORMED)
    factor = find_active_factor(claim.person_id, claim.generation)
    if factor is None:
        return _without_factor(claim, code, now)
    try:
        secret = _secret_of(factor)
    except SealUnreadable as fault:
        _alarm(factor, str(fault))
        return Judgement(Verdict.UNREADABLE, _UNREADABLE)
    step = totp.matching_step(secret, code, now=now, period=factor.period)
    if step is not None:
        is_new = use_up_step(factor, step)
        return Judgement(Verdict.ACCEPTED) if is_new else Judgement(Verdict.USED_BEFORE, _USED)
    return _diagnosis(claim, factor, secret, code, now)


def _without_factor(claim: Claim, code: str, now: datetime) -> Judgement:
    """An entry that was stopped is recognised, because whoever uses it may be a thief; it opens nothing."""
    if _is_of_old_entry(claim, code, now):
        note_old_entry(claim.person_id, by=HALF_SIGNED_IN)
    return Judgement(Verdict.NO_FACTOR)


def _diagnosis(claim: Claim, factor: TotpFactor, secret: str, code: str, now: datetime) -> Judgement:
    """Why a wrong code may be wrong. The password was right, so the owner is helped more than a guesser."""
    if _is_of_old_entry(claim, code, now):
        note_old_entry(claim.person_id, by=HALF_SIGNED_IN)
        words = f"That is the code of your old entry. Use the entry “{factor.label}” and delete the old one"
        return Judgement(Verdict.OLD_ENTRY, words)
    error = totp.clock_error(secret, code, now=now, period=factor.period)
    if error is None:
        return Judgement(Verdict.WRONG)
    return Judgement(Verdict.CLOCK_IS_OFF, clock_words(error))


def _is_of_old_entry(claim: Claim, code: str, now: datetime) -> bool:
    old = db.session.scalars(
        select(TotpFactor).where(
            TotpFactor.person_id == claim.person_id,
            TotpFactor.sealed_secret.is_not(None),
            or_(
                TotpFactor.state == FactorState.SUSPENDED,
                and_(
                    TotpFactor.state == FactorState.RETIRED,
                    TotpFactor.retired_at > now - factors.RETIRED_SECRET_KEPT_FOR,
                ),
            ),
        )
    )
    return any(_fits(factor, code, now) for factor in old)


def _fits(factor: TotpFactor, code: str, now: datetime) -> bool:
    try:
        secret = _secret_of(factor)
    except SealUnreadable:
        return False
    return totp.matching_step(secret, code, now=now, period=factor.period) is not None


def _secret_of(factor: TotpFactor) -> str:
    return unseal(factor.sealed_secret, person_id=factor.person_id, row=factor.id)


def _note_refusal(claim: Claim, verdict: Verdict) -> None:
    action = "totp:replay" if verdict is Verdict.USED_BEFORE else "totp:refused"
    record(action, by=HALF_SIGNED_IN, target=f"person:{claim.person_id}", verdict=verdict, lane=claim.lane)


def _alarm(factor: TotpFactor, fault: str) -> None:
    log.error("factor_unreadable", person=str(factor.person_id), factor=str(factor.id), fault=fault)
    record("totp:unreadable", by=HALF_SIGNED_IN, target=f"person:{factor.person_id}", fault=fault)
