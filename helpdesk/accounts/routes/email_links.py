"""The links in the mails about a change of address: opening one shows, pressing its button acts."""

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts.errors import EmailTaken, LinkNotUsable
from helpdesk.accounts.service import email_changes
from helpdesk.accounts.service.change_links import Purpose
from helpdesk.web.access import public
from helpdesk.web.errors import error_page
from helpdesk.web.transaction import commits

blueprint = Blueprint("email_links", __name__, url_prefix="/email-change")


@blueprint.get("/confirm/<link>")
@public
def ask_confirm(link: str) -> ResponseReturnValue:
    return _question(link, Purpose.CONFIRM)


@blueprint.post("/confirm/<link>")
@public
@commits
def confirm(link: str) -> ResponseReturnValue:
    try:
        email_changes.confirm(link)
    except (LinkNotUsable, EmailTaken) as refusal:
        return _dead_link(refusal.message)
    return _page("accounts/email_confirmed.html")


@blueprint.get("/undo/<link>")
@public
def ask_undo(link: str) -> ResponseReturnValue:
    return _question(link, Purpose.UNDO)


@blueprint.post("/undo/<link>")
@public
@commits
def undo(link: str) -> ResponseReturnValue:
    try:
        email_changes.undo(link)
    except (LinkNotUsable, EmailTaken) as refusal:
        return _dead_link(refusal.message)
    return _page("accounts/email_undone.html")


def _question(link: str, purpose: Purpose) -> ResponseReturnValue:
    try:
        change = email_changes.offered_change(link, purpose)
    except LinkNotUsable as refusal:
        return _dead_link(refusal.message)
    return _page(f"accounts/email_{purpose}.html", change=change)


def _page(template: str, **values: object) -> Response:
    return _without_referrer(make_response(render_template(template, **values)))


def _dead_link(message: str) -> Response:
    return _without_referrer(error_page(410, message, heading="This link can no longer be used"))


def _without_referrer(response: Response) -> Response:
    """The address of the page is a secret: no link on it may carry it away."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
