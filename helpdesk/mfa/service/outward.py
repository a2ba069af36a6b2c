"""What a reset does at the provider of sign-in: promised with the approval, done afterwards by the worker.

A step may be done twice, when whoever did it dies before saying so: each call does no harm the second time. A step
that fails holds the reset where it is; nothing here ever says that it is done when it is not.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import structlog
from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import aliased

from helpdesk.accounts.errors import SealUnreadable
from helpdesk.accounts.models import Person
from helpdesk.accounts.service.sealing import unseal
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.mfa.models.factors import TotpFactor
from helpdesk.mfa.models.outward import WAITS, IdentityLink, ProviderStep
from helpdesk.mfa.providers.choosing import provider_for
from helpdesk.mfa.providers.errors import ProviderAway, ProviderRefused
from helpdesk.mfa.providers.local import LOCAL
from helpdesk.mfa.providers.protocol import Provider
from helpdesk.mfa.rules import outward as rules
from helpdesk.mfa.types.factors import FactorState
from helpdesk.mfa.types.outward import NewEntry, OutsideAccount, OutwardStep, StepState
from helpdesk.settings import in_use

log = structlog.get_logger()


@dataclass(frozen=True)
class _Claimed:
    """A step that is ours for a while, with what must be known to do it."""

    step: ProviderStep
    email: str
    # '' before the account was found for the first time.
    external_id: str


def queue_steps(person: Person, reset_id: UUID, *, suspends: bool, not_before: datetime) -> None:
    """Promise what this reset does at the provider: what stops the old entry at once, the rest at its time."""
    provider, now = provider_for(in_use()), clock.now()
    if provider.name == LOCAL:
        return
    for position, step in enumerate(rules.steps_of_reset(suspends=suspends)):
        is_at_once = suspends and step in rules.AT_ONCE
        db.session.add(
            ProviderStep(
                person_id=person.id,
                reset_id=reset_id,
                step=step,
                position=position,
                provider=provider.name,
                next_attempt_at=now if is_at_once else max(now, not_before),
            )
        )
    db.session.flush()


def queue_hand_over(person_id: UUID, reset_id: UUID) -> None:
    """Promise that the entry which the person set up here counts at the provider, too, where it takes one."""
    if provider_for(in_use()).takes_entries:
        _queue_one(OutwardStep.HAND_OVER, person_id, reset_id, position=rules.AFTER_SET_UP)


def queue_take_back(person_id: UUID, reset_id: UUID) -> None:
    """Promise to stop there what a reset set up that was not the person's own."""
    if provider_for(in_use()).name != LOCAL:
        _queue_one(OutwardStep.TAKE_BACK, person_id, reset_id, position=rules.FIRST_OF_ALL)


def withdraw_steps(reset_id: UUID) -> None:
    """Do nothing more there for a reset that was stopped. What is being done in this moment may still be done."""
    is_open = (ProviderStep.reset_id == reset_id, ProviderStep.state == StepState.WAITING)
    values = {"state": StepState.FAILED, "last_error": "The reset was stopped.", "lease": None, "leased_until": None}
    db.session.execute(update(ProviderStep).where(*is_open).values(values))


def do_due_steps(limit: int) -> int:
    """Do at most so many steps that are due; how many were done."""
    done = 0
    for _ in range(limit):
        claimed = _claim(now=clock.now())
        if claimed is None:
            break
        done += _do(claimed)
    return done


def _queue_one(step: OutwardStep, person_id: UUID, reset_id: UUID, *, position: int) -> None:
    db.session.add(
        ProviderStep(
            person_id=person_id,
            reset_id=reset_id,
            step=step,
            position=position,
            provider=provider_for(in_use()).name,
            next_attempt_at=clock.now(),
        )
    )
    db.session.flush()


def _do(claimed: _Claimed) -> int:
    provider = provider_for(in_use())
    try:
        account = _account(provider, claimed)
        _take(provider, claimed.step, account)
        _record_done(claimed.step, account)
    except ProviderAway as trouble:
        _try_later(claimed.step, str(trouble))
        return 0
    except ProviderRefused as refusal:
        _fail(claimed.step, str(refusal))
        return 0
    return 1


def _account(provider: Provider, claimed: _Claimed) -> OutsideAccount:
    if provider.name != claimed.step.provider:
        raise ProviderRefused("The settings name another provider now than when this was approved.")
    if claimed.external_id:
        return provider.find_by_id(claimed.external_id)
    account = provider.find_by_email(claimed.email)
    if _is_of_somebody_else(provider, account):
        raise ProviderRefused("The account with this email address belongs to another person here.")
    return account


