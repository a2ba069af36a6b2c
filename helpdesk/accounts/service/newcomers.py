"""Who may get an account: the same checks for a form, a file and the command line."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import or_, select

from helpdesk.accounts.email_rules import (
    domain_suggestion,
    is_surely_shared,
    look_of,
    normalise_email,
    shared_mailbox_reason,
)
from helpdesk.accounts.errors import (
    ChangeRefused,
    EmailDoubted,
    EmailLooksAlike,
    EmailTaken,
    MailboxTaken,
    NameRefused,
    Namesake,
    RoleDoesNotFit,
    SharedMailbox,
)
from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.permissions import may_be_held_at
from helpdesk.accounts.queries.email_changes import find_reservation
from helpdesk.accounts.queries.people import addresses_at, names_seen_by
from helpdesk.accounts.service.authority import ensure_may_give
from helpdesk.accounts.service.contacts import read_number
from helpdesk.accounts.service.directory import get_organisation
from helpdesk.accounts.types.directory import EmailAddress, EmailWish, NewPerson, OrganisationKind
from helpdesk.core.actor import Actor
from helpdesk.core.plain_text import clean_line
from helpdesk.db import db

LONGEST_NAME = 120
LONGEST_REASON = 200


@dataclass(frozen=True)
class Newcomer:
    """Somebody who passed every check."""

    name: str
    address: EmailAddress
    organisation: Organisation
    # Why an address that looks like a team's is this person's own; '' for all others.
    personal_because: str
    # '' when none is known.
    phone: str


@dataclass(frozen=True)
class NewAddress:
    """Another address for somebody, which passed every check."""

    address: EmailAddress
    personal_because: str


@dataclass
class Neighbours:
    """The people among whom newcomers are looked at; read once, however many come."""

    by: Actor
    _names: dict[str, str] | None = None
    _organisations: dict[str, Organisation] = field(default_factory=dict)
    _addresses: dict[UUID, dict[str, EmailAddress]] = field(default_factory=dict)

    def organisation(self, code: str) -> Organisation:
        """The organisation with that code, if it is one of the actor's own."""
        if code not in self._organisations:
            self._organisations[code] = get_organisation(code, by=self.by)
        return self._organisations[code]

    def namesake(self, name: str) -> str | None:
        """The address of somebody of that name whom the actor can see."""
        if self._names is None:
            self._names = {_folded(known): email for known, email in names_seen_by(self.by)}
        return self._names.get(_folded(name))

    def addresses(self, organisation: Organisation) -> dict[str, EmailAddress]:
        """The addresses of an organisation's people, by what they look like."""
        if organisation.id not in self._addresses:
            known = map(normalise_email, addresses_at(organisation))
            self._addresses[organisation.id] = {look_of(address): address for address in known}
        return self._addresses[organisation.id]

    def welcome(self, newcomer: Newcomer) -> None:
        """Whoever comes next is compared with this one, too."""
        self.namesake(newcomer.name)
        if self._names is not None:
            self._names[_folded(newcomer.name)] = newcomer.address.display
        self.addresses(newcomer.organisation)[look_of(newcomer.address)] = newcomer.address


def check(new: NewPerson, *, by: Actor, among: Neighbours) -> Newcomer:
    """Everything that is asked of a newcomer; the refusal says what is wrong first."""
    address = normalise_email(new.email)
    name = clean_line(new.name)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise NameRefused
    personal_because = ensure_personal(address, new.personal_because)
    phone = read_number(new.phone)
    organisation = among.organisation(new.organisation_code)
    if not may_be_held_at(new.role, OrganisationKind(organisation.kind)):
        raise RoleDoesNotFit
    ensure_may_give(new.role, organisation, by=by)
    ensure_free(address)
    if not new.email_is_right:
        ensure_not_doubted(address, among.addresses(organisation))
    namesake = None if new.is_another_person else among.namesake(name)
    if namesake:
        raise Namesake(name, namesake)
    return Newcomer(name, address, organisation, personal_because, phone)


def check_wish(person: Person, wish: EmailWish, *, by: Actor) -> NewAddress:
    """The same for another address of somebody who is known."""
    address = normalise_email(wish.email)
    if address.key == person.email_key:
        raise ChangeRefused("That is the address already")
    personal_because = ensure_personal(address, wish.personal_because)
    ensure_free(address, except_for=person)
    if not wish.email_is_right:
        ensure_not_doubted(address, _addresses_around(person, by))
    return NewAddress(address, personal_because)


def ensure_personal(address: EmailAddress, personal_because: str) -> str:
    """The reason to keep why an address like a team's is one person's; without one it is refused."""
    looks = shared_mailbox_reason(address)
    if looks and (is_surely_shared(address) or not personal_because):
        raise SharedMailbox(looks, may_be_explained=not is_surely_shared(address))
    return personal_because[:LONGEST_REASON] if looks else ""


def ensure_free(address: EmailAddress, *, except_for: Person | None = None) -> None:
    """Refuse an address that somebody has, or may still get back. The database decides in the end who is first."""
    same = or_(Person.email_key == address.key, Person.email_collision == address.collision)
    keys = db.session.execute(select(Person.id, Person.email_key).where(same)).all()
    others = [key for person_id, key in keys if except_for is None or person_id != except_for.id]
    if address.key in others or find_reservation(address, except_for.id if except_for else None):
        raise EmailTaken
    if others:
        raise MailboxTaken


def ensure_not_doubted(address: EmailAddress, known: dict[str, EmailAddress]) -> None:
    """Ask about an address that is a slip away from a known one. Never changed silently."""
    meant = domain_suggestion(address, {one.domain for one in known.values()})
    if meant:
        raise EmailDoubted(f"{address.display.rpartition('@')[0]}@{meant}")
    like = known.get(look_of(address))
    if like and like.key != address.key:
        raise EmailLooksAlike(like.display)


def _addresses_around(person: Person, by: Actor) -> dict[str, EmailAddress]:
    """Addresses at the person's organisations, without their own."""
    neighbours, known = Neighbours(by), dict[str, EmailAddress]()
    for membership in person.memberships:
        if membership.ended_at is None:
            known |= neighbours.addresses(membership.organisation)
    return {look: one for look, one in known.items() if one.key != person.email_key}


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
