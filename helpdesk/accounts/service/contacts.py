"""How a person can be reached: what is on record, and for how long. What a caller offers instead proves nothing."""

import re
from datetime import timedelta

from sqlalchemy import select

from helpdesk.accounts.errors import PhoneRefused
from helpdesk.accounts.models import EmailChange, Person
from helpdesk.accounts.service.cool_down import ensure_not_being_reset, ensure_not_restricted
from helpdesk.accounts.service.sealing import seal, unseal
from helpdesk.accounts.types import ChangeState, PhoneOnRecord
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import db

SHOWN_DIGITS = 3
# Whoever had the address until lately still hears what happens to the account.
FORMER_ADDRESS_HEARS_FOR = timedelta(days=30)
_NUMBER = re.compile(r"\+?[0-9]{7,15}")


def keep_phone(person: Person, typed: str, *, by: Actor) -> None:
    """Put a number on record; '' takes it off. PhoneRefused when it cannot be one."""
    ensure_not_restricted(by=by)
    ensure_not_being_reset(person)
    number = re.sub(r"[\s()./-]", "", typed)
    if number and not _NUMBER.fullmatch(number):
        raise PhoneRefused
    now = clock.now()
    person.sealed_phone = seal(number, person_id=person.id, row=person.id) if number else None
    person.phone_since = now if number else None
    person.contacts_changed_at = now
    db.session.flush()
    record("person:phone-changed", by=by, target=f"person:{person.id}", is_kept=bool(number))


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
