"""Setting up an account by the link in the mail: the link, a password, the authenticator, recovery codes."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts.errors import (
    LinkNotUsable,
    PasswordRefused,
    PasswordWrong,
    SignInRefused,
    SpokenCodeWrong,
)
from helpdesk.accounts.routes.signing_in import LINK, PASSWORD_PROOF, SESSION, keep_session, start_page
from helpdesk.accounts.service import setup_links
from helpdesk.accounts.types.log_ins import LinkHolder
from helpdesk.db import write_transaction
from helpdesk.mfa.errors import CodeRefused, SetUpEnded
from helpdesk.mfa.forms import ChoosePasswordForm, CodeForm, LinkForm, PasswordForm, SpokenPasswordForm
from helpdesk.mfa.presenters.account import set_up_page
from helpdesk.mfa.service.enrolling import Enrolled, confirm, get_set_up, start_set_up
from helpdesk.web.access import public
from helpdesk.web.errors import error_page
from helpdesk.web.security import delete_cookie, read_cookie, set_cookie
from helpdesk.web.transaction import commits

blueprint = Blueprint("enrolment", __name__)


@blueprint.get("/enrol/<selector>")
@public
def open_link(selector: str) -> ResponseReturnValue:
    """The same page for a link that nobody made. Looking uses nothing up: mail scanners look, too."""
    return _unseen(render_template("mfa/link.html", form=LinkForm(), selector=selector))


@blueprint.post("/enrol/<selector>")
@public
def use_link(selector: str) -> ResponseReturnValue:
    """Commits for itself: a wrong try is counted although it is refused."""
    form = LinkForm(request.form)
    if not form.validate():
        return _unseen(render_template("mfa/link.html", form=form, selector=selector), 422)
    verifier = (form.last_part.data or "").strip().rpartition("#")[2]
    try:
        setup_links.try_link(selector, verifier)
    except LinkNotUsable as refusal:
        return _dead_link(refusal)
    response = _unseen(redirect(url_for("mfa.enrolment.ask_for_password", selector=selector), 303))
    set_cookie(response, LINK, verifier)
    return response


@blueprint.get("/enrol/<selector>/password")
@public
def ask_for_password(selector: str) -> ResponseReturnValue:
    holder = setup_links.find_holder(selector, read_cookie(LINK))
    if holder is None:
        return redirect(url_for("mfa.enrolment.open_link", selector=selector), 303)
    return _password_page(holder, _form_for(holder)())


@blueprint.post("/enrol/<selector>/password")
@public
def give_password(selector: str) -> ResponseReturnValue:
    """Commits for itself: passwords are hashed and compared outside of any transaction."""
    try:
        holder = setup_links.try_link(selector, read_cookie(LINK))
        return _prove(selector, holder) if holder.has_password else _choose(selector, holder)
    except LinkNotUsable as refusal:
        return _dead_link(refusal)


@blueprint.get("/set-up")
@public
def show() -> ResponseReturnValue:
    try:
        return _set_up_page(CodeForm())
    except SetUpEnded as refusal:
        return _ended(refusal)


@blueprint.post("/set-up/start")
@public
@commits
def start() -> ResponseReturnValue:
    """After a recovery code, which opens the set-up as a link does."""
    try:
        start_set_up(read_cookie(PASSWORD_PROOF))
    except SetUpEnded as refusal:
        return _ended(refusal)
    return _unseen(redirect(url_for("mfa.enrolment.show"), 303))


@blueprint.post("/set-up")
@public
def finish() -> ResponseReturnValue:
    """Commits for itself. The recovery codes are in this very answer: they are kept nowhere to be shown from."""
    form = CodeForm(request.form)
    try:
        if not form.validate():
            return _set_up_page(form, 422)
        enrolled = confirm(
            read_cookie(PASSWORD_PROOF),
            form.code.data or "",
            browser=request.user_agent.string,
            old_secret=read_cookie(SESSION),
        )
    except CodeRefused as refusal:
        form.code.errors = [refusal.message]
        return _set_up_page_or_end(form)
    except (SetUpEnded, LinkNotUsable, SignInRefused) as refusal:
        return _ended(refusal)
    return _first_page(enrolled)


def _first_page(enrolled: Enrolled) -> Response:
    """The recovery codes, for somebody who was not logged in yet when this request began."""
    actor, response = enrolled.signed_in.actor, _unseen("")
    keep_session(response, enrolled.signed_in)
    for cookie in (PASSWORD_PROOF, LINK):
        delete_cookie(response, cookie)
    page = render_template(
        "mfa/recovery_codes.html",
        codes=enrolled.recovery_codes,
        next_url=start_page(actor),
        actor=actor,
        navigation=[],
    )
    response.set_data(page)
    return response


def _prove(selector: str, holder: LinkHolder) -> ResponseReturnValue:
    form = _form_for(holder)(request.form)
    if not form.validate():
        return _password_page(holder, form, 422)
    spoken = (form.spoken_code.data or "") if isinstance(form, SpokenPasswordForm) else ""
    try:
        proof = setup_links.prove_password(
            selector, read_cookie(LINK), password=form.password.data or "", spoken_code=spoken
        )
    except SpokenCodeWrong as refusal:
        form["spoken_code"].errors = [refusal.message]
        return _password_page(holder, form, 422)
    except PasswordWrong as refusal:
        form.password.errors = [refusal.message]
        return _password_page(holder, form, 422)
    return _to_set_up(proof)


def _choose(selector: str, holder: LinkHolder) -> ResponseReturnValue:
    form = ChoosePasswordForm(request.form)
    if not form.validate():
        return _password_page(holder, form, 422)
    try:
        proof = setup_links.choose_password(selector, read_cookie(LINK), password=form.password.data or "")
    except PasswordRefused as refusal:
        form.password.errors = [refusal.message]
        return _password_page(holder, form, 422)
    return _to_set_up(proof)


def _form_for(holder: LinkHolder) -> type[PasswordForm | ChoosePasswordForm]:
    """With a field for the spoken code where somebody said one to them."""
    if not holder.has_password:
        return ChoosePasswordForm
    return SpokenPasswordForm if holder.asks_spoken_code else PasswordForm


def _to_set_up(proof_secret: str) -> ResponseReturnValue:
    with write_transaction():
        start_set_up(proof_secret)
    response = _unseen(redirect(url_for("mfa.enrolment.show"), 303))
    set_cookie(response, PASSWORD_PROOF, proof_secret)
    return response


def _password_page(holder: LinkHolder, form: PasswordForm | ChoosePasswordForm, status: int = 200) -> Response:
    return _unseen(render_template("mfa/password.html", form=form, holder=holder), status)


def _set_up_page(form: CodeForm, status: int = 200) -> Response:
    set_up = get_set_up(read_cookie(PASSWORD_PROOF))
    return _unseen(render_template("mfa/set_up.html", form=form, set_up=set_up_page(set_up)), status)


def _set_up_page_or_end(form: CodeForm) -> Response:
    try:
        return _set_up_page(form, 422)
    except SetUpEnded as refusal:  # that was the last try
        return _ended(refusal)


def _dead_link(refusal: LinkNotUsable) -> Response:
    return _unseen(error_page(410, refusal.message, heading="This link can no longer be used"))


def _ended(refusal: SetUpEnded | LinkNotUsable | SignInRefused) -> Response:
    return _unseen(error_page(410, refusal.message, heading="This set-up has ended"))


def _unseen(answer: str | Response, status: int | None = None) -> Response:
    """Nothing of the page's address goes along when its reader follows a link."""
    response = make_response(answer)
    response.status_code = status or response.status_code
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
