"""The phone queue."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts.permissions import Permission
from helpdesk.core import clock
from helpdesk.tickets.forms.agent import OutcomeForm
from helpdesk.tickets.presenters.call_backs import call_back_row
from helpdesk.tickets.queries.escalations import call_back_to_change, call_backs_page
from helpdesk.tickets.routes.rail import rail_for
from helpdesk.tickets.service.call_backs import claim_call_back, put_call_back_back, record_outcome
from helpdesk.tickets.types import CallBackOutcome
from helpdesk.web.access import current_actor, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("call_backs", __name__, url_prefix="/agent/call-backs")


@blueprint.get("")
@requires(Permission.CALL_BACK_WORK)
def show() -> ResponseReturnValue:
    return _page(OutcomeForm())


@blueprint.post("/<uuid:call_back_id>/claim")
@requires(Permission.CALL_BACK_WORK)
@commits
def claim(call_back_id: UUID) -> Response:
    actor = current_actor()
    claim_call_back(call_back_to_change(actor, call_back_id), by=actor)
    return redirect(url_for("tickets.call_backs.show", _anchor=f"call-{call_back_id}"), 303)


@blueprint.post("/<uuid:call_back_id>/put-back")
@requires(Permission.CALL_BACK_WORK)
@commits
def put_back(call_back_id: UUID) -> Response:
    actor = current_actor()
    put_call_back_back(call_back_to_change(actor, call_back_id), by=actor)
    return redirect(url_for("tickets.call_backs.show"), 303)


@blueprint.post("/<uuid:call_back_id>/outcome")
@requires(Permission.CALL_BACK_WORK)
@commits
def outcome(call_back_id: UUID) -> ResponseReturnValue:
    form = OutcomeForm(request.form)
    if not form.validate():
        return _page(form), 422
    actor = current_actor()
    call_back = call_back_to_change(actor, call_back_id)
    record_outcome(call_back, by=actor, outcome=CallBackOutcome(form.outcome.data), note=form.note.data or "")
    return redirect(url_for("tickets.call_backs.show"), 303)


def _page(form: OutcomeForm) -> str:
    actor, now = current_actor(), clock.now()
    return render_template(
        "tickets/call_backs.html",
        rows=[call_back_row(call_back, actor, now) for call_back in call_backs_page(actor)],
        rail=rail_for(actor, now),
        form=form,
    )
