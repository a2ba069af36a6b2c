"""Who says that a code is theirs: somebody who gave the password just now, or somebody who is logged in."""

from sqlalchemy import select

from helpdesk.accounts.models import Person
from helpdesk.accounts.service.known_places import is_known_place
from helpdesk.accounts.types.log_ins import Proof
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotSignedIn
from helpdesk.db import db
from helpdesk.mfa.types.factors import Claim, Lane


def claim_of_proof(proof: Proof) -> Claim:
    """After the password."""
    lane = Lane.KNOWN_PLACE if proof.is_from_known_place else Lane.UNKNOWN_PLACE
    return Claim(proof.person_id, proof.generation, proof.epoch, lane)


def claim_with_recovery_code(proof: Proof) -> Claim:
    """After the password, without the phone."""
    return Claim(proof.person_id, proof.generation, proof.epoch, Lane.RECOVERY)


def claim_of_person(person: Person, place: str) -> Claim:
    """After a mailed link, in the lane in which the person would log in from this browser."""
    lane = Lane.KNOWN_PLACE if is_known_place(person, place) else Lane.UNKNOWN_PLACE
    return Claim(person.id, person.mfa_generation, person.session_epoch, lane)


def claim_of_actor(actor: Actor) -> Claim:
    """By somebody who is logged in. Whoever took over a session uses up this count, and not those to log in."""
    columns = select(Person.id, Person.mfa_generation, Person.session_epoch)
    row = db.session.execute(columns.where(Person.id == actor.person_id)).one_or_none()
    if row is None:
        raise NotSignedIn
    return Claim(row.id, row.mfa_generation, row.session_epoch, Lane.STEP_UP)
