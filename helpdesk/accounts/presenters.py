"""People in words, for the pages that list and invite them."""

from dataclasses import dataclass

from flask import url_for

from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.types import ROLE_NAMES, STATUS_NAMES, PeoplePage, PersonEntry, PersonStatus
from helpdesk.core.actor import Actor

STATUS_COLOURS = {
    PersonStatus.INVITED: "yellow",
    PersonStatus.ACTIVE: "green",
    PersonStatus.FROZEN: "grey",
    PersonStatus.LEFT: "grey",
}

MAY_SET_UP = frozenset({PersonStatus.INVITED, PersonStatus.ACTIVE})


@dataclass(frozen=True)
class PersonRow:
    """One line of the list of people."""

    name: str
    email: str
    roles: list[str]
    status: str
    colour: str
    # Where to ask for a new set-up link, when one may be needed and the reader may ask.
    invite_again_url: str


@dataclass(frozen=True)
class PeopleList:
    """The list of people as one reader sees it."""

    rows: list[PersonRow]
    search: str
    may_add: bool
    first_url: str
    next_url: str
    empty_title: str
    empty_text: str


def people_list(actor: Actor, page: PeoplePage, *, search: str, is_first: bool) -> PeopleList:
    """A page of people, and where to go from there."""
    may_add = actor.may(Permission.PEOPLE_EDIT)
    return PeopleList(
        rows=[_row(person, may_add) for person in page.people],
        search=search,
        may_add=may_add,
        first_url="" if is_first else url_for("accounts.people", search=search or None),
        next_url=url_for("accounts.people", search=search or None, after=page.after) if page.after else "",
        empty_title=f"Nobody is found for “{search}”" if search else "There is nobody here yet",
        empty_text=_what_to_do(search, may_add),
    )


def _what_to_do(search: str, may_add: bool) -> str:
    if search:
        return "Check the spelling, or search for a part of the name or email address."
    if may_add:
        return "Add the first person. They get a link by email to set up their account."
    return "Ask the helpdesk to add people of your organisation."


def _row(person: PersonEntry, may_add: bool) -> PersonRow:
    may_need_link = may_add and not person.is_set_up and person.status in MAY_SET_UP
    return PersonRow(
        name=person.name,
        email=person.email,
        roles=role_words(person),
        status=STATUS_NAMES[person.status],
        colour=STATUS_COLOURS[person.status],
        invite_again_url=url_for("accounts.invite_again", person_id=person.id) if may_need_link else "",
    )


def role_words(person: PersonEntry) -> list[str]:
    """What the person is, and where."""
    return [f"{ROLE_NAMES[held.role]} at {held.organisation}" for held in person.roles]
