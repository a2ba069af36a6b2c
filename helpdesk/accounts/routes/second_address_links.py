"""The link that confirms a second address: opening it shows, pressing its button acts."""

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts.errors import LinkNotUsable
from helpdesk.accounts.service import second_address
from helpdesk.web.access import public
from helpdesk.web.errors import error_page
from helpdesk.web.transaction import commits

blueprint = Blueprint("second_address_links", __name__, url_prefix="/second-email")


@blueprint.get("/confirm/<link>")
@public
def ask(link: str) -> ResponseReturnValue:
    try:
        offered = second_address.offered_address(link)
    except LinkNotUsable as refusal:
        return _dead_link(refusal.message)
    return _without_referrer(make_response(render_template("accounts/second_email_confirm.html", offered=offered)))


@blueprint.post("/confirm/<link>")
@public
@commits
def confirm(link: str) -> ResponseReturnValue:
    try:
        second_address.confirm(link)
    except LinkNotUsable as refusal:
        return _dead_link(refusal.message)
    return _without_referrer(make_response(render_template("accounts/second_email_confirmed.html")))


def _dead_link(message: str) -> Response:
    return _without_referrer(error_page(410, message, heading="This link can no longer be used"))


def _without_referrer(response: Response) -> Response:
    """The address of the page is a secret: no link on it may carry it away."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
