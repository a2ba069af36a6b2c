"""How a person can be reached, in words, and the pages that change it."""

from dataclasses import dataclass

from flask import url_for

from helpdesk.accounts.types.contacts import Contacts, PhoneOnRecord
from helpdesk.accounts.types.directory import PersonEntry
from helpdesk.web.filters import day


@dataclass(frozen=True)
class ChangePage:
    """What surrounds the field in which a number or an address is changed."""

    back_text: str
    back_url: str
    # What is on record now.
    now: str
    action_url: str
    remove_url: str
    # Whether readers change their own: the page then says 'you' to them.
    is_own: bool


def contact_facts(contacts: Contacts) -> list[tuple[str, str]]:
    """The number and the second address, for a list of facts."""
    return [("Phone number", phone_words(contacts.phone)), ("Second email address", second_email_words(contacts))]


def phone_words(phone: PhoneOnRecord | None) -> str:
    """Such as 'Ends in 678, since 3 March 2026': enough to know one's own number by."""
    if phone is None:
        return "None on record"
    start = f"Ends in {phone.ending}" if phone.ending else "Cannot be read now"
    return f"{start}, since {day(phone.since)}"


def second_email_words(contacts: Contacts) -> str:
    """The address, and the one that waits to be confirmed."""
    known = contacts.second_email or "None on record"
    asked = contacts.second_email_asked
    return f"{known}. Waiting for {asked} to be confirmed" if asked else known


def own_phone_page(contacts: Contacts) -> ChangePage:
    """Changing one's own number."""
    return _own("phone", phone_words(contacts.phone), may_remove=contacts.phone is not None)


def own_second_address_page(contacts: Contacts) -> ChangePage:
    """Changing one's own second address."""
    return _own("second_address", second_email_words(contacts), may_remove=_has_second(contacts))


def others_phone_page(person: PersonEntry, contacts: Contacts) -> ChangePage:
    """Changing somebody's number."""
    return _others("phone", person, phone_words(contacts.phone), may_remove=contacts.phone is not None)


def others_second_address_page(person: PersonEntry, contacts: Contacts) -> ChangePage:
    """Changing somebody's second address."""
    return _others("second_address", person, second_email_words(contacts), may_remove=_has_second(contacts))


def _has_second(contacts: Contacts) -> bool:
    return bool(contacts.second_email or contacts.second_email_asked)


def _own(thing: str, now: str, *, may_remove: bool) -> ChangePage:
    return ChangePage(
        back_text="Your account",
        back_url=url_for("mfa.account.show"),
        now=now,
        action_url=url_for(f"own_contacts.change_{thing}"),
        remove_url=url_for(f"own_contacts.remove_{thing}") if may_remove else "",
        is_own=True,
    )


def _others(thing: str, person: PersonEntry, now: str, *, may_remove: bool) -> ChangePage:
    return ChangePage(
        back_text=f"Back to {person.name}",
        back_url=url_for("people.person.show", person_id=person.id),
        now=now,
        action_url=url_for(f"people.contacts.change_{thing}", person_id=person.id),
        remove_url=url_for(f"people.contacts.remove_{thing}", person_id=person.id) if may_remove else "",
        is_own=False,
    )
