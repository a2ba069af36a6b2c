"""Authenticators of the demo people, whose codes come from a command and from no phone. Development only."""

from uuid import uuid4

from helpdesk.accounts.models import Person
from helpdesk.accounts.service.demo_people import DemoSignIn, ensure_development, make_demo_people
from helpdesk.accounts.service.operators import get_person
from helpdesk.accounts.service.sealing import seal, unseal
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.mfa import totp
from helpdesk.mfa.errors import NoFactor
from helpdesk.mfa.models.factors import TotpFactor
from helpdesk.mfa.rules import factors
from helpdesk.mfa.service.verifying import find_active_factor
from helpdesk.mfa.types.factors import FactorState


def make_demo_sign_ins() -> list[DemoSignIn]:
    """The demo people with an authenticator each; who has one keeps it. Refused in production."""
    sign_ins = make_demo_people()
    with write_transaction():
        for one in sign_ins:
            _ensure_factor(get_person(one.email))
    return sign_ins


def demo_code(email: str) -> str:
    """A code that this person can log in with now. Refused in production."""
    ensure_development()
    person = get_person(email)
    factor = find_active_factor(person.id, person.mfa_generation)
    if factor is None:
        raise NoFactor
    secret = unseal(factor.sealed_secret, person_id=person.id, row=factor.id)
    step = max(totp.step_of(clock.now(), factor.period), factor.last_step + 1)
    return totp.code_of_step(secret, step, period=factor.period)


def _ensure_factor(person: Person) -> None:
    if person.mfa_generation:
        return
    factor_id, person.mfa_generation = uuid4(), 1
    db.session.add(
        TotpFactor(
            id=factor_id,
            person_id=person.id,
            generation=1,
            state=FactorState.ACTIVE,
            sealed_secret=seal(totp.make_secret(), person_id=person.id, row=factor_id),
            period=factors.PERIOD_SECONDS,
            label=factors.label(
                site_code=person.memberships[0].organisation.ods_code, email=person.email, generation=1
            ),
            confirmed_at=clock.now(),
        )
    )
    db.session.flush()
    record("totp:set-up", by=SYSTEM, target=f"person:{person.id}", generation=1)
