"""What a right password is worth: a few minutes in which the code may follow, in this browser and nowhere else."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Executable, delete, select, update

from helpdesk.accounts import rules
from helpdesk.accounts.errors import PasswordProofEnded
from helpdesk.accounts.models import PasswordProof, Person
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.accounts.types.log_ins import Proof
from helpdesk.core import clock
from helpdesk.core.secret_text import hash_token, make_token
from helpdesk.db import db

KEPT_FOR = timedelta(days=1)


def make_proof(
    person: Person, *, is_from_known_place: bool = False, may_enrol: bool = False, setup_link_id: UUID | None = None
) -> str:
    """Note that the password was right; the secret it returns is the browser's to keep."""
    secret = make_token()
    lasts = rules.SET_UP_LASTS if may_enrol else rules.PASSWORD_PROOF_LASTS
    db.session.add(
        PasswordProof(
            secret_hash=hash_token(secret),
            person_id=person.id,
            epoch=person.session_epoch,
            generation=person.mfa_generation,
            is_from_known_place=is_from_known_place,
            may_enrol=may_enrol,
            setup_link_id=setup_link_id,
            expires_at=clock.now() + lasts,
        )
    )
    db.session.flush()
    return secret


def find_proof(secret: str) -> Proof | None:
    """What this browser proved, or None when it is over: by time, by use, or because the account changed."""
    if not secret:
        return None
    found = db.session.scalar(
        select(PasswordProof)
        .join(PasswordProof.person)
        .where(
            PasswordProof.secret_hash == hash_token(secret),
            PasswordProof.ended_at.is_(None),
            PasswordProof.expires_at > clock.now(),
            PasswordProof.epoch == Person.session_epoch,
            PasswordProof.generation == Person.mfa_generation,
            Person.status == PersonStatus.ACTIVE,
        )
    )
    return _as_values(found) if found else None


def get_proof(secret: str) -> Proof:
    """What this browser proved. PasswordProofEnded when it is over."""
    proof = find_proof(secret)
    if proof is None:
        raise PasswordProofEnded
    return proof


def charge(proof: Proof) -> None:
    """Count one code before it is looked at. PasswordProofEnded when there were enough."""
    row, most = PasswordProof, rules.MOST_CODES_FOR_A_PASSWORD_PROOF
    is_open = (row.id == proof.id, row.tries < most, row.ended_at.is_(None))
    _change_one(update(row).where(*is_open).values(tries=row.tries + 1).returning(row.id))


def end(proof: Proof) -> None:
    """Use the proof up: of two who do so at once, one gets PasswordProofEnded."""
    row = PasswordProof
    is_open = (row.id == proof.id, row.ended_at.is_(None))
    _change_one(update(row).where(*is_open).values(ended_at=clock.now()).returning(row.id))


def end_all_of(person_id: UUID | None) -> None:
    """Use up all that this person proved, in whichever browser: who logs out leaves no way in to the next person."""
    row = PasswordProof
    is_open = (row.person_id == person_id, row.ended_at.is_(None))
    db.session.execute(update(row).where(*is_open).values(ended_at=clock.now()))


def open_set_up(proof: Proof) -> None:
    """Let this browser set up a new authenticator, too: something else stood in for a code."""
    row = PasswordProof
    values = {"may_enrol": True, "expires_at": clock.now() + rules.SET_UP_LASTS}
    _change_one(update(row).where(row.id == proof.id, row.ended_at.is_(None)).values(values).returning(row.id))


def forget_old_proofs() -> None:
    """Drop what ended long ago."""
    db.session.execute(delete(PasswordProof).where(PasswordProof.expires_at < clock.now() - KEPT_FOR))


def _change_one(statement: Executable) -> None:
    changed = db.session.execute(statement, execution_options={"synchronize_session": False})
    if changed.scalar_one_or_none() is None:
        raise PasswordProofEnded


def _as_values(row: PasswordProof) -> Proof:
    return Proof(
        id=row.id,
        person_id=row.person_id,
        epoch=row.epoch,
        generation=row.generation,
        is_from_known_place=row.is_from_known_place,
        may_enrol=row.may_enrol,
        setup_link_id=row.setup_link_id,
    )
