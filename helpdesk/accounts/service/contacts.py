"""How a person can be reached: what is on record, and for how long. What a caller offers instead proves nothing."""

import re
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from helpdesk.accounts import emails
from helpdesk.accounts.errors import PhoneRefused, SealUnreadable
from helpdesk.accounts.models import EmailChange, Person
from helpdesk.accounts.queries.people import own_person, person_of
from helpdesk.accounts.service.authority import ensure_may_change
from helpdesk.accounts.service.cool_down import ensure_not_being_reset, ensure_not_restricted
from helpdesk.accounts.service.sealing import seal, unseal
from helpdesk.accounts.types.contacts import ChangeState, Contacts, PhoneOnRecord
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import db

SHOWN_DIGITS = 3
# Whoever had the address until lately still hears what happens to the account.
FORMER_ADDRESS_HEARS_FOR = timedelta(days=30)
_NUMBER = re.compile(r"\+?[0-9]{7,15}")


def own_contacts(actor: Actor) -> Contacts:
    """What is on record about the reader."""
    return _contacts(own_person(actor))


def contacts_of(actor: Actor, person_id: UUID) -> Contacts:
    """What is on record about somebody of the reader's own organisations."""
    return _contacts(person_of(actor, person_id))


def keep_own_phone(person: Person, typed: str, *, by: Actor) -> None:
    """A person puts another number on record for themselves."""
    _keep_phone_and_tell(person, typed, by=by)


def keep_others_phone(person: Person, typed: str, *, by: Actor) -> None:
    """An administrator does it for somebody."""
    ensure_may_change(person, by=by)
    _keep_phone_and_tell(person, typed, by=by)


def keep_phone(person: Person, typed: str, *, by: Actor) -> None:
    """Put a number on record; '' takes it off. PhoneRefused when it cannot be one."""
    ensure_not_restricted(by=by)
    ensure_not_being_reset(person)
    put_phone(person, read_number(typed))
    person.contacts_changed_at = clock.now()
    db.session.flush()
    is_kept = person.sealed_phone is not None
    record("person:phone-changed", by=by, target=f"person:{person.id}", is_kept=is_kept)


def read_number(typed: str) -> str:
    """The number as it is kept, without spaces; '' for nothing. PhoneRefused when it cannot be one."""
    number = re.sub(r"[\s()./-]", "", typed)
    if number and not _NUMBER.fullmatch(number):
        raise PhoneRefused
    return number


def put_phone(person: Person, number: str) -> None:
    """Seal the number into the person's row."""
    person.sealed_phone = seal(number, person_id=person.id, row=person.id) if number else None
    person.phone_since = clock.now() if number else None


def find_phone(person: Person) -> PhoneOnRecord | None:
    """The number on record as it may be shown, or None."""
    if person.phone_since is None:
        return None
    return PhoneOnRecord(ending=number_to_ring(person)[-SHOWN_DIGITS:], since=person.phone_since)


def number_to_ring(person: Person) -> str:
    """The whole number on record, for the one who rings. SealUnreadable when it cannot be opened."""
    return unseal(person.sealed_phone, person_id=person.id, row=person.id)


def notice_addresses(person: Person) -> list[str]:
    """Every mailbox that hears of a dangerous change: the address, those of the last 30 days, and the second one."""
    changes = select(EmailChange.old_email).where(
        EmailChange.person_id == person.id,
        EmailChange.state == ChangeState.CONFIRMED,
        EmailChange.confirmed_at > clock.now() - FORMER_ADDRESS_HEARS_FOR,
    )
    addresses = [person.email, *db.session.scalars(changes), person.second_email]
    return list(dict.fromkeys(address for address in addresses if address))


def _keep_phone_and_tell(person: Person, typed: str, *, by: Actor) -> None:
    if not typed and person.sealed_phone is None:
        return
    keep_phone(person, typed, by=by)
    if person.status == PersonStatus.ACTIVE:  # who is only invited has had no number that anybody relied on
        what = "changed" if person.sealed_phone else "removed"
        emails.contacts_changed(person, notice_addresses(person), f"The phone number on record was {what}.")


def _contacts(person: Person) -> Contacts:
    return Contacts(_phone_to_show(person), person.second_email, person.second_email_asked)


def _phone_to_show(person: Person) -> PhoneOnRecord | None:
    """A page is shown even when the key of a number is missing."""
    try:
        return find_phone(person)
    except SealUnreadable:
        return PhoneOnRecord("", person.phone_since) if person.phone_since else None
