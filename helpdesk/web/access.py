"""The first door of permission: who may open a view. Every view says so itself; there is no default."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.routing import MapAdapter
from werkzeug.wrappers import Response

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotAllowed, NotSignedIn

View = TypeVar("View", bound=Callable[..., Any])  # Any: a view takes whatever its address holds
ActorLoader = Callable[[], Actor | None]

# What changes who can get in asks for a code that is no older than this.
PROOF_IS_FRESH_FOR = timedelta(minutes=5)
# Where a fresh code is asked for; the page lies in a slice above, which this one knows by name.
PROVE_AGAIN = "mfa.account.ask_for_proof"

ANYBODY = Actor(name="Somebody not signed in", role="anybody")


@dataclass(frozen=True)
class Access:
    """What a view asks of the one who opens it."""

    signed_in: bool = False
    permission: str | None = None
    fresh_proof: bool = False


def public(view: View) -> View:
    """Open to everybody."""
    return _marked(view, Access())


def signed_in(view: View) -> View:
    """Open to everybody with an account."""
    return _marked(view, Access(signed_in=True))


def requires(permission: str) -> Callable[[View], View]:
    """Open to those whose role brings the permission."""
    return lambda view: _marked(view, Access(signed_in=True, permission=permission))


def freshly_proved(view: View) -> View:
    """Asks, beyond what the view asks already, for a code of the last minutes. Stands above the other decorator.

    Put it on the page with the form too: then the code is asked for before anybody has typed anything.
    """
    access = access_of(view)
    if access is None or not access.signed_in:
        raise RuntimeError(f"{view} does not say who may open it")
    return _marked(view, replace(access, fresh_proof=True))


def access_of(view: Callable[..., object]) -> Access | None:
    """What the view asks, or None where somebody forgot to say."""
    return cast("Access | None", getattr(view, "access", None))


def current_actor() -> Actor:
    """The person who is making this request."""
    return cast(Actor, g.actor)


def init_app(app: Flask, *, load_actor: ActorLoader) -> None:
    """Check every request before its view runs."""

    @app.before_request
    def check_access() -> Response | None:
        access = None
        if request.endpoint is not None:  # otherwise a 404 or 405 follows
            access = access_of(current_app.view_functions[request.endpoint])
            if access is None:
                raise RuntimeError(f"{request.endpoint} does not say who may open it")
        # A public call for programs has no header to greet anybody in: whose token it is does not matter.
        is_anonymous = request.path.startswith("/api/") and access == Access()
        g.actor = ANYBODY if is_anonymous else load_actor() or ANYBODY
        return _refusal(access, current_actor()) if access else None


def _refusal(access: Access, actor: Actor) -> Response | None:
    if access.signed_in and not actor.is_signed_in:
        if request.path.startswith("/api/"):
            raise NotSignedIn
        target = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(url_for("accounts.sign_in") + "?" + urlencode({"next": target}), 303)
    if access.permission and not actor.may(access.permission):
        raise NotAllowed
    return _ask_for_proof(actor) if access.fresh_proof else None


def _ask_for_proof(actor: Actor) -> Response | None:
    """A program has no code to give."""
    if actor.proved_at is not None and clock.now() - actor.proved_at < PROOF_IS_FRESH_FOR:
        return None
    if request.path.startswith("/api/"):
        raise NotAllowed
    return redirect(url_for(PROVE_AGAIN, next=_way_back()), 303)


def _way_back() -> str:
    """The page to go on from: of a form that was sent, the nearest page at its address or above."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    addresses, path = cast(MapAdapter, current_app.create_url_adapter(request)), request.path
    while path and not addresses.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path or "/"


def _marked(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]  # functions carry attributes; typing cannot say which
    return view
