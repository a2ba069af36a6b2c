"""The mfa slice as Flask sees it."""

from flask import Blueprint, Flask

from helpdesk.mfa.routes import account, disputes, enrolment, sign_in
from helpdesk.mfa.routes.resets.blueprint import blueprint as resets

blueprint = Blueprint("mfa", "helpdesk.mfa", template_folder="templates")

for part in (sign_in, enrolment, account, disputes):
    blueprint.register_blueprint(part.blueprint)


def init_app(app: Flask) -> None:
    """Put the pages of authenticators into the application."""
    app.register_blueprint(blueprint)
    app.register_blueprint(resets)
