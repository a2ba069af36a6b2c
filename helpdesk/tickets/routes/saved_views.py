"""Lists with a name beside the queue: making one of the list that is shown, putting them in order, removing one."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts.permissions import Permission
from helpdesk.core import clock
from helpdesk.core.errors import NotFound, RuleRefused
from helpdesk.tickets.forms.saved_views import SavedViewForm
from helpdesk.tickets.presenters.saved_views import saved_view_rows
from helpdesk.tickets.queries.saved_views import list_saved_views, saved_view_to_change
from helpdesk.tickets.routes.list_address import is_list
from helpdesk.tickets.routes.rail import rail_for
from helpdesk.tickets.service.saved_views import move_view_up, remove_view, save_view
from helpdesk.web.access import current_actor, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("saved_views", __name__, url_prefix="/agent/views")


@blueprint.get("")
@requires(Permission.TICKET_SEE)
def show() -> ResponseReturnValue:
    return _page(None)


@blueprint.post("")
@requires(Permission.TICKET_SEE)
@commits
def save() -> ResponseReturnValue:
    form, actor = SavedViewForm(request.form), current_actor()
    address = form.address.data or ""
    if not is_list(address):
        raise NotFound
    if not form.validate():
        return _page(form), 422
    try:
        save_view(form.name.data or "", address, is_shared=form.is_shared.data, by=actor)
    except RuleRefused as error:
        form.name.errors = (error.message,)
        return _page(form), 409
    return redirect(address, 303)


@blueprint.post("/<uuid:view_id>/remove")
@requires(Permission.TICKET_SEE)
@commits
def remove(view_id: UUID) -> Response:
    remove_view(saved_view_to_change(current_actor(), view_id), by=current_actor())
    return redirect(url_for("tickets.saved_views.show"), 303)


@blueprint.post("/<uuid:view_id>/move-up")
@requires(Permission.TICKET_SEE)
@commits
def move_up(view_id: UUID) -> Response:
    move_view_up(saved_view_to_change(current_actor(), view_id), by=current_actor())
    return redirect(url_for("tickets.saved_views.show"), 303)


def _page(refused: SavedViewForm | None) -> str:
    actor = current_actor()
    return render_template(
        "tickets/saved_views.html",
        rail=rail_for(actor, clock.now()),
        groups=saved_view_rows(list_saved_views(actor), actor),
        form=refused,
        has_errors=refused is not None,
    )
