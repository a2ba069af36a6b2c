"""The way out where too many codes were wrong: a link in the owner's mailbox, and the password."""

from datetime import timedelta

from helpdesk.accounts import passwords
from helpdesk.accounts.errors import MailedLinkNotUsable, PasswordWrong
from helpdesk.accounts.models import Person
from helpdesk.accounts.service import account_links
from helpdesk.accounts.service.password_proofs import get_proof
from helpdesk.accounts.types.log_ins import LinkPurpose
from helpdesk.audit.service import record
from helpdesk.core.throttle import Limit, is_allowed
from helpdesk.db import db, write_transaction
from helpdesk.mfa import emails
from helpdesk.mfa.service import lanes
from helpdesk.mfa.service.verifying import HALF_SIGNED_IN

MAILS = Limit("release-mail", most=1, per=timedelta(minutes=15), message="Enough were sent.")


def send_release_link(proof_secret: str) -> None:
    """Mail the link to whose password was given a moment ago, where a lane is closed. PasswordProofEnded otherwise."""
    proof = get_proof(proof_secret)
    if not lanes.has_closed(proof.person_id, proof.epoch) or not is_allowed(MAILS, str(proof.person_id)):
        return
    person = db.session.get_one(Person, proof.person_id)
    emails.send_release_link(person, account_links.make_link(person, LinkPurpose.RELEASE))
    record("person:release-link-sent", by=HALF_SIGNED_IN, target=f"person:{person.id}")


def release(selector: str, verifier: str, *, password: str) -> None:
    """Let codes be tried again. MailedLinkNotUsable or PasswordWrong otherwise; the tries are the link's own.

    Commits for itself: the try is counted first, and the password compared outside of any transaction.
    """
    link = account_links.charge_link(selector, verifier, LinkPurpose.RELEASE)
    person = db.session.get(Person, link.person_id)
    password_hash = person.password_hash if person else None
    db.session.rollback()
    if not passwords.matches(password_hash, password):
        raise PasswordWrong
    with write_transaction():
        person = account_links.use_up(link)
        if person.password_hash != password_hash:
            raise MailedLinkNotUsable
        lanes.reopen(person.id, person.session_epoch)
        record("totp:lanes-reopened", by=HALF_SIGNED_IN, target=f"person:{person.id}")
