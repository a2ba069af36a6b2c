"""One person: the page, and the trail of what was done to the account."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.presenters.person import person_page
from helpdesk.accounts.presenters.protection import protection_facts
from helpdesk.accounts.presenters.trail import trail_page
from helpdesk.accounts.queries.email_changes import find_pending
from helpdesk.accounts.queries.people import get_person, last_log_in
from helpdesk.accounts.queries.protection import protections_of
from helpdesk.accounts.queries.trail import trail_of
from helpdesk.accounts.service.authority import may_change
from helpdesk.accounts.service.contacts import contacts_of
from helpdesk.core.errors import NotFound
from helpdesk.web.access import current_actor, requires

blueprint = Blueprint("person", __name__)

LONGEST_NUMBER = 18


@blueprint.get("/<uuid:person_id>")
@requires(Permission.PEOPLE_SEE)
def show(person_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    person = get_person(actor, person_id)
    page = person_page(
        actor,
        person,
        contacts_of(actor, person_id),
        [] if person.has_left else protection_facts(protections_of([person_id]).get(person_id), last_log_in(person_id)),
        pending=find_pending(person_id),
        may_change=may_change(person_id, by=actor),
    )
    return render_template("accounts/person.html", person=page)


@blueprint.get("/<uuid:person_id>/audit")
@requires(Permission.PEOPLE_SEE)
def trail(person_id: UUID) -> ResponseReturnValue:
    before = _row_number(request.args.get("before", ""))
    page = trail_page(trail_of(current_actor(), person_id, before), str(person_id), is_first=before is None)
    return render_template("accounts/trail.html", trail=page, person_id=person_id)


def _row_number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise NotFound
    return int(text)
