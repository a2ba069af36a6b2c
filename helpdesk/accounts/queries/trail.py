"""What was done to a person's account, as far as the reader may know."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from helpdesk.accounts.models import Organisation
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries.organisations import seen_organisations, within_reach
from helpdesk.accounts.queries.people import get_person, seen_names
from helpdesk.audit import queries as audit
from helpdesk.audit.types import AuditEntry
from helpdesk.core.actor import Actor

EVENTS_ON_A_PAGE = 50


@dataclass(frozen=True)
class Trail:
    """A page of the trail, newest first, with the names that the reader may see."""

    person_name: str
    entries: tuple[AuditEntry, ...]
    people: dict[UUID, str]
    organisations: dict[UUID, str]
    before: int | None


def trail_of(actor: Actor, person_id: UUID, before: int | None = None) -> Trail:
    """What was done to this account, apart from what concerns organisations that are not the reader's."""
    person = get_person(actor, person_id)
    own_places = select(Organisation.id).where(within_reach(actor, Permission.PEOPLE_SEE))
    found = audit.trail(f"person:{person_id}", places=own_places, before=before, limit=EVENTS_ON_A_PAGE + 1)
    shown = tuple(found[:EVENTS_ON_A_PAGE])
    return Trail(
        person_name=person.name,
        entries=shown,
        people=seen_names(actor, {entry.actor_id for entry in shown if entry.actor_id}),
        organisations=seen_organisations(actor, {entry.organisation_id for entry in shown if entry.organisation_id}),
        before=shown[-1].sequence if len(found) > EVENTS_ON_A_PAGE else None,
    )
