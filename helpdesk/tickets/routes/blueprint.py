"""The tickets slice as Flask sees it."""

from flask import Blueprint, Flask

from helpdesk.tickets.presenters.shortcuts import places
from helpdesk.tickets.routes import (
    agent,
    bulk,
    calendar,
    call_backs,
    deadlines,
    drafts,
    escalation_rules,
    known_issues,
    own_call,
    queue,
    requester,
    saved_views,
    search,
)

blueprint = Blueprint("tickets", "helpdesk.tickets", template_folder="templates")

for part in (
    requester,
    own_call,
    queue,
    bulk,
    saved_views,
    search,
    agent,
    drafts,
    call_backs,
    calendar,
    deadlines,
    escalation_rules,
    known_issues,
):
    blueprint.register_blueprint(part.blueprint)


@blueprint.context_processor
def for_keys() -> dict[str, object]:
    """Every page of agents can be left by keyboard."""
    return {"places": places()}


def init_app(app: Flask) -> None:
    """Put the pages of tickets into the application."""
    app.register_blueprint(blueprint)
