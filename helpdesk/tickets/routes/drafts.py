"""Where a ticket's page keeps what an agent has begun to write."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from helpdesk.accounts.permissions import Permission
from helpdesk.tickets.forms.agent import DraftForm
from helpdesk.tickets.queries.tickets import ticket_to_change
from helpdesk.tickets.service.drafts import keep_draft
from helpdesk.web.access import current_actor, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("drafts", __name__, url_prefix="/agent")


@blueprint.post("/tickets/<reference>/draft")
@requires(Permission.TICKET_REPLY)
@commits
def keep(reference: str) -> ResponseReturnValue:
    form, actor = DraftForm(request.form), current_actor()
    if not form.validate():
        return "", 422
    ticket = ticket_to_change(actor, reference)
    keep_draft(ticket, by=actor, kind=form.kind.data, text=form.text.data or "", seen=form.seen.data or 0)
    return "", 204
