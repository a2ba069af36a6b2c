"""Changing one's own password."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.errors import PasswordRefused, ProofRefused
from helpdesk.accounts.routes.signing_in import SESSION, keep_session
from helpdesk.accounts.service.password_changes import change_own
from helpdesk.mfa.forms import ChangePasswordForm
from helpdesk.web.access import current_actor, freshly_proved, signed_in
from helpdesk.web.security import read_cookie

blueprint = Blueprint("passwords", __name__)


@blueprint.get("/account/password")
@freshly_proved
@signed_in
def ask() -> ResponseReturnValue:
    return render_template("mfa/change_password.html", form=ChangePasswordForm())


@blueprint.post("/account/password")
@freshly_proved
@signed_in
def change() -> ResponseReturnValue:
    """Commits for itself: passwords are compared and hashed outside of any transaction."""
    form = ChangePasswordForm(request.form)
    if not form.validate():
        return render_template("mfa/change_password.html", form=form), 422
    try:
        signed_in = change_own(
            form.password.data or "",
            form.new_password.data or "",
            by=current_actor(),
            browser=request.user_agent.string,
            old_secret=read_cookie(SESSION),
        )
    except ProofRefused as refusal:
        form.password.errors = [refusal.message]
        return render_template("mfa/change_password.html", form=form), 422
    except PasswordRefused as refusal:
        form.new_password.errors = [refusal.message]
        return render_template("mfa/change_password.html", form=form), 422
    response = redirect(url_for("mfa.passwords.changed"), 303)
    keep_session(response, signed_in)
    return response


@blueprint.get("/account/password/changed")
@signed_in
def changed() -> ResponseReturnValue:
    return render_template("mfa/password_changed.html")
