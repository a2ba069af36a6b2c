"""The accounts slice as Flask sees it."""

from flask import Blueprint, Flask

from helpdesk.accounts.routes import listing, signing_in

people = Blueprint("people", "helpdesk.accounts", url_prefix="/admin/people")

for part in (listing,):
    people.register_blueprint(part.blueprint)


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(signing_in.blueprint)
    app.register_blueprint(people)
