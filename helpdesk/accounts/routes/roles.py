"""Giving somebody a role, and ending one."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.errors import OrganisationUnknown, RoleDoesNotFit, RoleHeldAlready
from helpdesk.accounts.forms import RoleForm
from helpdesk.accounts.permissions import Permission, manageable_roles
from helpdesk.accounts.presenters.people import role_words
from helpdesk.accounts.queries.organisations import only_code
from helpdesk.accounts.queries.people import get_person, person_to_change
from helpdesk.accounts.service.memberships import add_role, end_membership, membership_to_end
from helpdesk.accounts.types.directory import Role
from helpdesk.core.errors import NotFound
from helpdesk.web.access import current_actor, freshly_proved, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("roles", __name__)


@blueprint.get("/<uuid:person_id>/roles/new")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
def new_role(person_id: UUID) -> ResponseReturnValue:
    return _page(person_id, RoleForm(data={"organisation": only_code(current_actor())}), 200)


@blueprint.post("/<uuid:person_id>/roles/new")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
@commits
def give(person_id: UUID) -> ResponseReturnValue:
    form = RoleForm(request.form)
    form.offer(manageable_roles(current_actor()))
    if not form.validate():
        return _page(person_id, form, 422)
    person = person_to_change(current_actor(), person_id)
    try:
        role, code = Role(form.role.data), form.organisation.data or ""
        add_role(person, role=role, organisation_code=code, by=current_actor())
    except OrganisationUnknown as refusal:
        form.organisation.errors = [refusal.message]
    except (RoleDoesNotFit, RoleHeldAlready) as refusal:
        form.role.errors = [refusal.message]
    else:
        return redirect(url_for("people.person.show", person_id=person_id), 303)
    return _page(person_id, form, 422)


@blueprint.get("/<uuid:person_id>/roles/<uuid:membership_id>/end")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
def ask_end(person_id: UUID, membership_id: UUID) -> ResponseReturnValue:
    person = get_person(current_actor(), person_id)
    held = [words for role, words in zip(person.roles, role_words(person), strict=True) if role.id == membership_id]
    if not held:
        raise NotFound
    is_last = len(person.roles) == 1
    return render_template("accounts/end_role.html", person=person, role=held[0], is_last=is_last)


@blueprint.post("/<uuid:person_id>/roles/<uuid:membership_id>/end")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
@commits
def end(person_id: UUID, membership_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    person = person_to_change(actor, person_id)
    end_membership(person, membership_to_end(person, membership_id, by=actor), by=actor)
    return redirect(url_for("people.listing.show"), 303)


def _page(person_id: UUID, form: RoleForm, status: int) -> ResponseReturnValue:
    form.offer(manageable_roles(current_actor()))
    person = get_person(current_actor(), person_id)
    return render_template("accounts/new_role.html", form=form, person=person), status
