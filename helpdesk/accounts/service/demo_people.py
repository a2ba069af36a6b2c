"""Made-up organisations and people, so that a newcomer can look at every screen. Development only."""

import json
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from helpdesk.accounts.models import Person
from helpdesk.accounts.passwords import hash_password, matches
from helpdesk.accounts.queries.organisations import organisation_for_code
from helpdesk.accounts.queries.people import person_for_email
from helpdesk.accounts.service.adding_people import add_person
from helpdesk.accounts.service.directory import PLATFORM_CODE, add_organisation, ensure_platform
from helpdesk.accounts.service.sealing import seal
from helpdesk.accounts.service.setup_links import keep_password
from helpdesk.accounts.types.directory import NewPerson, OrganisationKind, Role
from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM
from helpdesk.core.errors import NotAllowed
from helpdesk.db import db, write_transaction
from helpdesk.settings import in_use

WORDS_IN_PASSPHRASE = 4
PASSWORDS = "demo_passwords.json"

_COMMISSIONER, _COMPANY, _SITE = OrganisationKind.COMMISSIONER, OrganisationKind.COMPANY, OrganisationKind.SITE
# Kind, code, name, code of the parent, postcode, street and town.
_ORGANISATIONS = (
    (_COMMISSIONER, "QAN", "Anytown ICB", PLATFORM_CODE, "AN1 1AA", ""),
    (_COMMISSIONER, "QOT", "Othertown ICB", PLATFORM_CODE, "OT1 1AA", ""),
    (_COMPANY, "P0AN1", "Wellbeing Chemists", "QAN", "AN1 4RT", ""),
    (_COMPANY, "P0OT1", "Riverside Healthcare", "QOT", "OT2 7HB", ""),
    (_SITE, "FA123", "High Street Pharmacy", "P0AN1", "AN1 2CD", "12 High Street, Anytown"),
    (_SITE, "FCJ48", "Market Square Pharmacy", "P0AN1", "AN1 3EF", "3 Market Square, Anytown"),
    (_SITE, "FGK07", "Station Road Chemist", "P0AN1", "AN2 5JU", "41 Station Road, Anytown"),
    (_SITE, "FW844", "Church Lane Pharmacy", "QAN", "AN3 8LQ", "8 Church Lane, Anytown"),
    (_SITE, "FLM21", "Riverside Pharmacy", "P0OT1", "OT2 7HD", "2 Wharf Road, Othertown"),
    (_SITE, "FNT65", "Bridge Street Pharmacy", "P0OT1", "OT2 9SX", "19 Bridge Street, Othertown"),
    (_SITE, "FQX90", "Park View Pharmacy", "P0OT1", "OT4 1NE", "27 Park View, Othertown"),
    (_SITE, "FVE33", "The Corner Pharmacy", "QOT", "OT5 6WY", "1 Mill Lane, Othertown"),
)
# Name, address, role, code of the organisation.
_PEOPLE = (
    ("Ben Okafor", "ben.okafor@helpdesk.example.org", Role.AGENT, PLATFORM_CODE),
    ("Cara Jones", "cara.jones@helpdesk.example.org", Role.LEAD_AGENT, PLATFORM_CODE),
    ("Dev Patel", "dev.patel@anytown.example.org", Role.COMMISSIONER, "QAN"),
    ("Sam Wright", "sam.wright@wellbeing.example.org", Role.SITE_ADMINISTRATOR, "FA123"),
    ("Uma Reid", "uma.reid@wellbeing.example.org", Role.USER, "FA123"),
    ("Pat Admin", "pat@helpdesk.example.org", Role.PLATFORM_ADMINISTRATOR, PLATFORM_CODE),
)
# Of numbers kept for made-up people, on record for long enough to ring them before a reset.
_PHONES = {"sam.wright@wellbeing.example.org": "02079460158", "uma.reid@wellbeing.example.org": "02079460142"}
_PHONES_SINCE = timedelta(days=60)
_WORDS = (Path(__file__).parent.parent / "data" / "passphrase_words.txt").read_text(encoding="ascii").split()


@dataclass(frozen=True)
class DemoSignIn:
    """With what a newcomer can look around."""

    name: str
    role: Role
    email: str
    password: str


def make_demo_people() -> list[DemoSignIn]:
    """The demo people, made where they are not there yet. Their passwords stay. Refused in production."""
    ensure_development()
    passwords = _passwords()
    hashes = {email: hash_password(password) for email, password in passwords.items() if not _is_kept(email, password)}
    with write_transaction():
        ensure_platform(by=SYSTEM)
        _make_organisations()
        for name, email, role, code in _PEOPLE:
            person = _person(name, email, role, code)
            _ensure_phone(person, _PHONES.get(email, ""))
            if email in hashes:
                keep_password(person, hashes[email], by=SYSTEM)
    return [DemoSignIn(name, role, email, passwords[email]) for name, email, role, _code in _PEOPLE]


def ensure_development() -> None:
    """NotAllowed in production."""
    if in_use().is_production:
        raise NotAllowed("Demo people are for development only. In production, use: helpdesk people add")


def make_passphrase() -> str:
    """Four random words and two digits: about 33 bits, enough behind the limits on signing in."""
    words = [secrets.choice(_WORDS) for _ in range(WORDS_IN_PASSPHRASE)]
    return f"{'-'.join(words)}-{secrets.randbelow(90) + 10}"


def _person(name: str, email: str, role: Role, code: str) -> Person:
    return person_for_email(email) or add_person(NewPerson(email, name, role, code), by=SYSTEM)


def _ensure_phone(person: Person, number: str) -> None:
    """As if it had been there for long; one that somebody put on record since stays."""
    if number and person.sealed_phone is None:
        person.sealed_phone = seal(number, person_id=person.id, row=person.id)
        person.phone_since = clock.now() - _PHONES_SINCE
        db.session.flush()


def _make_organisations() -> None:
    for kind, code, name, parent_code, postcode, address in _ORGANISATIONS:
        if organisation_for_code(code) is None:
            add_organisation(
                kind=kind, code=code, name=name, parent_code=parent_code, postcode=postcode, address=address, by=SYSTEM
            )


def _passwords() -> dict[str, str]:
    """A random password for each, made once and kept in the data folder, so that the next start prints the same."""
    path = in_use().data_dir / PASSWORDS
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({email: make_passphrase() for _name, email, _role, _code in _PEOPLE}, file)
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def _is_kept(email: str, password: str) -> bool:
    person = person_for_email(email)
    return person is not None and matches(person.password_hash, password)
