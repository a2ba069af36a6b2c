"""Changing somebody's email address."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.errors import ChangeRefused, EmailRefused, ProofRefused
from helpdesk.accounts.forms import OtherAddressForm
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries.people import get_person, person_to_change
from helpdesk.accounts.routes.asking import ask_about_address, wish_in
from helpdesk.accounts.service import email_changes, invitations
from helpdesk.accounts.service.authority import ensure_may_change
from helpdesk.accounts.service.proof import ensure_fresh_proof
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.web.access import current_actor, freshly_proved, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("address", __name__)


@blueprint.get("/<uuid:person_id>/email")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
def ask(person_id: UUID) -> ResponseReturnValue:
    return _page(person_id, OtherAddressForm(), 200)


@blueprint.post("/<uuid:person_id>/email")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
def change(person_id: UUID) -> ResponseReturnValue:
    """Commits in two steps: the password is compared outside of any transaction."""
    form = OtherAddressForm(request.form)
    get_person(current_actor(), person_id)
    if not form.validate():
        return _page(person_id, form, 422)
    try:
        ensure_fresh_proof(by=current_actor(), password=form.password.data or "")
    except ProofRefused as refusal:
        form.password.errors = [refusal.message]
        return _page(person_id, form, 422)
    return _change(person_id, form)


@blueprint.post("/<uuid:person_id>/email/withdraw")
@requires(Permission.PEOPLE_EDIT)
@commits
def withdraw(person_id: UUID) -> ResponseReturnValue:
    person = person_to_change(current_actor(), person_id)
    ensure_may_change(person, by=current_actor())
    email_changes.withdraw_pending(person, by=current_actor())
    return redirect(url_for("people.person.show", person_id=person_id), 303)


@commits
def _change(person_id: UUID, form: OtherAddressForm) -> ResponseReturnValue:
    person = person_to_change(current_actor(), person_id)
    is_invited = person.status == PersonStatus.INVITED
    ask_for = invitations.correct_address if is_invited else email_changes.ask_for_other
    try:
        ask_for(person, wish_in(form), by=current_actor())
    except EmailRefused as refusal:
        return _page(person_id, form, ask_about_address(form, refusal))
    except ChangeRefused as refusal:
        form.email.errors = [refusal.message]
        return _page(person_id, form, 409)
    return redirect(url_for("people.person.show", person_id=person_id), 303)


def _page(person_id: UUID, form: OtherAddressForm, status: int) -> ResponseReturnValue:
    person = get_person(current_actor(), person_id)
    is_invited = person.status == PersonStatus.INVITED
    page = render_template("accounts/change_address.html", form=form, person=person, is_invited=is_invited)
    return page, status
