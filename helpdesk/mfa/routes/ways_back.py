"""Ways back in: a forgotten password, and the mailed links that ask for more than that somebody reads the mail."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts.errors import (
    EmailRefused,
    MailedLinkNotUsable,
    PasswordProofEnded,
    PasswordRefused,
    PasswordWrong,
)
from helpdesk.accounts.routes.signing_in import KNOWN_PLACE, PASSWORD_PROOF
from helpdesk.accounts.service.forgotten_passwords import ask_for_link
from helpdesk.mfa.errors import CodeRefused, NoFactor, RecoveryCodeRefused
from helpdesk.mfa.forms import ForgottenPasswordForm, NewPasswordForm, ReleaseForm
from helpdesk.mfa.service import new_passwords, releasing
from helpdesk.web.access import public
from helpdesk.web.errors import error_page
from helpdesk.web.security import client_network, read_cookie
from helpdesk.web.transaction import commits

blueprint = Blueprint("ways_back", __name__)


@blueprint.get("/forgotten-password")
@public
def ask_whose() -> ResponseReturnValue:
    return render_template("mfa/forgotten_password.html", form=ForgottenPasswordForm())


@blueprint.post("/forgotten-password")
@public
@commits
def forget_password() -> ResponseReturnValue:
    """The same answer for every address."""
    form = ForgottenPasswordForm(request.form)
    if not form.validate():
        return render_template("mfa/forgotten_password.html", form=form), 422
    try:
        ask_for_link(form.email.data or "", network=client_network())
    except EmailRefused as refusal:
        form.email.errors = [refusal.message]
        return render_template("mfa/forgotten_password.html", form=form), 422
    return redirect(url_for("mfa.ways_back.sent"), 303)


@blueprint.get("/forgotten-password/sent")
@public
def sent() -> ResponseReturnValue:
    return render_template("mfa/forgotten_password_sent.html")


@blueprint.get("/new-password/<selector>")
@public
def open_password_link(selector: str) -> ResponseReturnValue:
    """The same page for a link that nobody made. Looking uses nothing up: mail scanners look, too."""
    return _unseen(render_template("mfa/new_password.html", form=NewPasswordForm(), selector=selector))


@blueprint.post("/new-password/<selector>")
@public
def choose_password(selector: str) -> ResponseReturnValue:
    """Commits for itself: each try is counted although it is refused."""
    form = NewPasswordForm(request.form)
    if not form.validate():
        return _unseen(render_template("mfa/new_password.html", form=form, selector=selector), 422)
    try:
        new_passwords.choose(
            selector,
            form.verifier,
            password=form.password.data or "",
            typed=form.code.data or "",
            network=client_network(),
            place=read_cookie(KNOWN_PLACE),
        )
    except MailedLinkNotUsable as refusal:
        return _dead_link(refusal)
    except PasswordRefused as refusal:
        form.password.errors = [refusal.message]
    except (CodeRefused, RecoveryCodeRefused, NoFactor) as refusal:
        form.code.errors = [refusal.message]
    else:
        return _unseen(redirect(url_for("mfa.ways_back.password_chosen"), 303))
    return _unseen(render_template("mfa/new_password.html", form=form, selector=selector), 422)


@blueprint.get("/new-password/done")
@public
def password_chosen() -> ResponseReturnValue:
    return render_template("mfa/new_password_chosen.html")


@blueprint.post("/sign-in/release")
@public
@commits
def send_release_link() -> ResponseReturnValue:
    try:
        releasing.send_release_link(read_cookie(PASSWORD_PROOF))
    except PasswordProofEnded:
        return redirect(url_for("accounts.sign_in") + "?ended", 303)
    return redirect(url_for("mfa.ways_back.release_link_sent"), 303)


@blueprint.get("/sign-in/release")
@public
def release_link_sent() -> ResponseReturnValue:
    return render_template("mfa/release_sent.html")


@blueprint.get("/release/<selector>")
@public
def open_release_link(selector: str) -> ResponseReturnValue:
    """The same page for a link that nobody made. Looking uses nothing up."""
    return _unseen(render_template("mfa/release.html", form=ReleaseForm(), selector=selector))


@blueprint.post("/release/<selector>")
@public
def release(selector: str) -> ResponseReturnValue:
    """Commits for itself: each try is counted although it is refused."""
    form = ReleaseForm(request.form)
    if not form.validate():
        return _unseen(render_template("mfa/release.html", form=form, selector=selector), 422)
    try:
        releasing.release(selector, form.verifier, password=form.password.data or "")
    except MailedLinkNotUsable as refusal:
        return _dead_link(refusal)
    except PasswordWrong as refusal:
        form.password.errors = [refusal.message]
        return _unseen(render_template("mfa/release.html", form=form, selector=selector), 422)
    return _unseen(redirect(url_for("mfa.ways_back.released"), 303))


@blueprint.get("/release/done")
@public
def released() -> ResponseReturnValue:
    return render_template("mfa/released.html")


def _dead_link(refusal: MailedLinkNotUsable) -> Response:
    return _unseen(error_page(410, refusal.message, heading="This link can no longer be used"))


def _unseen(answer: str | Response, status: int | None = None) -> Response:
    """Nothing of the page's address goes along when its reader follows a link."""
    response = make_response(answer)
    response.status_code = status or response.status_code
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
