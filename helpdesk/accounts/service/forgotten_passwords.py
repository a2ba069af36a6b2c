"""A forgotten password. Whoever asks is told the same, in the same time, whether we know the address or not.

The address is only noted. The worker looks whose it is, and mails the link.
"""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from helpdesk.accounts import emails
from helpdesk.accounts.email_rules import normalise_email
from helpdesk.accounts.models import ForgottenPassword, Person
from helpdesk.accounts.service.account_links import forget_old_links, make_link
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.accounts.types.log_ins import LinkPurpose
from helpdesk.audit.service import record
from helpdesk.core.actor import SYSTEM
from helpdesk.core.throttle import Limit, charge, is_allowed
from helpdesk.db import db

# Across addresses: far above what one office needs.
PER_NETWORK = Limit(
    "forgotten-password-network",
    most=20,
    per=timedelta(minutes=10),
    message="Too many passwords were forgotten here. Wait a few minutes, then try again.",
)
# Whoever asks all day must not fill the owner's mailbox.
MAILS = Limit("forgotten-password-mail", most=1, per=timedelta(minutes=15), message="Enough were sent.")


def ask_for_link(email: str, *, network: str) -> None:
    """Note that the password of this address was forgotten. EmailRefused only for what is no address."""
    charge(PER_NETWORK, network)
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    noted = insert(ForgottenPassword).values(email_key=normalise_email(email).key)
    db.session.execute(noted.on_conflict_do_nothing(index_elements=["email_key"]))


def send_waiting(limit: int) -> int:
    """Look at most at so many addresses that were noted; how many. Who has an account in use gets a link."""
    forget_old_links()
    waiting = list(db.session.scalars(select(ForgottenPassword.email_key).limit(limit)))
    people = select(Person).where(Person.email_key.in_(waiting), Person.status == PersonStatus.ACTIVE)
    for person in db.session.scalars(people):
        if is_allowed(MAILS, str(person.id)):
            emails.forgotten_password(person, make_link(person, LinkPurpose.FORGOTTEN))
            record("person:password-link-sent", by=SYSTEM, target=f"person:{person.id}")
    db.session.execute(delete(ForgottenPassword).where(ForgottenPassword.email_key.in_(waiting)))
    return len(waiting)
