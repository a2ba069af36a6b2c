"""Pages that other sites may show in a frame. Browsers send no cookie there, so their forms carry the secret.

A slice registers a blueprint a second time under the name FRAME, and its pages can be framed under /embed.
"""

from flask import Blueprint, Flask, abort, g, request
from werkzeug.wrappers import Response

from helpdesk.core.errors import NotAllowed
from helpdesk.extensions import csrf
from helpdesk.settings import in_use
from helpdesk.web.access import public
from helpdesk.web.security import ensure_few_fields
from helpdesk.web.static_files import send

# The name of the second registration, and the path below which it stands.
FRAME, FRAME_PATH = "embed", "/embed"
# Changes with a release; who embeds us should get it within the hour.
SCRIPT_KEPT_FOR_SECONDS = 3600
# The one field that every form of ours has.
FIELD = "csrf_token"

blueprint = Blueprint("framing", __name__)


def init_app(app: Flask) -> None:
    """Guard every form: by its token and cookie, or in a frame by the secret that it carries."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.before_request(_guard)
    app.context_processor(lambda: {"framed": is_framed(), "frame_origins": " ".join(in_use().embed_origins)})
    app.register_blueprint(blueprint)


@blueprint.get("/embed.js")
@public
def script() -> Response:
    """What another site loads to show the chat."""
    _ensure_embedding_is_on()
    answer = send("embed.js")
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    g.kept_for_seconds = SCRIPT_KEPT_FOR_SECONDS
    return answer


def is_framed() -> bool:
    """Whether this page may stand in a frame of another site."""
    return request.blueprint == FRAME


def secret_of_form() -> str:
    """The secret that came with a form in a frame."""
    return request.form.get(FIELD, "")


def carry_in_forms(secret: str) -> None:
    """Print the secret into every form of this page, in place of a token that a cookie would have to match."""
    setattr(g, FIELD, secret)  # where Flask-WTF looks before it makes a token of its own


def _guard() -> None:
    if is_framed():
        _ensure_embedding_is_on()
        g.frame_ancestors = in_use().embed_origins  # first, so that a refusal can be read in the frame
    ensure_few_fields()
    if not is_framed():
        csrf.protect(apply_exemptions=True)
        return
    _ensure_sent_by_our_own_page()
    carry_in_forms(secret_of_form())


def _ensure_embedding_is_on() -> None:
    if not in_use().embed_origins:
        abort(404)


def _ensure_sent_by_our_own_page() -> None:
    """Nobody can use a secret that they do not know; but they could make somebody write into a chat of their own."""
    ours = {None, in_use().public_url, request.host_url.rstrip("/")}
    if request.method == "POST" and request.headers.get("Origin") not in ours:
        raise NotAllowed
