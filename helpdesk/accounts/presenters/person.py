"""One person in words: what they are, and what the reader may do about it."""

from dataclasses import dataclass

from flask import url_for

from helpdesk.accounts.permissions import Permission, manageable_roles, may_manage
from helpdesk.accounts.presenters.contacts import contact_facts
from helpdesk.accounts.presenters.people import STATUS_COLOURS
from helpdesk.accounts.rules import MAY_SET_UP
from helpdesk.accounts.types.contacts import Contacts, PendingChange
from helpdesk.accounts.types.directory import ROLE_NAMES, STATUS_NAMES, HeldRole, PersonEntry, PersonStatus
from helpdesk.core.actor import Actor
from helpdesk.web.filters import day, moment

# The page lies in a slice above, known here by its name.
START_RESET = "resets.starting.ask"

OWN_ACCOUNT = "This is your own account. Another administrator changes its roles and state."
CONTACT_PAGES = {
    "address": "people.address.ask",
    "phone": "people.contacts.ask_phone",
    "second_address": "people.contacts.ask_second_address",
}
READ_ONLY = "Somebody with a higher role manages this account."


@dataclass(frozen=True)
class RoleRow:
    """A role, and where to end it when the reader may."""

    id: str
    role: str
    place: str
    since: str
    end_url: str


@dataclass(frozen=True)
class Act:
    """Something that the reader may do with the whole account."""

    text: str
    url: str


@dataclass(frozen=True)
class PersonPage:
    """One person as one reader sees them."""

    name: str
    facts: list[tuple[str, str]]
    # How the log-in stands; nothing of somebody who left.
    log_in: list[tuple[str, str]]
    status: str
    colour: str
    roles: list[RoleRow]
    add_role_url: str
    acts: list[Act]
    invite_again_url: str
    # Who cannot do anything here is told why.
    note: str
    pending: str
    withdraw_url: str
    trail_url: str


def person_page(
    actor: Actor,
    person: PersonEntry,
    contacts: Contacts,
    log_in: list[tuple[str, str]],
    *,
    pending: PendingChange | None,
    may_change: bool,
) -> PersonPage:
    """The page about one person; `may_change` says whether the whole account is the reader's to manage."""
    is_own = person.id == actor.person_id
    has_left = person.status == PersonStatus.LEFT
    may_give = bool(manageable_roles(actor)) and not is_own and not has_left
    return PersonPage(
        name=person.name,
        facts=_facts(person, contacts),
        log_in=log_in,
        status=STATUS_NAMES[person.status],
        colour=STATUS_COLOURS[person.status],
        roles=[_role_row(actor, person, held) for held in person.roles],
        add_role_url=url_for("people.roles.new_role", person_id=person.id) if may_give else "",
        acts=_reset(actor, person)
        + ([_act(person, act, text) for act, text in _acts(person.status)] if may_change else []),
        invite_again_url=_invite_again_url(person) if may_change else "",
        note=_note(actor, is_own=is_own, may_change=may_change),
        pending=pending_words(pending),
        withdraw_url=url_for("people.address.withdraw", person_id=person.id) if pending and may_change else "",
        trail_url=url_for("people.person.trail", person_id=person.id),
    )


def pending_words(pending: PendingChange | None) -> str:
    """What waits to be confirmed, and for how long; '' when nothing does."""
    if pending is None:
        return ""
    return f"Waiting for {pending.email} to be confirmed, until {moment(pending.expires_at)}."


def _facts(person: PersonEntry, contacts: Contacts) -> list[tuple[str, str]]:
    facts = [
        ("Email address", person.email or "Erased"),
        *contact_facts(contacts),
        ("Account since", day(person.created_at)),
    ]
    return [*facts, ("Left", day(person.left_at))] if person.left_at else facts


def _role_row(actor: Actor, person: PersonEntry, held: HeldRole) -> RoleRow:
    is_current = person.status != PersonStatus.LEFT and person.id != actor.person_id
    may_end = is_current and may_manage(actor, held.role, held.path)
    return RoleRow(
        id=str(held.id),
        role=ROLE_NAMES[held.role],
        place=f"{held.organisation} ({held.code})" if held.code else held.organisation,
        since=day(held.since),
        end_url=url_for("people.roles.ask_end", person_id=person.id, membership_id=held.id) if may_end else "",
    )


def _reset(actor: Actor, person: PersonEntry) -> list[Act]:
    """Also of somebody whose account is only partly the reader's: asking is open, and others approve."""
    can_be = person.is_set_up and person.status == PersonStatus.ACTIVE and person.id != actor.person_id
    if not can_be or not actor.may(Permission.RESET_REQUEST):
        return []
    return [Act("Reset how they log in", url_for(START_RESET, person=person.id))]


def _acts(status: PersonStatus) -> list[tuple[str, str]]:
    """What can be done with an account in this state."""
    if status == PersonStatus.LEFT:
        return [("erase", "Erase this account")]
    if status == PersonStatus.FROZEN:
        return [("unfreeze", "Unfreeze the account"), ("leave", "Mark as left")]
    text = "Correct the email address" if status == PersonStatus.INVITED else "Change the email address"
    contacts = [("address", text), ("phone", "Change the phone number")]
    if status == PersonStatus.ACTIVE:
        contacts.append(("second_address", "Change the second email address"))
    return [*contacts, ("freeze", "Freeze the account"), ("leave", "Mark as left")]


def _act(person: PersonEntry, act: str, text: str) -> Act:
    if act in CONTACT_PAGES:
        return Act(text, url_for(CONTACT_PAGES[act], person_id=person.id))
    return Act(text, url_for("people.states.ask", person_id=person.id, act=act))


def _invite_again_url(person: PersonEntry) -> str:
    needs_link = not person.is_set_up and person.status in MAY_SET_UP
    return url_for("people.listing.invite_again", person_id=person.id) if needs_link else ""


def _note(actor: Actor, *, is_own: bool, may_change: bool) -> str:
    if is_own:
        return OWN_ACCOUNT
    return "" if may_change or not actor.may(Permission.PEOPLE_EDIT) else READ_ONLY
