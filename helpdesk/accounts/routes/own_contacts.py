"""Changing one's own phone number and second email address."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.errors import ChangeRefused, EmailRefused, PhoneRefused
from helpdesk.accounts.forms import PhoneForm, SecondAddressForm
from helpdesk.accounts.presenters.contacts import own_phone_page, own_second_address_page
from helpdesk.accounts.queries.people import own_person_to_change
from helpdesk.accounts.routes.asking import ask_about_address, wish_in
from helpdesk.accounts.routes.own_account import OWN_ACCOUNT
from helpdesk.accounts.service import second_address
from helpdesk.accounts.service.contacts import keep_own_phone, own_contacts
from helpdesk.accounts.service.proof import count_own_change
from helpdesk.web.access import current_actor, freshly_proved, signed_in
from helpdesk.web.transaction import commits

blueprint = Blueprint("own_contacts", __name__, url_prefix="/account")


@blueprint.get("/phone")
@freshly_proved
@signed_in
def ask_phone() -> ResponseReturnValue:
    return _phone_page(PhoneForm(), 200)


@blueprint.post("/phone")
@freshly_proved
@signed_in
@commits
def change_phone() -> ResponseReturnValue:
    form = PhoneForm(request.form)
    if not form.validate():
        return _phone_page(form, 422)
    try:
        keep_own_phone(own_person_to_change(current_actor()), form.phone.data or "", by=current_actor())
    except PhoneRefused as refusal:
        form.phone.errors = [refusal.message]
        return _phone_page(form, 422)
    return redirect(url_for(OWN_ACCOUNT), 303)


@blueprint.post("/phone/remove")
@freshly_proved
@signed_in
@commits
def remove_phone() -> ResponseReturnValue:
    keep_own_phone(own_person_to_change(current_actor()), "", by=current_actor())
    return redirect(url_for(OWN_ACCOUNT), 303)


@blueprint.get("/second-email")
@freshly_proved
@signed_in
def ask_second_address() -> ResponseReturnValue:
    return _address_page(SecondAddressForm(), 200)


@blueprint.post("/second-email")
@freshly_proved
@signed_in
def change_second_address() -> ResponseReturnValue:
    """Commits in two steps: a refused try is counted, too."""
    form = SecondAddressForm(request.form)
    if not form.validate():
        return _address_page(form, 422)
    count_own_change(by=current_actor())
    return _change(form)


@blueprint.post("/second-email/remove")
@freshly_proved
@signed_in
@commits
def remove_second_address() -> ResponseReturnValue:
    second_address.remove_own(own_person_to_change(current_actor()), by=current_actor())
    return redirect(url_for(OWN_ACCOUNT), 303)


@commits
def _change(form: SecondAddressForm) -> ResponseReturnValue:
    try:
        second_address.ask_for_own(own_person_to_change(current_actor()), wish_in(form), by=current_actor())
    except EmailRefused as refusal:
        return _address_page(form, ask_about_address(form, refusal))
    except ChangeRefused as refusal:
        form.email.errors = [refusal.message]
        return _address_page(form, 409)
    return redirect(url_for(OWN_ACCOUNT), 303)


def _phone_page(form: PhoneForm, status: int) -> ResponseReturnValue:
    page = own_phone_page(own_contacts(current_actor()))
    return render_template("accounts/change_phone.html", form=form, page=page), status


def _address_page(form: SecondAddressForm, status: int) -> ResponseReturnValue:
    page = own_second_address_page(own_contacts(current_actor()))
    return render_template("accounts/change_second_address.html", form=form, page=page), status
