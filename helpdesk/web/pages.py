"""What every page shares, and the few pages that belong to no slice."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, current_app, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.core.actor import Actor
from helpdesk.settings import Settings
from helpdesk.web.access import current_actor, public
from helpdesk.web.errors import problem

ReadinessCheck = Callable[[], str | None]

blueprint = Blueprint("pages", __name__)


@dataclass(frozen=True)
class NavigationItem:
    """A link in the header, shown to those who may open it."""

    text: str
    endpoint: str
    permission: str | None = None
    # Staff have their own pages and do not need the ones for pharmacies.
    for_public_only: bool = False
    # Where else the reader is within it: how the addresses of its other pages begin.
    also: tuple[str, ...] = ()


@blueprint.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    return render_template("web/pages/accessibility.html")


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    return render_template("web/pages/privacy.html")


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """The database answers, and nothing that must go out has waited for too long."""
    checks: Sequence[ReadinessCheck] = current_app.extensions["readiness_checks"]
    try:
        reasons = [reason for check in checks if (reason := check())]
    except SQLAlchemyError:
        return problem(503, "The database does not answer, or was never set up.")
    return problem(503, " ".join(reasons)) if reasons else jsonify(status="ok")


def init_app(
    app: Flask, settings: Settings, *, navigation: Sequence[NavigationItem], checks: Sequence[ReadinessCheck]
) -> None:
    """Give every template what the layout needs, and say when the service is ready."""
    app.register_blueprint(blueprint)
    app.extensions["readiness_checks"] = checks
    asset = _hashed_asset_url(app)

    @app.context_processor
    def shared() -> dict[str, object]:
        actor = current_actor() if "actor" in g else None
        return {
            "service_name": settings.service_name,
            "navigation": [_link(item) for item in navigation if _is_shown(item, actor)],
            "actor": actor if actor and actor.is_signed_in else None,
            "csp_nonce": g.get("csp_nonce", ""),
            "helpdesk_phone": settings.escalation_phone,
            "helpdesk_email": settings.escalation_email,
            "opening_hours": settings.opening_hours,
            "asset": asset,
        }


def _hashed_asset_url(app: Flask) -> Callable[[str], str]:
    """An address that changes with the file, so that browsers may keep the file for ever."""

    @cache
    def content_hash(path: str) -> str:
        return hashlib.sha256((Path(str(app.static_folder)) / path).read_bytes()).hexdigest()[:12]

    return lambda path: url_for("static", filename=path, v=content_hash(path))


def _is_shown(item: NavigationItem, actor: Actor | None) -> bool:
    is_signed_in = actor is not None and actor.is_signed_in
    if item.permission:
        return actor is not None and actor.may(item.permission)
    return not (item.for_public_only and is_signed_in)


def _link(item: NavigationItem) -> dict[str, object]:
    url = url_for(item.endpoint)
    within = tuple(f"{path}/" for path in (url, *item.also) if path != "/")
    is_within = f"{request.path}/".startswith(within)
    return {"text": item.text, "url": url, "current": "page" if request.path == url else "true" if is_within else ""}
