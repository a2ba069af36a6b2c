"""The accounts slice as Flask sees it."""

from uuid import UUID

from flask import Blueprint, Flask, request
from werkzeug.wrappers import Response

from helpdesk.accounts.routes import (
    address,
    contacts,
    email_links,
    importing,
    listing,
    own_account,
    own_contacts,
    person,
    roles,
    second_address_links,
    signing_in,
    sites,
    states,
)
from helpdesk.accounts.service.refusals import note_refusal
from helpdesk.web.access import current_actor

people = Blueprint("people", "helpdesk.accounts", url_prefix="/admin/people")

# Not allowed, not there or not yours, against a rule. What is only mistyped is nobody's business.
REFUSED = {403, 404, 409}

for part in (listing, importing, person, roles, states, address, contacts):
    people.register_blueprint(part.blueprint)


@people.after_request
def audit_refusal(response: Response) -> Response:
    """Keep what somebody tried on people and was refused."""
    if response.status_code in REFUSED and current_actor().is_signed_in:
        person_id = (request.view_args or {}).get("person_id")
        act = (request.endpoint or "").removeprefix("people.")
        note_refusal(
            by=current_actor(),
            act=f"{request.method} {act}",
            person_id=person_id if isinstance(person_id, UUID) else None,
            status=response.status_code,
        )
    return response


def init_app(app: Flask) -> None:
    """Add the pages."""
    for pages in (signing_in, own_account, own_contacts, email_links, second_address_links, sites):
        app.register_blueprint(pages.blueprint)
    app.register_blueprint(people)
