"""The list of resets."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.accounts.permissions import Permission
from helpdesk.core.errors import NotFound
from helpdesk.mfa.presenters.bulk_resets import bulk_rows
from helpdesk.mfa.presenters.resets import reset_list
from helpdesk.mfa.queries.bulk_resets import bulk_resets_waiting
from helpdesk.mfa.queries.reset_lists import resets_page
from helpdesk.mfa.types.resets import ResetView
from helpdesk.web.access import current_actor, requires

blueprint = Blueprint("listing", __name__)


@blueprint.get("")
@requires(Permission.RESET_CHECK)
def show() -> ResponseReturnValue:
    try:
        view = ResetView(request.args.get("view") or ResetView.WAITING)
        after = UUID(request.args["after"]) if request.args.get("after") else None
    except ValueError:
        raise NotFound from None
    page = resets_page(current_actor(), view, after)
    listed = reset_list(page, view, is_first=after is None)
    may_reset_many = current_actor().may(Permission.RESET_BULK)
    lists = bulk_rows(bulk_resets_waiting(current_actor())) if view is ResetView.WAITING else []
    return render_template("mfa/resets/list.html", resets=listed, lists=lists, may_reset_many=may_reset_many)
