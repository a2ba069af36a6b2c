"""Codes on paper that stand in for a lost phone: shown once, kept as slow hashes, each good for one sign-in."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import delete, select, update

from helpdesk.accounts import passwords
from helpdesk.accounts.models import Person
from helpdesk.accounts.service import password_proofs
from helpdesk.accounts.service.actors import actor_for
from helpdesk.accounts.service.cool_down import ensure_not_restricted
from helpdesk.accounts.service.signing_in import SignedIn, let_in
from helpdesk.accounts.service.standing import hold_unchanged, standing_of
from helpdesk.accounts.types.log_ins import Proof
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.secret_text import derive_key
from helpdesk.db import db, write_transaction
from helpdesk.mfa import emails
from helpdesk.mfa.errors import RecoveryCodeRefused
from helpdesk.mfa.models.factors import RecoveryCode
from helpdesk.mfa.queries.protection import count_codes_left
from helpdesk.mfa.recovery_text import make_code, read_code
from helpdesk.mfa.rules import factors
from helpdesk.mfa.service import lanes
from helpdesk.mfa.service.claims import claim_with_recovery_code
from helpdesk.mfa.service.signing_in import prove_with_password_and_code
from helpdesk.mfa.service.verifying import HALF_SIGNED_IN, skip_present_codes
from helpdesk.mfa.types.factors import Claim, Lane
from helpdesk.settings import in_use

TAG_BYTES = 2


@dataclass(frozen=True)
class NewCode:
    """A code as it is shown, and what is kept of it."""

    shown: str
    tag: bytes
    code_hash: str


@dataclass(frozen=True)
class Recovered:
    """What a recovery code opened: a session, or for those who make accounts the set-up alone."""

    signed_in: SignedIn | None
    codes_left: int


def make_codes() -> list[NewCode]:
    """Fresh codes with their hashes. It takes a third of a second, so no transaction may wait for it."""
    texts = [make_code() for _ in range(factors.RECOVERY_CODES)]
    return [NewCode(text, _tag(read_code(text)), passwords.hash_password(read_code(text))) for text in texts]


def keep_codes(person: Person, codes: Sequence[NewCode]) -> None:
    """Make these the person's codes; all from before are gone."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    db.session.add_all(
        RecoveryCode(person_id=person.id, generation=person.mfa_generation, tag=code.tag, code_hash=code.code_hash)
        for code in codes
    )
    db.session.flush()


def renew_codes(password: str, typed: str, *, by: Actor, network: str) -> list[str]:
    """New codes instead of the old ones, against password and code. They are shown now and never again."""
    ensure_not_restricted(by=by)
    standing = standing_of(by)
    prove_with_password_and_code(password, typed, by=by, network=network)
    codes = make_codes()
    with write_transaction():
        person = hold_unchanged(standing)
        keep_codes(person, codes)
        record("recovery-codes:renewed", by=by, target=f"person:{person.id}")
        emails.tell_of_new_recovery_codes(person)
    return [code.shown for code in codes]


def sign_in_with_recovery_code(
    proof_secret: str, typed: str, *, network: str, browser: str, old_secret: str = ""
) -> Recovered:
    """Sign in who gave the password a moment ago and has no phone. RecoveryCodeRefused or TooMany otherwise.

    The slow comparison lies between two transactions; of two who use one code at once, one gets in.
    """
    with write_transaction():
        proof = password_proofs.get_proof(proof_secret)
        password_proofs.charge(proof)
        claim = claim_with_recovery_code(proof)
        lanes.charge_try(claim, network)
        candidates = _candidates(claim, read_code(typed))
    code_id = _fitting(candidates, read_code(typed))
    with write_transaction():
        left = _use(claim, code_id)
        if left is not None:
            password_proofs.open_set_up(proof)
    if left is None:
        raise RecoveryCodeRefused
    with write_transaction():
        return Recovered(_let_in(proof, browser, old_secret), left)


def spend_code(claim: Claim, typed: str, *, network: str) -> None:
    """Use up a code of somebody whom something else lets do what it stands for. RecoveryCodeRefused or TooMany."""
    with write_transaction():
        on_paper = replace(claim, lane=Lane.RECOVERY)
        lanes.charge_try(on_paper, network)
        candidates = _candidates(on_paper, read_code(typed))
    code_id = _fitting(candidates, read_code(typed))
    with write_transaction():
        left = _use(on_paper, code_id)
    if left is None:
        raise RecoveryCodeRefused


def _candidates(claim: Claim, code: str) -> list[tuple[UUID, str]]:
    rows = db.session.execute(
        select(RecoveryCode.id, RecoveryCode.code_hash).where(
            RecoveryCode.person_id == claim.person_id,
            RecoveryCode.generation == claim.generation,
            RecoveryCode.tag == _tag(code),
            RecoveryCode.used_at.is_(None),
        )
    )
    return [(row.id, row.code_hash) for row in rows]


def _fitting(candidates: list[tuple[UUID, str]], code: str) -> UUID | None:
    """As slow when no tag fits, so that the time tells nothing."""
    for code_id, code_hash in candidates:
        if passwords.matches(code_hash, code):
            return code_id
    if not candidates:
        passwords.matches(None, code)
    return None


def _use(claim: Claim, code_id: UUID | None) -> int | None:
    """Use the code up and say how many are left, or None where it is none or was used meanwhile."""
    target = f"person:{claim.person_id}"
    if code_id is None or not _mark_used(code_id):
        record("recovery-code:refused", by=HALF_SIGNED_IN, target=target)
        return None
    left = count_codes_left(claim.person_id)
    lanes.clear(claim)
    skip_present_codes(claim)
    record("recovery-code:used", by=HALF_SIGNED_IN, target=target, left=left)
    emails.tell_of_recovery_code(db.session.get_one(Person, claim.person_id), left=left)
    return left


def _mark_used(code_id: UUID) -> bool:
    used = db.session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.id == code_id, RecoveryCode.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    )
    return used.scalar_one_or_none() is not None


def _let_in(proof: Proof, browser: str, old_secret: str) -> SignedIn | None:
    actor = actor_for(db.session.get_one(Person, proof.person_id))
    if actor is None or factors.recovery_code_opens_set_up_only(frozenset(actor.grants)):
        return None
    return let_in(proof.person_id, epoch=proof.epoch, browser=browser, old_secret=old_secret)


def _tag(code: str) -> bytes:
    key = derive_key(in_use().secret_key.get_secret_value(), "recovery codes")
    return hmac.digest(key, code.encode("utf-8", "replace"), "sha256")[:TAG_BYTES]
