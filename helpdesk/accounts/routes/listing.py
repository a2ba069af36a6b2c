"""The list of people, and inviting somebody."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.errors import EmailDoubted, EmailRefused, OrganisationUnknown, RoleDoesNotFit, SharedMailbox
from helpdesk.accounts.forms import NewPersonForm, PeopleSearchForm
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.presenters.people import people_list, role_words
from helpdesk.accounts.queries.people import get_person, people_page
from helpdesk.accounts.service import invitations
from helpdesk.accounts.types import NewPerson, Role
from helpdesk.core.errors import NotFound
from helpdesk.web.access import current_actor, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("listing", __name__)


@blueprint.get("")
@requires(Permission.PEOPLE_SEE)
def show() -> ResponseReturnValue:
    form = PeopleSearchForm(request.args)
    is_valid = form.validate()
    search = form.search.data or "" if is_valid else ""
    after = _page_start(request.args.get("after", ""))
    page = people_page(current_actor(), search, after)
    listed = people_list(current_actor(), page, search=search, is_first=after is None)
    return render_template("accounts/people.html", form=form, people=listed), 200 if is_valid else 422


@blueprint.get("/new")
@requires(Permission.PEOPLE_EDIT)
def new_person() -> ResponseReturnValue:
    return render_template("accounts/new_person.html", form=NewPersonForm())


@blueprint.post("/new")
@requires(Permission.PEOPLE_EDIT)
@commits
def invite() -> ResponseReturnValue:
    form = NewPersonForm(request.form)
    if not form.validate():
        return render_template("accounts/new_person.html", form=form), 422
    try:
        person_id = _invite(form)
    except EmailRefused as refusal:
        form.email.errors = [refusal.message]
        form.asks_if_right = isinstance(refusal, EmailDoubted)
        form.asks_why_personal = isinstance(refusal, SharedMailbox) and refusal.may_be_explained
        return render_template("accounts/new_person.html", form=form), 422
    except OrganisationUnknown as refusal:
        form.organisation.errors = [refusal.message]
        return render_template("accounts/new_person.html", form=form), 422
    except RoleDoesNotFit as refusal:
        form.role.errors = [refusal.message]
        return render_template("accounts/new_person.html", form=form), 422
    return redirect(url_for("people.listing.invited", person_id=person_id), 303)


@blueprint.get("/<uuid:person_id>/invited")
@requires(Permission.PEOPLE_EDIT)
def invited(person_id: UUID) -> ResponseReturnValue:
    person = get_person(current_actor(), person_id)
    return render_template("accounts/invited.html", person=person, roles=role_words(person))


@blueprint.post("/<uuid:person_id>/invite-again")
@requires(Permission.PEOPLE_EDIT)
@commits
def invite_again(person_id: UUID) -> ResponseReturnValue:
    invitations.invite_again(person_id, by=current_actor())
    return redirect(url_for("people.listing.invited", person_id=person_id), 303)


def _invite(form: NewPersonForm) -> UUID:
    new = NewPerson(
        email=form.email.data or "",
        name=form.name.data or "",
        role=Role(form.role.data),
        organisation_code=form.organisation.data or "",
        personal_because=form.personal_because.data or "",
    )
    if not form.email_is_right.data:
        invitations.ensure_not_mistyped(new, by=current_actor())
    return invitations.invite(new, by=current_actor())


def _page_start(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None
