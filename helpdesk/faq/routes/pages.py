"""The pages of the FAQ, open to everybody: who is locked out can read them."""

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.faq.presenters import pages as presenters
from helpdesk.faq.service import library as service
from helpdesk.web.access import public

# Longer than anybody types into a search box.
MAX_QUERY = 200

blueprint = Blueprint("faq", "helpdesk.faq", url_prefix="/faq", template_folder="templates")


@blueprint.get("", strict_slashes=False)
@public
def browse() -> ResponseReturnValue:
    """See all topics, or search in the answers."""
    query = _query()
    found = service.search(query) if query else []
    page = presenters.browse_page(service.current_library(), query, found)
    return render_template("faq/browse.html", page=page)


@blueprint.get("/<topic_id>")
@public
def topic(topic_id: str) -> ResponseReturnValue:
    """See one topic's answers."""
    page = presenters.topic_page(service.current_library(), service.get_topic(topic_id))
    return render_template("faq/topic.html", page=page)


@blueprint.get("/<topic_id>/<slug>")
@public
def answer(topic_id: str, slug: str) -> ResponseReturnValue:
    """Read one answer."""
    page = presenters.answer_page(service.current_library(), service.get_answer(f"{topic_id}/{slug}"))
    return render_template("faq/answer.html", page=page)


def init_app(app: Flask) -> None:
    """Add the FAQ's pages."""
    app.register_blueprint(blueprint)


def _query() -> str:
    """What was typed, on one line, without control characters."""
    text = request.args.get("q", "")[:MAX_QUERY]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