def _is_of_somebody_else(provider: Provider, account: OutsideAccount) -> bool:
    """Asked only for a person without a link of their own."""
    is_linked = (IdentityLink.provider == provider.name, IdentityLink.external_id == account.external_id)
    found = db.session.scalar(select(exists().where(*is_linked)))
    db.session.rollback()  # nothing is held while the provider is asked
    return bool(found)


def _take(provider: Provider, step: ProviderStep, account: OutsideAccount) -> None:
    if step.step == OutwardStep.HAND_OVER:
        provider.hand_over(account, _new_entry(step.person_id))
        return
    {
        OutwardStep.SUSPEND: provider.suspend,
        OutwardStep.REMOVE: provider.remove,
        OutwardStep.START_SET_UP: provider.start_set_up,
        OutwardStep.END_SESSIONS: provider.end_sessions,
        OutwardStep.TAKE_BACK: provider.suspend,
    }[OutwardStep(step.step)](account)


def _new_entry(person_id: UUID) -> NewEntry:
    """The entry that counts here now; its key is unsealed for this moment and kept nowhere else."""
    is_active = (TotpFactor.person_id == person_id, TotpFactor.state == FactorState.ACTIVE)
    factor = db.session.scalar(select(TotpFactor).where(*is_active))
    if factor is None:
        raise ProviderRefused("The person has no authenticator here any more.")
    try:
        secret = unseal(factor.sealed_secret, person_id=person_id, row=factor.id)
    except SealUnreadable as fault:
        raise ProviderRefused("The person’s authenticator cannot be read here.") from fault
    entry = NewEntry(factor.id, secret, factor.period, factor.label)
    db.session.rollback()  # nothing is held while the provider is asked
    return entry


def _claim(*, now: datetime) -> _Claimed | None:
    """Take the step that is due longest, for a while: two who claim at once get two different ones."""
    earlier = aliased(ProviderStep)
    is_first = ~exists().where(
        earlier.reset_id == ProviderStep.reset_id,
        earlier.position < ProviderStep.position,
        earlier.state != StepState.DONE,
    )
    is_free = or_(ProviderStep.lease.is_(None), ProviderStep.leased_until <= now)
    due = select(ProviderStep).where(WAITS, ProviderStep.next_attempt_at <= now, is_free, is_first)
    oldest = due.order_by(ProviderStep.next_attempt_at, ProviderStep.id).limit(1)
    with write_transaction():
        step = db.session.scalars(oldest.with_for_update(skip_locked=True)).one_or_none()
        if step is None:
            return None
        step.lease, step.leased_until = uuid4(), now + rules.LEASE
        step.attempts += 1
        db.session.flush()
        claimed = _Claimed(step, db.session.get_one(Person, step.person_id).email, _known_id(step))
        db.session.expunge(step)  # it is read on while the provider is asked, outside of any transaction
    return claimed


def _known_id(step: ProviderStep) -> str:
    is_theirs = (IdentityLink.person_id == step.person_id, IdentityLink.provider == step.provider)
    return db.session.scalar(select(IdentityLink.external_id).where(*is_theirs)) or ""


def _record_done(step: ProviderStep, account: OutsideAccount) -> None:
    with write_transaction():
        if _release(step, state=StepState.DONE, last_error=""):
            _keep_link(step, account)
            target = f"person:{step.person_id}"
            record("provider:step-done", by=SYSTEM, target=target, step=step.step, reset=str(step.reset_id))


def _keep_link(step: ProviderStep, account: OutsideAccount) -> None:
    if not _known_id(step):
        link = IdentityLink(person_id=step.person_id, provider=step.provider, external_id=account.external_id)
        db.session.add(link)
        db.session.flush()


def _try_later(step: ProviderStep, reason: str) -> None:
    again_at = rules.next_attempt_at(step.attempts, now=clock.now())
    if again_at is None:
        _fail(step, reason)
        return
    with write_transaction():
        _release(step, next_attempt_at=again_at, last_error=reason)


def _fail(step: ProviderStep, reason: str) -> None:
    with write_transaction():
        if _release(step, state=StepState.FAILED, last_error=reason):
            target = f"person:{step.person_id}"
            record("provider:step-failed", by=SYSTEM, target=target, step=step.step, reset=str(step.reset_id))
    log.error("provider_step_failed", reset=str(step.reset_id), step=step.step, attempts=step.attempts)


def _release(step: ProviderStep, **values: object) -> bool:
    """Whether the claim was still ours: what was withdrawn meanwhile stays withdrawn."""
    statement = update(ProviderStep).where(ProviderStep.id == step.id, ProviderStep.lease == step.lease)
    released = statement.values(lease=None, leased_until=None, **values).returning(ProviderStep.id)
    return db.session.execute(released).one_or_none() is not None
