"""Signing in and out, and choosing a password."""

from datetime import timedelta

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts.errors import LinkNotUsable, PasswordRefused, SignInRefused
from helpdesk.accounts.forms import ChoosePasswordForm, SignInForm
from helpdesk.accounts.rules import local_path
from helpdesk.accounts.service import sessions, setup_links, signing_in, tokens
from helpdesk.accounts.types import Role
from helpdesk.core.actor import Actor
from helpdesk.web.access import current_actor, public
from helpdesk.web.errors import error_page
from helpdesk.web.security import client_network, delete_cookie, read_cookie, set_cookie
from helpdesk.web.transaction import commits

blueprint = Blueprint("accounts", "helpdesk.accounts", template_folder="templates")

SESSION, KNOWN_PLACE = "session", "place"
# The longest that browsers keep a cookie is about this, and people do not change desks more often.
PLACE_KNOWN_FOR = timedelta(days=365)

START_PAGES = {
    Role.AGENT: "tickets.queue.show",
    Role.LEAD_AGENT: "tickets.queue.show",
    Role.PLATFORM_ADMINISTRATOR: "tickets.queue.show",
    Role.COMMISSIONER: "trends.escalations",
    Role.SITE_ADMINISTRATOR: "people.listing.show",
    Role.USER: "own_account.show",
}


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


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    if current_actor().is_signed_in:
        return redirect(start_page(current_actor()), 303)
    form = SignInForm(data={"next": request.args.get("next", "")})
    return render_template("accounts/sign_in.html", form=form, is_set_up="set-up" in request.args)


@blueprint.post("/sign-in")
@public
def start_session() -> ResponseReturnValue:
    """Commits for itself, three times: the password is compared outside of any transaction."""
    form = SignInForm(request.form)
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    try:
        signed_in = signing_in.sign_in(
            email=form.email.data or "",
            password=form.password.data or "",
            network=client_network(),
            place=read_cookie(KNOWN_PLACE),
            old_secret=read_cookie(SESSION),
        )
    except SignInRefused as refusal:
        form.email.errors = [refusal.message]
        return render_template("accounts/sign_in.html", form=form), 422
    session.clear()  # forms from before belong to whoever sat here then
    response = redirect(local_path(form.next.data or "") or start_page(signed_in.actor), 303)
    set_cookie(response, SESSION, signed_in.session_secret)
    set_cookie(response, KNOWN_PLACE, signed_in.place_token, PLACE_KNOWN_FOR)
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


@blueprint.get("/set-up/<link>")
@public
def set_up(link: str) -> ResponseReturnValue:
    try:
        person = setup_links.open_link(link)
    except LinkNotUsable as refusal:
        return _dead_link(refusal)
    return _set_up_page(ChoosePasswordForm(), person.email, 200)


@blueprint.post("/set-up/<link>")
@public
def choose_password(link: str) -> ResponseReturnValue:
    """Commits for itself: the password is hashed outside of any transaction."""
    form = ChoosePasswordForm(request.form)
    try:
        email = setup_links.open_link(link).email
        if not form.validate():
            return _set_up_page(form, email, 422)
        setup_links.set_password(link, password=form.password.data or "")
    except LinkNotUsable as refusal:
        return _dead_link(refusal)
    except PasswordRefused as refusal:
        form.password.errors = [refusal.message]
        return _set_up_page(form, email, 422)
    return _without_referrer(redirect(url_for("accounts.sign_in") + "?set-up", 303))


def _set_up_page(form: ChoosePasswordForm, email: str, status: int) -> Response:
    return _without_referrer(make_response(render_template("accounts/set_up.html", form=form, email=email), status))


def _dead_link(refusal: LinkNotUsable) -> Response:
    return _without_referrer(error_page(410, refusal.message, heading="This link can no longer be used"))


def _without_referrer(response: Response) -> Response:
    """The address of the page is a secret: no link on it may carry it away."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
