"""What the people who run the service do from its command line, where no administrator needs to exist yet."""

from helpdesk.accounts import passwords
from helpdesk.accounts.errors import PersonUnknown
from helpdesk.accounts.models import Person
from helpdesk.accounts.queries.people import person_for_email
from helpdesk.accounts.service import directory, setup_links
from helpdesk.accounts.service.adding_people import add_person
from helpdesk.accounts.types.directory import NewPerson
from helpdesk.core.actor import SYSTEM


def add_person_with_link(new: NewPerson) -> str:
    """Add a person; the answer is the set-up link to hand over."""
    return setup_links.make_link(_add_person(new), by=SYSTEM)


def add_person_with_password(new: NewPerson, *, password: str) -> None:
    """Add a person who can sign in at once."""
    person = _add_person(new)
    setup_links.ensure_acceptable(person, password)
    setup_links.keep_password(person, passwords.hash_password(password), by=SYSTEM)


def get_person(email: str) -> Person:
    """The person with that address. PersonUnknown when there is none."""
    person = person_for_email(email)
    if person is None:
        raise PersonUnknown
    return person


def _add_person(new: NewPerson) -> Person:
    directory.ensure_platform(by=SYSTEM)
    return add_person(new, by=SYSTEM)
