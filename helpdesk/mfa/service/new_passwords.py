"""A new password by a mailed link: the second factor is asked for before it counts, and nobody is logged in by it."""

from helpdesk.accounts import passwords
from helpdesk.accounts.errors import MailedLinkNotUsable, PasswordRefused
from helpdesk.accounts.models import Person
from helpdesk.accounts.service import account_links
from helpdesk.accounts.service.actors import NOBODY
from helpdesk.accounts.service.password_changes import replace_password
from helpdesk.accounts.service.setup_links import ensure_acceptable
from helpdesk.accounts.types.log_ins import LinkPurpose, OpenLink
from helpdesk.db import db, write_transaction
from helpdesk.mfa import totp
from helpdesk.mfa.errors import CodeRefused
from helpdesk.mfa.service.claims import claim_of_person
from helpdesk.mfa.service.recovery_codes import spend_code
from helpdesk.mfa.service.verifying import ensure_accepted, judge

CODE_MISSING = "Enter the 6-digit code, or a recovery code"


def choose(selector: str, verifier: str, *, password: str, typed: str, network: str, place: str) -> None:
    """Make this the password of whoever reads the mail and has the phone or a recovery code.

    MailedLinkNotUsable, PasswordRefused, CodeRefused, RecoveryCodeRefused, NoFactor or TooMany otherwise. Each try
    counts against the link and against the codes of the account, as a try to log in would.
    """
    link = account_links.charge_link(selector, verifier, LinkPurpose.FORGOTTEN)
    _ensure_acceptable(link, password)
    _ensure_second_factor(link, typed, network=network, place=place)
    password_hash = passwords.hash_password(password)
    with write_transaction():
        replace_password(account_links.use_up(link), password_hash, by=NOBODY)


def _ensure_acceptable(link: OpenLink, password: str) -> None:
    """Before a code is used up. A password that is too weak guesses nothing, so the link stays as good as it was."""
    try:
        ensure_acceptable(_person(link), password)
    except PasswordRefused:
        with write_transaction():
            account_links.give_back(link)
        raise


def _ensure_second_factor(link: OpenLink, typed: str, *, network: str, place: str) -> None:
    """Ask who ever had an authenticator for a code of it. Who never had one cannot log in without a set-up link."""
    person = _person(link)
    if not person.mfa_generation:
        return
    if not typed.strip():
        raise CodeRefused(CODE_MISSING)
    claim = claim_of_person(person, place)
    if totp.read_code(typed) is None:
        spend_code(claim, typed, network=network)
        return
    with write_transaction():
        judgement = judge(claim, typed, network=network)
    ensure_accepted(judgement)


def _person(link: OpenLink) -> Person:
    person = db.session.get(Person, link.person_id)
    if person is None:
        raise MailedLinkNotUsable
    return person
