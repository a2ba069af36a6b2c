"""Inviting people by mail."""

from uuid import UUID

from helpdesk.accounts.email_rules import domain_suggestion, normalise_email
from helpdesk.accounts.errors import EmailDoubted
from helpdesk.accounts.queries.people import known_domains, person_to_change
from helpdesk.accounts.service.directory import add_person, get_organisation
from helpdesk.accounts.service.setup_links import send_link
from helpdesk.accounts.types import NewPerson
from helpdesk.core.actor import Actor


def invite(new: NewPerson, *, by: Actor) -> UUID:
    """Add a person and mail them the link with which they choose a password."""
    person = add_person(new, by=by)
    send_link(person, by=by)
    return person.id


def invite_again(person_id: UUID, *, by: Actor) -> None:
    """Mail a new link to somebody who did not use the first in time."""
    send_link(person_to_change(by, person_id), by=by)


def ensure_not_mistyped(new: NewPerson, *, by: Actor) -> None:
    """Ask about an address whose domain is a slip away from one that the organisation uses. Never changed silently."""
    address = normalise_email(new.email)
    meant = domain_suggestion(address, known_domains(get_organisation(new.organisation_code, by=by)))
    if meant:
        raise EmailDoubted(f"{address.display.rpartition('@')[0]}@{meant}")
