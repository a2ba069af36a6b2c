"""A second email address, which hears of dangerous changes and opens nothing. Its reader confirms it before it counts.

The link that confirms it is made from what it confirms with our own key: no table holds it, and another request, or
another address, makes it worthless.
"""

import hmac
from uuid import UUID

from helpdesk.accounts import emails
from helpdesk.accounts.email_rules import normalise_email
from helpdesk.accounts.errors import ChangeRefused, FirstMailbox, LinkNotUsable
from helpdesk.accounts.models import Person
from helpdesk.accounts.rules import EMAIL_CONFIRMED_WITHIN
from helpdesk.accounts.service.actors import NOBODY
from helpdesk.accounts.service.authority import ensure_may_change
from helpdesk.accounts.service.change_links import NOT_USABLE
from helpdesk.accounts.service.contacts import notice_addresses
from helpdesk.accounts.service.cool_down import ensure_not_being_reset, ensure_not_fresh, ensure_not_restricted
from helpdesk.accounts.service.newcomers import check_wish
from helpdesk.accounts.types.contacts import OfferedAddress
from helpdesk.accounts.types.directory import EmailWish, PersonStatus
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.secret_text import derive_key
from helpdesk.db import db
from helpdesk.mail.links import absolute
from helpdesk.settings import in_use


def ask_for_own(person: Person, wish: EmailWish, *, by: Actor) -> None:
    """A person names a second address of their own."""
    _ask(person, wish, by=by)


def ask_for_other(person: Person, wish: EmailWish, *, by: Actor) -> None:
    """An administrator names one for somebody."""
    ensure_may_change(person, by=by)
    _ask(person, wish, by=by)


def remove_own(person: Person, *, by: Actor) -> None:
    """A person takes their second address, and one that waits to be confirmed, off the record."""
    _remove(person, by=by)


def remove_others(person: Person, *, by: Actor) -> None:
    """An administrator does it for somebody."""
    ensure_may_change(person, by=by)
    _remove(person, by=by)


def offered_address(link: str) -> OfferedAddress:
    """What a link would confirm. Looking changes nothing: mail scanners open links, too."""
    person = _person_of(link)
    return OfferedAddress(person.name, person.second_email_asked)


def confirm(link: str) -> None:
    """Whoever reads the mailbox makes its address the person's second one."""
    person = _person_of(link)
    ensure_not_being_reset(person)
    ensure_not_fresh(person)
    told = notice_addresses(person)
    person.second_email = person.second_email_asked
    _forget_what_waits(person)
    emails.contacts_changed(person, [*told, person.second_email], "The second email address was changed.")
    record("person:second-email-changed", by=NOBODY, target=f"person:{person.id}", is_kept=True)


def _ask(person: Person, wish: EmailWish, *, by: Actor) -> None:
    ensure_not_restricted(by=by)
    ensure_not_being_reset(person)
    if person.status != PersonStatus.ACTIVE:
        raise ChangeRefused("A second address can be added only while the account is in use")
    address = normalise_email(wish.email)
    second = normalise_email(person.second_email).collision if person.second_email else ""
    if address.collision in {person.email_collision, second}:
        raise FirstMailbox
    check_wish(person, EmailWish(wish.email, email_is_right=wish.email_is_right), by=by)
    person.second_email_asked, person.second_email_asked_at = address.display, clock.now()
    db.session.flush()
    emails.confirm_second_address(person, _link_for(person))
    emails.contacts_changed(person, notice_addresses(person), "Somebody asked to add a second email address.")
    record("person:second-email-asked", by=by, target=f"person:{person.id}")


def _remove(person: Person, *, by: Actor) -> None:
    if not person.second_email and not person.second_email_asked:
        return
    ensure_not_restricted(by=by)
    ensure_not_being_reset(person)
    ensure_not_fresh(person)
    told = notice_addresses(person)
    person.second_email = ""
    _forget_what_waits(person)
    emails.contacts_changed(person, told, "The second email address was removed.")
    record("person:second-email-changed", by=by, target=f"person:{person.id}", is_kept=False)


def withdraw_asked(person: Person) -> None:
    """A second address that was not confirmed yet is not added any more."""
    if person.second_email_asked:
        _forget_what_waits(person)


def _forget_what_waits(person: Person) -> None:
    person.second_email_asked, person.second_email_asked_at = "", None
    person.contacts_changed_at = clock.now()
    db.session.flush()


def _link_for(person: Person) -> str:
    return absolute(f"/second-email/confirm/{person.id.hex}.{_seal(person)}")


def _person_of(link: str) -> Person:
    """Whose address the link confirms, held until the commit. LinkNotUsable when it is none of ours or too late."""
    identity, _, seal = link.partition(".")
    try:
        person_id = UUID(hex=identity)
    except ValueError:
        raise LinkNotUsable(NOT_USABLE) from None
    person = db.session.get(Person, person_id, with_for_update=True)
    if person is None or not _is_waiting(person):
        raise LinkNotUsable(NOT_USABLE)
    if not hmac.compare_digest(_seal(person).encode(), seal.encode("utf-8", "replace")):
        raise LinkNotUsable(NOT_USABLE)
    return person


def _is_waiting(person: Person) -> bool:
    asked_at = person.second_email_asked_at
    is_in_time = asked_at is not None and clock.now() - asked_at < EMAIL_CONFIRMED_WITHIN
    return is_in_time and person.status == PersonStatus.ACTIVE


def _seal(person: Person) -> str:
    asked_at = person.second_email_asked_at.isoformat() if person.second_email_asked_at else ""
    key = derive_key(in_use().secret_key.get_secret_value(), "second addresses")
    return hmac.digest(key, f"{person.id}:{asked_at}:{person.second_email_asked}".encode(), "sha256").hex()
