"""The own account: what protects it, where it is open, and the fresh code that dangerous acts ask for."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.errors import PasswordWrong
from helpdesk.accounts.queries.email_changes import find_pending
from helpdesk.accounts.queries.people import own_entry
from helpdesk.accounts.routes.signing_in import PASSWORD_PROOF, SESSION, forget_session, start_page
from helpdesk.accounts.rules import local_path
from helpdesk.accounts.service import session_list
from helpdesk.accounts.service.cool_down import restricted_until
from helpdesk.db import write_transaction
from helpdesk.mfa.errors import CodeRefused
from helpdesk.mfa.forms import CodeForm, PasswordAndCodeForm
from helpdesk.mfa.presenters.account import account_page
from helpdesk.mfa.queries.protection import find_protection
from helpdesk.mfa.service.enrolling import start_change, start_set_up
from helpdesk.mfa.service.recovery_codes import renew_codes
from helpdesk.mfa.service.signing_in import prove_again
from helpdesk.web.access import current_actor, signed_in
from helpdesk.web.security import client_network, read_cookie, set_cookie
from helpdesk.web.transaction import commits

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@signed_in
def show() -> ResponseReturnValue:
    """Who one is here, what protects the account, and where it is open."""
    person = own_entry(current_actor())
    log_ins = session_list.list_sessions(current_actor(), read_cookie(SESSION))
    account = account_page(
        person,
        find_pending(person.id),
        find_protection(current_actor()),
        log_ins,
        restricted_until=restricted_until(by=current_actor()),
    )
    return render_template("mfa/account.html", account=account)


@blueprint.post("/account/log-ins/<uuid:session_id>/end")
@signed_in
@commits
def end_log_in(session_id: UUID) -> ResponseReturnValue:
    session_list.sign_out_of(session_id, by=current_actor())
    return redirect(url_for("mfa.account.show"), 303)


@blueprint.post("/account/log-ins/end-all")
@signed_in
@commits
def end_all_log_ins() -> ResponseReturnValue:
    session_list.sign_out_of_all(by=current_actor())
    response = redirect(url_for("accounts.sign_in"), 303)
    forget_session(response)
    return response


@blueprint.get("/account/recovery-codes")
@signed_in
def ask_for_new_codes() -> ResponseReturnValue:
    return render_template("mfa/new_recovery_codes.html", form=PasswordAndCodeForm())


@blueprint.post("/account/recovery-codes")
@signed_in
def make_new_codes() -> ResponseReturnValue:
    """Commits for itself. The codes are in this very answer: they are kept nowhere to be shown from."""
    form = PasswordAndCodeForm(request.form)
    if not form.validate():
        return render_template("mfa/new_recovery_codes.html", form=form), 422
    try:
        codes = renew_codes(
            form.password.data or "", form.code.data or "", by=current_actor(), network=client_network()
        )
    except (PasswordWrong, CodeRefused) as refusal:
        _say(form, refusal)
        return render_template("mfa/new_recovery_codes.html", form=form), 422
    return render_template("mfa/recovery_codes.html", codes=codes, next_url=url_for("mfa.account.show"))


@blueprint.get("/account/authenticator")
@signed_in
def ask_before_change() -> ResponseReturnValue:
    return render_template("mfa/change.html", form=PasswordAndCodeForm())


@blueprint.post("/account/authenticator")
@signed_in
def change_authenticator() -> ResponseReturnValue:
    """Commits for itself: the code is used up before anything is built on it."""
    form = PasswordAndCodeForm(request.form)
    if not form.validate():
        return render_template("mfa/change.html", form=form), 422
    try:
        proof = start_change(
            form.password.data or "", form.code.data or "", by=current_actor(), network=client_network()
        )
    except (PasswordWrong, CodeRefused) as refusal:
        _say(form, refusal)
        return render_template("mfa/change.html", form=form), 422
    with write_transaction():
        start_set_up(proof)
    response = redirect(url_for("mfa.enrolment.show"), 303)
    set_cookie(response, PASSWORD_PROOF, proof)
    return response


@blueprint.get("/step-up")
@signed_in
def ask_for_proof() -> ResponseReturnValue:
    return render_template("mfa/step_up.html", form=CodeForm(data={"next": request.args.get("next", "")}))


@blueprint.post("/step-up")
@signed_in
def give_proof() -> ResponseReturnValue:
    """Commits for itself: the code is used up before the session is marked."""
    form = CodeForm(request.form)
    if not form.validate():
        return render_template("mfa/step_up.html", form=form), 422
    try:
        secret = prove_again(read_cookie(SESSION), form.code.data or "", by=current_actor(), network=client_network())
    except CodeRefused as refusal:
        form.code.errors = [refusal.message]
        return render_template("mfa/step_up.html", form=form), 422
    response = redirect(local_path(form.next.data or "") or start_page(current_actor()), 303)
    set_cookie(response, SESSION, secret)
    return response


def _say(form: PasswordAndCodeForm, refusal: PasswordWrong | CodeRefused) -> None:
    """Beside the field that it is about."""
    field = form.password if isinstance(refusal, PasswordWrong) else form.code
    field.errors = [refusal.message]
