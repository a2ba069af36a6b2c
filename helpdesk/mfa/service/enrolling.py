"""Setting up an authenticator: the key is made once, shown until it is confirmed by a code, and counts from then on.

The door is a proof that may set up: a set-up link with the password, a recovery code, or password and code of somebody
who is logged in. Without one nobody sees a key.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from helpdesk.accounts.models import Membership, Person
from helpdesk.accounts.service import password_proofs, setup_links
from helpdesk.accounts.service.actors import actor_for
from helpdesk.accounts.service.sealing import seal, unseal
from helpdesk.accounts.service.signing_in import SignedIn, let_in
from helpdesk.accounts.service.standing import hold_unchanged, standing_of
from helpdesk.accounts.types.log_ins import Proof
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import db, write_transaction
from helpdesk.mfa import emails, totp
from helpdesk.mfa.errors import CodeRefused, SetUpEnded
from helpdesk.mfa.models.factors import IN_FORCE, TotpFactor
from helpdesk.mfa.rules import factors
from helpdesk.mfa.service import recovery_codes
from helpdesk.mfa.service.resets.completing import close_after_set_up
from helpdesk.mfa.service.signing_in import prove_with_password_and_code
from helpdesk.mfa.service.verifying import HALF_SIGNED_IN, MALFORMED, clock_words, use_up_step
from helpdesk.mfa.types.factors import FactorState, SetUp
from helpdesk.settings import in_use


@dataclass(frozen=True)
class Enrolled:
    """Somebody who is signed in with a new authenticator, and the recovery codes that are shown once."""

    signed_in: SignedIn
    recovery_codes: list[str]


@dataclass(frozen=True)
class _Match:
    """What became of a code that is to confirm an entry."""

    factor_id: UUID
    step: int | None
    words: str | None


def start_change(password: str, typed: str, *, by: Actor, network: str) -> str:
    """Let somebody who is logged in move to another phone. The answer is the secret of a proof that may set up."""
    standing = standing_of(by)
    prove_with_password_and_code(password, typed, by=by, network=network)
    with write_transaction():
        return password_proofs.make_proof(hold_unchanged(standing), may_enrol=True)


def start_set_up(proof_secret: str) -> None:
    """Make the key, unless one is waiting to be confirmed: a second tab must show the same one."""
    proof = _get_proof(proof_secret)
    if _pending(proof) is None:
        _make_pending(proof)


def get_set_up(proof_secret: str) -> SetUp:
    """What is shown to scan or to type. SetUpEnded when there is nothing to confirm any more."""
    proof = _get_proof(proof_secret)
    factor = _pending(proof)
    if factor is None:
        raise SetUpEnded
    secret, issuer = _secret_of(factor), in_use().service_name
    return SetUp(
        address=totp.setup_address(secret, issuer=issuer, label=factor.label, period=factor.period),
        key_in_groups=totp.in_groups(secret),
        label=factor.label,
        issuer=issuer,
        period=factor.period,
        replaces_an_entry=factor.generation > 1,
    )


def confirm(proof_secret: str, typed: str, *, browser: str, old_secret: str = "") -> Enrolled:
    """Make the new entry count and sign its owner in. CodeRefused for a wrong code, SetUpEnded when it is too late.

    A code that confirmed is used up, and so is everything from before: the old entry, its recovery codes, sessions.
    """
    with write_transaction():
        match = _match(_get_proof(proof_secret), typed)
    if match.step is None:
        raise CodeRefused(match.words)
    codes = recovery_codes.make_codes()
    with write_transaction():
        person = _activate(_get_proof(proof_secret), match.factor_id, match.step, codes)
        person_id, epoch = person.id, person.session_epoch
    with write_transaction():
        signed_in = let_in(person_id, epoch=epoch, browser=browser, old_secret=old_secret, proved_at=clock.now())
    return Enrolled(signed_in, [code.shown for code in codes])


def _get_proof(proof_secret: str) -> Proof:
    proof = password_proofs.find_proof(proof_secret)
    if proof is None or not proof.may_enrol:
        raise SetUpEnded
    return proof


def _pending(proof: Proof) -> TotpFactor | None:
    """The entry that waits, while it may still be tried."""
    factor = _waiting(proof)
    return factor if factor and factor.tries < factors.MOST_TRIES_TO_CONFIRM else None


def _waiting(proof: Proof) -> TotpFactor | None:
    factor = db.session.scalar(
        select(TotpFactor)
        .where(
            TotpFactor.person_id == proof.person_id,
            TotpFactor.state == FactorState.PENDING,
            TotpFactor.generation == factors.generation_of_next(proof.generation),
        )
        .execution_options(populate_existing=True)
    )
    if factor is None or factors.pending_is_over(factor.created_at, clock.now()):
        return None
    return factor


def _make_pending(proof: Proof) -> None:
    """In place of one that is over. A set-up link leads to a few keys and no more."""
    if proof.setup_link_id is not None:
        setup_links.count_opening(proof.setup_link_id)
    person = db.session.get_one(Person, proof.person_id, with_for_update=True)
    old = (TotpFactor.person_id == person.id, TotpFactor.state == FactorState.PENDING)
    db.session.execute(delete(TotpFactor).where(*old))
    factor_id, generation = uuid4(), factors.generation_of_next(person.mfa_generation)
    db.session.add(
        TotpFactor(
            id=factor_id,
            person_id=person.id,
            generation=generation,
            state=FactorState.PENDING,
            sealed_secret=seal(totp.make_secret(), person_id=person.id, row=factor_id),
            period=factors.PERIOD_SECONDS,
            label=factors.label(site_code=_home(person), email=person.email, generation=generation),
        )
    )
    db.session.flush()
    record("totp:set-up-started", by=HALF_SIGNED_IN, target=f"person:{person.id}", generation=generation)


def _home(person: Person) -> str | None:
    """The code of the first organisation at which the person still holds a role."""
    held = (m.organisation.ods_code for m in _current(person) if m.organisation.ods_code)
    return next(held, None)


def _current(person: Person) -> list[Membership]:
    return [membership for membership in person.memberships if membership.ended_at is None]


def _match(proof: Proof, typed: str) -> _Match:
    """Look at a code for the entry that waits. Each try is counted; after ten the key is dead."""
    factor, code, now = _pending(proof), totp.read_code(typed), clock.now()
    if factor is None:
        raise SetUpEnded
    factor.tries += 1
    db.session.flush()
    if code is None:
        return _Match(factor.id, None, MALFORMED)
    secret = _secret_of(factor)
    step = totp.matching_step(secret, code, now=now, period=factor.period)
    error = totp.clock_error(secret, code, now=now, period=factor.period)
    return _Match(factor.id, step, clock_words(error) if error else None)


def _activate(proof: Proof, factor_id: UUID, step: int, codes: list[recovery_codes.NewCode]) -> Person:
    """Everything that changes with the new entry, in one transaction. Of two who confirm at once, one gets SetUpEnded.

    The person's row is held first, so that they do it one after the other.
    """
    person = db.session.get_one(Person, proof.person_id, with_for_update=True, populate_existing=True)
    pending = _waiting(proof)
    if pending is None or pending.id != factor_id or person.mfa_generation != proof.generation:
        raise SetUpEnded
    if actor_for(person) is None:  # frozen, or without a role, since the set-up began
        raise SetUpEnded
    password_proofs.end(proof)
    if proof.setup_link_id is not None:
        setup_links.use_up(proof.setup_link_id)
    setup_links.revoke_links(person)  # whoever has another one is somebody else, or does not need it any more
    _retire_old(person)
    if not use_up_step(pending, step):
        raise SetUpEnded
    pending.state, pending.confirmed_at = FactorState.ACTIVE, clock.now()
    person.mfa_generation = pending.generation
    person.session_epoch += 1
    db.session.flush()
    recovery_codes.keep_codes(person, codes)
    record("totp:set-up", by=HALF_SIGNED_IN, target=f"person:{person.id}", generation=pending.generation)
    emails.tell_of_set_up(person, label=pending.label)
    close_after_set_up(person, proof, by=HALF_SIGNED_IN)
    return person


def _retire_old(person: Person) -> None:
    """Its secret is kept for some days, so that somebody who uses the old entry can be told so."""
    values = {"state": FactorState.RETIRED, "retired_at": clock.now()}
    is_old = (TotpFactor.person_id == person.id, IN_FORCE)
    db.session.execute(update(TotpFactor).where(*is_old).values(values).execution_options(synchronize_session=False))


def _secret_of(factor: TotpFactor) -> str:
    return unseal(factor.sealed_secret, person_id=factor.person_id, row=factor.id)
