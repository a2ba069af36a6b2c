"""Changing one's own email address."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.errors import ChangeRefused, EmailRefused, ProofRefused
from helpdesk.accounts.forms import OtherAddressForm
from helpdesk.accounts.queries.people import own_entry, own_person_to_change
from helpdesk.accounts.routes.asking import ask_about_address, wish_in
from helpdesk.accounts.service import email_changes
from helpdesk.accounts.service.proof import count_own_change, ensure_fresh_proof
from helpdesk.web.access import current_actor, freshly_proved, signed_in
from helpdesk.web.transaction import commits

blueprint = Blueprint("own_account", __name__, url_prefix="/account")

# The page of the own account also shows what protects it, so it lies in a slice above, known here by its name.
OWN_ACCOUNT = "mfa.account.show"


@blueprint.get("/email")
@freshly_proved
@signed_in
def ask_change() -> ResponseReturnValue:
    return _page(OtherAddressForm(), 200)


@blueprint.post("/email")
@freshly_proved
@signed_in
def change() -> ResponseReturnValue:
    """Commits in two steps: the password is compared outside of any transaction."""
    form = OtherAddressForm(request.form)
    if not form.validate():
        return _page(form, 422)
    try:
        ensure_fresh_proof(by=current_actor(), password=form.password.data or "")
        count_own_change(by=current_actor())
    except ProofRefused as refusal:
        form.password.errors = [refusal.message]
        return _page(form, 422)
    return _change(form)


@blueprint.post("/email/withdraw")
@signed_in
@commits
def withdraw() -> ResponseReturnValue:
    email_changes.withdraw_pending(own_person_to_change(current_actor()), by=current_actor())
    return redirect(url_for(OWN_ACCOUNT), 303)


@commits
def _change(form: OtherAddressForm) -> ResponseReturnValue:
    try:
        email_changes.ask_for_own(own_person_to_change(current_actor()), wish_in(form), by=current_actor())
    except EmailRefused as refusal:
        return _page(form, ask_about_address(form, refusal))
    except ChangeRefused as refusal:
        form.email.errors = [refusal.message]
        return _page(form, 409)
    return redirect(url_for(OWN_ACCOUNT), 303)


def _page(form: OtherAddressForm, status: int) -> ResponseReturnValue:
    return render_template("accounts/change_own_address.html", form=form, person=own_entry(current_actor())), status
