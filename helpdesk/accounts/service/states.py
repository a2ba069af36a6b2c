"""What becomes of an account: frozen while something is cleared up, left when the person leaves, and erased."""

from sqlalchemy import delete, update

from helpdesk.accounts.errors import StateDoesNotFit
from helpdesk.accounts.models import AccountLink, ApiToken, PasswordProof, Person, SetupLink, SignInSession
from helpdesk.accounts.service.authority import ensure_may_change
from helpdesk.accounts.service.cool_down import ensure_not_restricted
from helpdesk.accounts.service.email_changes import forget_changes, withdraw_pending
from helpdesk.accounts.service.setup_links import revoke_links
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import db

ERASED_NAME = "Erased person"


def freeze(person: Person, *, by: Actor) -> None:
    """Nobody can use the account until it is unfrozen; its roles stay."""
    ensure_not_restricted(by=by)
    ensure_may_change(person, by=by)
    if person.status not in {PersonStatus.ACTIVE, PersonStatus.INVITED}:
        raise StateDoesNotFit("Only an account in use can be frozen")
    person.status = PersonStatus.FROZEN
    _end_sessions(person)
    withdraw_pending(person, by=by)
    record("person:frozen", by=by, target=f"person:{person.id}")


def unfreeze(person: Person, *, by: Actor) -> None:
    """The account is as it was before; the person logs in anew."""
    ensure_not_restricted(by=by)
    ensure_may_change(person, by=by)
    if person.status != PersonStatus.FROZEN:
        raise StateDoesNotFit("This account is not frozen")
    person.status = PersonStatus.ACTIVE if person.password_hash else PersonStatus.INVITED
    db.session.flush()
    record("person:unfrozen", by=by, target=f"person:{person.id}")


def let_go(person: Person, *, by: Actor) -> None:
    """The person left: no role, no session and no token is good any longer. The address stays taken."""
    ensure_not_restricted(by=by)
    ensure_may_change(person, by=by)
    if person.status == PersonStatus.LEFT:
        raise StateDoesNotFit("This person has left already")
    now = clock.now()
    for membership in person.memberships:
        membership.ended_at = membership.ended_at or now
    person.status, person.left_at = PersonStatus.LEFT, now
    _end_sessions(person)
    _revoke_tokens(person)
    revoke_links(person)
    withdraw_pending(person, by=by)
    record("person:left", by=by, target=f"person:{person.id}")


def erase(person: Person, *, by: Actor) -> None:
    """Forget who somebody was who left: their address is free again, for a new account that has nothing of the old.

    The audit log keeps ids only, so none of its rows changes.
    """
    ensure_not_restricted(by=by)
    ensure_may_change(person, by=by)
    if person.status != PersonStatus.LEFT:
        raise StateDoesNotFit("Only the account of somebody who left can be erased")
    if person.name == ERASED_NAME and not person.email:
        raise StateDoesNotFit("This account is erased already")
    person.name, person.email, person.personal_because, person.password_hash = ERASED_NAME, "", "", None
    person.sealed_phone, person.phone_since = None, None
    person.second_email, person.second_email_asked, person.second_email_asked_at = "", "", None
    person.email_key = person.email_collision = f"erased:{person.id}"  # no address is written so
    for kept in (SignInSession, ApiToken, PasswordProof, SetupLink, AccountLink):
        db.session.execute(delete(kept).where(kept.person_id == person.id))
    forget_changes(person)
    db.session.flush()
    record("person:erased", by=by, target=f"person:{person.id}")


def _end_sessions(person: Person) -> None:
    person.session_epoch = Person.session_epoch + 1
    db.session.flush()


def _revoke_tokens(person: Person) -> None:
    mine = update(ApiToken).where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
    db.session.execute(mine.values(revoked_at=clock.now()))
