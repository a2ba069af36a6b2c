"""Changing somebody's phone number and second email address."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.errors import ChangeRefused, EmailRefused, PhoneRefused
from helpdesk.accounts.forms import PhoneForm, SecondAddressForm
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.presenters.contacts import others_phone_page, others_second_address_page
from helpdesk.accounts.queries.people import get_person, person_to_change
from helpdesk.accounts.routes.asking import ask_about_address, wish_in
from helpdesk.accounts.service import second_address
from helpdesk.accounts.service.contacts import contacts_of, keep_others_phone
from helpdesk.web.access import current_actor, freshly_proved, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("contacts", __name__)


@blueprint.get("/<uuid:person_id>/phone")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
def ask_phone(person_id: UUID) -> ResponseReturnValue:
    return _phone_page(person_id, PhoneForm(), 200)


@blueprint.post("/<uuid:person_id>/phone")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
@commits
def change_phone(person_id: UUID) -> ResponseReturnValue:
    person = person_to_change(current_actor(), person_id)
    form = PhoneForm(request.form)
    if not form.validate():
        return _phone_page(person_id, form, 422)
    try:
        keep_others_phone(person, form.phone.data or "", by=current_actor())
    except PhoneRefused as refusal:
        form.phone.errors = [refusal.message]
        return _phone_page(person_id, form, 422)
    return _back(person_id)


@blueprint.post("/<uuid:person_id>/phone/remove")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
@commits
def remove_phone(person_id: UUID) -> ResponseReturnValue:
    keep_others_phone(person_to_change(current_actor(), person_id), "", by=current_actor())
    return _back(person_id)


@blueprint.get("/<uuid:person_id>/second-email")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
def ask_second_address(person_id: UUID) -> ResponseReturnValue:
    return _address_page(person_id, SecondAddressForm(), 200)


@blueprint.post("/<uuid:person_id>/second-email")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
@commits
def change_second_address(person_id: UUID) -> ResponseReturnValue:
    person = person_to_change(current_actor(), person_id)
    form = SecondAddressForm(request.form)
    if not form.validate():
        return _address_page(person_id, form, 422)
    try:
        second_address.ask_for_other(person, wish_in(form), by=current_actor())
    except EmailRefused as refusal:
        return _address_page(person_id, form, ask_about_address(form, refusal))
    except ChangeRefused as refusal:
        form.email.errors = [refusal.message]
        return _address_page(person_id, form, 409)
    return _back(person_id)


@blueprint.post("/<uuid:person_id>/second-email/remove")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
@commits
def remove_second_address(person_id: UUID) -> ResponseReturnValue:
    second_address.remove_others(person_to_change(current_actor(), person_id), by=current_actor())
    return _back(person_id)


def _phone_page(person_id: UUID, form: PhoneForm, status: int) -> ResponseReturnValue:
    person = get_person(current_actor(), person_id)
    page = others_phone_page(person, contacts_of(current_actor(), person_id))
    return render_template("accounts/change_phone.html", form=form, page=page), status


def _address_page(person_id: UUID, form: SecondAddressForm, status: int) -> ResponseReturnValue:
    person = get_person(current_actor(), person_id)
    page = others_second_address_page(person, contacts_of(current_actor(), person_id))
    return render_template("accounts/change_second_address.html", form=form, page=page), status


def _back(person_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("people.person.show", person_id=person_id), 303)
