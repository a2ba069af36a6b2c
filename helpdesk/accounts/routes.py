"""The first step of signing in, signing out, and the list of people."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts import queries
from helpdesk.accounts.errors import (
    EmailDoubted,
    EmailRefused,
    OrganisationUnknown,
    RoleDoesNotFit,
    SharedMailbox,
    SignInRefused,
)
from helpdesk.accounts.forms import NewPersonForm, PeopleSearchForm, SignInForm
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.presenters import people_list, role_words
from helpdesk.accounts.service import invitations, sessions, signing_in, tokens
from helpdesk.accounts.service.signing_in import SignedIn
from helpdesk.accounts.types import NewPerson, Role
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.web.access import current_actor, public, requires
from helpdesk.web.security import client_network, delete_cookie, read_cookie, set_cookie
from helpdesk.web.transaction import commits

blueprint = Blueprint("accounts", __name__, template_folder="templates")

# What the browser keeps: the session, the proof of a password just given, and that it was used by this person before.
SESSION, PASSWORD_PROOF, KNOWN_PLACE = "session", "proof", "place"
# The longest that browsers keep a cookie is about this, and people do not change desks more often.
PLACE_KNOWN_FOR = timedelta(days=365)
# What proves more than a password lies in a slice above, which this one knows by the name of its page.
SECOND_STEP = "mfa.sign_in.ask_for_code"

START_PAGES = {
    Role.AGENT: "tickets.queue.show",
    Role.LEAD_AGENT: "tickets.queue.show",
    Role.PLATFORM_ADMINISTRATOR: "tickets.queue.show",
    Role.COMMISSIONER: "trends.escalations",
    Role.SITE_ADMINISTRATOR: "accounts.people",
}


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(blueprint)


def load_actor() -> Actor | None:
    """Who makes this request: by the browser's session, or under /api/ by a program's token and by nothing else."""
    if (request.endpoint or "").endswith("static"):
        return None
    if request.path.startswith("/api/"):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return tokens.find_actor_by_token(token.strip()) if scheme.lower() == "bearer" else None
    return sessions.find_actor(read_cookie(SESSION))


def start_page(actor: Actor) -> str:
    """Where somebody goes who signed in and asked for no page in particular."""
    return url_for(START_PAGES[Role(actor.role)])


def keep_session(response: Response, signed_in: SignedIn) -> None:
    """Let the browser keep the session that was started, and forget what it held before."""
    session.clear()  # forms from before belong to whoever sat here then
    set_cookie(response, SESSION, signed_in.session_secret)
    set_cookie(response, KNOWN_PLACE, signed_in.place_token, PLACE_KNOWN_FOR)


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    if current_actor().is_signed_in:
        return redirect(start_page(current_actor()), 303)
    form = SignInForm(data={"next": request.args.get("next", "")})
    return render_template("accounts/sign_in.html", form=form, has_ended="ended" in request.args)


@blueprint.post("/sign-in")
@public
def prove_password() -> ResponseReturnValue:
    """Commits for itself, three times: the password is compared outside of any transaction."""
    form = SignInForm(request.form)
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    try:
        proof_secret = signing_in.prove_password(
            email=form.email.data or "",
            password=form.password.data or "",
            network=client_network(),
            place=read_cookie(KNOWN_PLACE),
        )
    except SignInRefused as refusal:
        form.email.errors = [refusal.message]
        return render_template("accounts/sign_in.html", form=form), 422
    response = redirect(url_for(SECOND_STEP, next=form.next.data or None), 303)
    set_cookie(response, PASSWORD_PROOF, proof_secret)
    return response


@blueprint.post("/sign-out")
@public
@commits
def sign_out() -> ResponseReturnValue:
    """Open to everybody: whose session has ended meanwhile is signed out, too."""
    if current_actor().is_signed_in:
        sessions.sign_out(read_cookie(SESSION), by=current_actor())
    session.clear()
    response = redirect(url_for("accounts.sign_in"), 303)
    delete_cookie(response, SESSION)
    return response


@blueprint.get("/admin/people")
@requires(Permission.PEOPLE_SEE)
def people() -> ResponseReturnValue:
    form = PeopleSearchForm(request.args)
    is_valid = form.validate()
    search = form.search.data or "" if is_valid else ""
    after = _page_start(request.args.get("after", ""))
    page = queries.people_page(current_actor(), search, after)
    listed = people_list(current_actor(), page, search=search, is_first=after is None)
    return render_template("accounts/people.html", form=form, people=listed), 200 if is_valid else 422


@blueprint.get("/admin/people/new")
@requires(Permission.PEOPLE_EDIT)
def new_person() -> ResponseReturnValue:
    return render_template("accounts/new_person.html", form=NewPersonForm())


@blueprint.post("/admin/people/new")
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
    return redirect(url_for("accounts.invited", person_id=person_id), 303)


@blueprint.get("/admin/people/<uuid:person_id>/invited")
@requires(Permission.PEOPLE_EDIT)
def invited(person_id: UUID) -> ResponseReturnValue:
    person = queries.get_person(current_actor(), person_id)
    return render_template("accounts/invited.html", person=person, roles=role_words(person))


@blueprint.post("/admin/people/<uuid:person_id>/invite-again")
@requires(Permission.PEOPLE_EDIT)
@commits
def invite_again(person_id: UUID) -> ResponseReturnValue:
    invitations.invite_again(person_id, by=current_actor())
    return redirect(url_for("accounts.invited", person_id=person_id), 303)


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
