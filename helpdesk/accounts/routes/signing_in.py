"""The first step of signing in, and signing out."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts.errors import SignInRefused
from helpdesk.accounts.forms import SignInForm
from helpdesk.accounts.service import sessions, signing_in, tokens
from helpdesk.accounts.service.signing_in import SignedIn
from helpdesk.accounts.types.directory import Role
from helpdesk.core.actor import Actor
from helpdesk.web.access import current_actor, public
from helpdesk.web.security import client_network, delete_cookie, read_cookie, set_cookie
from helpdesk.web.transaction import commits

blueprint = Blueprint("accounts", "helpdesk.accounts", template_folder="templates")

# What the browser keeps: the session, the proof of a password just given, the secret half of a set-up link between its
# pages, and that it was used by this person before.
SESSION, PASSWORD_PROOF, LINK, KNOWN_PLACE = "session", "proof", "link", "place"
# The longest that browsers keep a cookie is about this, and people do not change desks more often.
PLACE_KNOWN_FOR = timedelta(days=365)
# What proves more than a password lies in a slice above, which this one knows by the name of its page.
SECOND_STEP = "mfa.sign_in.ask_for_code"

START_PAGES = {
    Role.AGENT: "tickets.queue.show",
    Role.LEAD_AGENT: "tickets.queue.show",
    Role.PLATFORM_ADMINISTRATOR: "tickets.queue.show",
    Role.COMMISSIONER: "trends.escalations",
    Role.SITE_ADMINISTRATOR: "people.listing.show",
    Role.USER: "mfa.account.show",
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


def keep_session(response: Response, signed_in: SignedIn) -> None:
    """Let the browser keep the session that was started, and forget what it held before."""
    session.clear()  # forms from before belong to whoever sat here then
    set_cookie(response, SESSION, signed_in.session_secret)
    set_cookie(response, KNOWN_PLACE, signed_in.place_token, PLACE_KNOWN_FOR)


def forget_session(response: Response) -> None:
    """Let the browser forget all that opens an account or its set-up: somebody else may sit here next."""
    session.clear()
    for cookie in (SESSION, PASSWORD_PROOF, LINK):
        delete_cookie(response, cookie)


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
    response = redirect(url_for("accounts.sign_in"), 303)
    forget_session(response)
    return response
