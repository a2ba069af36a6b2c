"""Another password: every session from before is over, and every mailbox of the person is told."""

from helpdesk.accounts import emails, passwords
from helpdesk.accounts.errors import PasswordRefused
from helpdesk.accounts.models import Person
from helpdesk.accounts.queries.people import own_person
from helpdesk.accounts.service.contacts import notice_addresses
from helpdesk.accounts.service.proof import ensure_fresh_proof
from helpdesk.accounts.service.setup_links import ensure_acceptable, keep_password, revoke_links
from helpdesk.accounts.service.signing_in import SignedIn, let_in
from helpdesk.accounts.service.standing import hold_unchanged, standing_of
from helpdesk.core.actor import Actor
from helpdesk.db import db, write_transaction


def change_own(old: str, new: str, *, by: Actor, browser: str, old_secret: str) -> SignedIn:
    """Change the password of somebody who is logged in; this browser goes on in a new session, all others end.

    ProofRefused or PasswordRefused otherwise. Commits for itself: passwords are compared and hashed in between.
    """
    standing = standing_of(by)
    ensure_acceptable(own_person(by), new)
    ensure_fresh_proof(by=by, password=old)
    if new == old:
        raise PasswordRefused("Choose a password that is not the one you have now")
    db.session.rollback()
    password_hash = passwords.hash_password(new)
    with write_transaction():
        person = hold_unchanged(standing)
        replace_password(person, password_hash, by=by)
        epoch = person.session_epoch
        return let_in(person.id, epoch=epoch, browser=browser, old_secret=old_secret, proved_at=by.proved_at)


def replace_password(person: Person, password_hash: str, *, by: Actor) -> None:
    """Make it count, end what hung on the old one, and tell of it."""
    keep_password(person, password_hash, by=by)
    revoke_links(person)
    emails.password_changed(person, notice_addresses(person))
