"""The link of the notices: opening it shows a question, pressing its button stops the reset."""

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.mfa.errors import DisputeRefused
from helpdesk.mfa.forms import LinkForm
from helpdesk.mfa.service.resets.disputing import dispute
from helpdesk.web.access import public
from helpdesk.web.errors import error_page
from helpdesk.web.security import client_network

blueprint = Blueprint("disputes", __name__)


@blueprint.get("/dispute/<selector>")
@public
def ask(selector: str) -> ResponseReturnValue:
    """The same page for a link that nobody made. Looking changes nothing: mail scanners look, too."""
    return _unseen(render_template("mfa/dispute.html", form=LinkForm(), selector=selector))


@blueprint.post("/dispute/<selector>")
@public
def stop(selector: str) -> ResponseReturnValue:
    """Commits for itself: a refused try is counted."""
    form = LinkForm(request.form)
    if not form.validate():
        return _unseen(render_template("mfa/dispute.html", form=form, selector=selector), 422)
    try:
        dispute(selector, (form.last_part.data or "").strip().rpartition("#")[2], network=client_network())
    except DisputeRefused as refusal:
        return _unseen(error_page(410, refusal.message, heading="There is nothing to stop"))
    return _unseen(render_template("mfa/disputed.html"))


def _unseen(answer: str | Response, status: int | None = None) -> Response:
    """Nothing of the page's address goes along when its reader follows a link."""
    response = make_response(answer)
    response.status_code = status or response.status_code
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
