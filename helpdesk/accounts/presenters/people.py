"""People in words, for the pages that list and invite them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.presenters.protection import Standing, standing
from helpdesk.accounts.types.directory import (
    ROLE_NAMES,
    STATUS_NAMES,
    PeopleFilter,
    PeoplePage,
    PersonEntry,
    PersonStatus,
)
from helpdesk.accounts.types.log_ins import AccountProtection
from helpdesk.core.actor import Actor

STATUS_COLOURS = {
    PersonStatus.INVITED: "yellow",
    PersonStatus.ACTIVE: "green",
    PersonStatus.FROZEN: "red",
    PersonStatus.LEFT: "grey",
}


@dataclass(frozen=True)
class PersonRow:
    """One line of the list of people."""

    name: str
    url: str
    email: str
    roles: list[str]
    status: str
    colour: str
    log_in: Standing


@dataclass(frozen=True)
class PeopleList:
    """The list of people as one reader sees it."""

    rows: list[PersonRow]
    is_filtered: bool
    # More than one organisation to choose among.
    asks_where: bool
    may_add: bool
    first_url: str
    next_url: str
    empty_title: str
    empty_text: str


def people_list(
    actor: Actor,
    page: PeoplePage,
    protections: Mapping[UUID, AccountProtection],
    *,
    wanted: PeopleFilter,
    is_first: bool,
    asks_where: bool,
) -> PeopleList:
    """A page of people, and where to go from there."""
    may_add, is_filtered = actor.may(Permission.PEOPLE_EDIT), wanted != PeopleFilter()
    return PeopleList(
        rows=[_row(person, protections.get(person.id)) for person in page.people],
        is_filtered=is_filtered,
        asks_where=asks_where,
        may_add=may_add,
        first_url="" if is_first else _url(wanted),
        next_url=_url(wanted, after=page.after) if page.after else "",
        empty_title=_nobody(wanted),
        empty_text=_what_to_do(is_filtered=is_filtered, may_add=may_add),
    )


def role_words(person: PersonEntry) -> list[str]:
    """What the person is, and where."""
    return [f"{ROLE_NAMES[held.role]} at {held.organisation}" for held in person.roles]


def _url(wanted: PeopleFilter, after: UUID | None = None) -> str:
    return url_for(
        "people.listing.show",
        search=wanted.search or None,
        status=wanted.status,
        role=wanted.role,
        organisation=wanted.organisation_code or None,
        log_in="not_set_up" if wanted.is_not_set_up else None,
        after=after,
    )


def _nobody(wanted: PeopleFilter) -> str:
    if wanted.search:
        return f"Nobody is found for “{wanted.search}”"
    return "Nobody fits" if wanted != PeopleFilter() else "There is nobody here yet"


def _what_to_do(*, is_filtered: bool, may_add: bool) -> str:
    if is_filtered:
        return "Check the spelling, or search for a part of the name or email address."
    if may_add:
        return "Add the first person. They get a link by email to set up their account."
    return "Ask the helpdesk to add people of your organisation."


def _row(person: PersonEntry, protection: AccountProtection | None) -> PersonRow:
    return PersonRow(
        name=person.name,
        url=url_for("people.person.show", person_id=person.id),
        email=person.email,
        roles=role_words(person) or ["No role now"],
        status=STATUS_NAMES[person.status],
        colour=STATUS_COLOURS[person.status],
        log_in=Standing("–") if person.has_left else standing(protection),
    )
