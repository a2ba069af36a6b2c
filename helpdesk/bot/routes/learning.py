"""What people asked in vain, for those who edit the answers. Texts are not redacted yet, so nobody else sees them."""

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.permissions import Permission
from helpdesk.bot.presenters.learning import learning_page
from helpdesk.bot.service.learning import TEXTS_SHOWN, groups_to_learn
from helpdesk.faq.service.dismissals import dismiss as dismiss_texts
from helpdesk.faq.service.library import current_library
from helpdesk.web.access import current_actor, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("bot_learning", "helpdesk.bot", url_prefix="/admin/faq/learning", template_folder="templates")


@blueprint.get("")
@requires(Permission.FAQ_EDIT)
def show() -> ResponseReturnValue:
    """See unanswered messages in groups, with the nearest answers and what a person answered."""
    page = learning_page(groups_to_learn(current_actor()), current_library())
    return render_template("bot/learning.html", page=page)


@blueprint.post("/dismiss")
@requires(Permission.FAQ_EDIT)
@commits
def dismiss() -> ResponseReturnValue:
    """Say that these messages are not for the FAQ."""
    dismiss_texts(request.form.getlist("phrasing")[:TEXTS_SHOWN], by=current_actor())
    return redirect(url_for("bot_learning.show"), 303)


def init_app(app: Flask) -> None:
    """Add the page."""
    app.register_blueprint(blueprint)
