"""The list of people, and inviting somebody."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.errors import EmailRefused, NameRefused, Namesake, OrganisationUnknown, RoleDoesNotFit
from helpdesk.accounts.forms import NOT_SET_UP, NewPersonForm, PeopleSearchForm
from helpdesk.accounts.permissions import Permission, manageable_roles
from helpdesk.accounts.presenters.people import people_list, role_words
from helpdesk.accounts.queries.organisations import only_code
from helpdesk.accounts.queries.people import get_person, people_page
from helpdesk.accounts.queries.protection import protections_of
from helpdesk.accounts.routes.asking import ask_about_address
from helpdesk.accounts.service import invitations
from helpdesk.accounts.service.searching import count_search
from helpdesk.accounts.types.directory import NewPerson, PeopleFilter, PersonStatus, Role
from helpdesk.core.errors import NotFound
from helpdesk.web.access import current_actor, freshly_proved, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("listing", __name__)


@blueprint.get("")
@requires(Permission.PEOPLE_SEE)
def show() -> ResponseReturnValue:
    form = PeopleSearchForm(request.args)
    is_valid = form.validate()
    wanted = _wanted(form) if is_valid else PeopleFilter()
    if wanted.search:
        count_search(by=current_actor())
    after = _page_start(request.args.get("after", ""))
    page = people_page(current_actor(), wanted, after)
    asks_where = not only_code(current_actor())
    protections = protections_of([person.id for person in page.people])
    listed = people_list(
        current_actor(), page, protections, wanted=wanted, is_first=after is None, asks_where=asks_where
    )
    return render_template("accounts/people.html", form=form, people=listed), 200 if is_valid else 422


@blueprint.get("/new")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
def new_person() -> ResponseReturnValue:
    return _page(NewPersonForm(data={"organisation": only_code(current_actor())}), 200)


@blueprint.post("/new")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
@commits
def invite() -> ResponseReturnValue:
    form = NewPersonForm(request.form)
    form.offer(manageable_roles(current_actor()))
    if not form.validate():
        return _page(form, 422)
    try:
        person_id = invitations.invite(_newcomer(form), by=current_actor())
    except EmailRefused as refusal:
        return _page(form, ask_about_address(form, refusal))
    except Namesake as refusal:
        form.name.errors, form.asks_if_another = [refusal.message], True
    except NameRefused as refusal:
        form.name.errors = [refusal.message]
    except OrganisationUnknown as refusal:
        form.organisation.errors = [refusal.message]
    except RoleDoesNotFit as refusal:
        form.role.errors = [refusal.message]
    else:
        return redirect(url_for("people.listing.invited", person_id=person_id), 303)
    return _page(form, 422)


@blueprint.get("/<uuid:person_id>/invited")
@requires(Permission.PEOPLE_EDIT)
def invited(person_id: UUID) -> ResponseReturnValue:
    person = get_person(current_actor(), person_id)
    return render_template("accounts/invited.html", person=person, roles=role_words(person))


@blueprint.post("/<uuid:person_id>/invite-again")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
@commits
def invite_again(person_id: UUID) -> ResponseReturnValue:
    invitations.invite_again(person_id, by=current_actor())
    return redirect(url_for("people.listing.invited", person_id=person_id), 303)


def _page(form: NewPersonForm, status: int) -> ResponseReturnValue:
    form.offer(manageable_roles(current_actor()))
    return render_template("accounts/new_person.html", form=form), status


def _newcomer(form: NewPersonForm) -> NewPerson:
    return NewPerson(
        email=form.email.data or "",
        name=form.name.data or "",
        role=Role(form.role.data),
        organisation_code=form.organisation.data or "",
        personal_because=form.personal_because.data or "",
        email_is_right=form.email_is_right.data,
        is_another_person=form.is_another_person.data,
    )


def _wanted(form: PeopleSearchForm) -> PeopleFilter:
    return PeopleFilter(
        search=form.search.data or "",
        status=PersonStatus(form.status.data) if form.status.data else None,
        role=Role(form.role.data) if form.role.data else None,
        organisation_code=form.organisation.data or "",
        is_not_set_up=form.log_in.data == NOT_SET_UP,
    )


def _page_start(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None
