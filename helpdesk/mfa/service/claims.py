"""Who says that a code is theirs: somebody who gave the password just now, or somebody who is logged in."""

from sqlalchemy import select

from helpdesk.accounts.models import Person
from helpdesk.accounts.types import Proof
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotSignedIn
from helpdesk.db import db
from helpdesk.mfa.types import Claim, Lane


def claim_of_proof(proof: Proof) -> Claim:
    """After the password."""
    lane = Lane.KNOWN_PLACE if proof.is_from_known_place else Lane.UNKNOWN_PLACE
    return Claim(proof.person_id, proof.generation, proof.epoch, lane)


def claim_with_recovery_code(proof: Proof) -> Claim:
    """After the password, without the phone."""
    return Claim(proof.person_id, proof.generation, proof.epoch, Lane.RECOVERY)


def claim_of_actor(actor: Actor) -> Claim:
    """By somebody who is logged in: a stranger cannot use this count up."""
    columns = select(Person.id, Person.mfa_generation, Person.session_epoch)
    row = db.session.execute(columns.where(Person.id == actor.person_id)).one_or_none()
    if row is None:
        raise NotSignedIn
    return Claim(row.id, row.mfa_generation, row.session_epoch, Lane.KNOWN_PLACE)
