"""Changing the requests that were ticked on the queue, and undoing that."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts.permissions import Permission
from helpdesk.core.errors import NotFound, RuleRefused
from helpdesk.faq.service.library import current_library
from helpdesk.tickets.forms.bulk import BulkForm
from helpdesk.tickets.queries.tickets import list_agents
from helpdesk.tickets.routes.list_address import is_list
from helpdesk.tickets.service import bulk
from helpdesk.tickets.types import BulkKind, Pick
from helpdesk.web.access import current_actor, requires

blueprint = Blueprint("bulk", __name__, url_prefix="/agent/queue/bulk")


@blueprint.post("")
@requires(Permission.TICKET_ASSIGN)
def change() -> ResponseReturnValue:
    form, picks = bulk_form(), _picks()
    if not picks:
        return _refused(form, "Tick at least one request, then choose what to do."), 422
    if not form.validate():
        return _refused(form, "Choose from the lists, and keep the note under 1,000 characters."), 422
    return _back(form, _do(form, picks))


@blueprint.post("/<uuid:act_id>/undo")
@requires(Permission.TICKET_ASSIGN)
def undo(act_id: UUID) -> ResponseReturnValue:
    form = bulk_form()
    try:
        bulk.undo(act_id, by=current_actor())
    except RuleRefused as error:
        return _refused(form, error.message), 409
    return _back(form, act_id)


def bulk_form(address: str = "") -> BulkForm:
    """What can be done to requests of the list at this address, or what was sent."""
    form = BulkForm(request.form, data={"address": address, "assignee": str(current_actor().person_id)})
    form.offer(list_agents(), [(topic.id, topic.title) for topic in current_library().topics])
    return form


def _do(form: BulkForm, picks: Sequence[Pick]) -> UUID:
    actor = current_actor()
    match form.kind.data:
        case BulkKind.ASSIGN:
            return bulk.assign_all(picks, by=actor, to=UUID(form.assignee.data) if form.assignee.data else None)
        case BulkKind.PRIORITY:
            return bulk.set_priority_of_all(picks, by=actor, priority=form.priority.data)
        case BulkKind.TOPIC:
            return bulk.set_topic_of_all(picks, by=actor, topic=form.topic.data or "")
    return bulk.resolve_all(picks, by=actor, note=form.note.data or "")


def _picks() -> list[Pick]:
    """References with the last event seen on each; what cannot be read was not on our page."""
    read = (value.rpartition(".") for value in dict.fromkeys(request.form.getlist("pick")))
    return [Pick(reference[:20], int(seen)) for reference, _, seen in read if seen.isdecimal() and len(seen) < 10]


def _refused(form: BulkForm, why: str) -> str:
    return render_template("tickets/bulk_refused.html", why=why, address=_list_of(form))


def _back(form: BulkForm, act_id: UUID) -> Response:
    address = _list_of(form)
    return redirect(f"{address}{'&' if '?' in address else '?'}act={act_id}", 303)


def _list_of(form: BulkForm) -> str:
    address = form.address.data or ""
    if not is_list(address):
        raise NotFound
    return address
