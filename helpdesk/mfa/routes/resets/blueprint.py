"""The pages of resets, and the trace of every refusal among them."""

from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from helpdesk.accounts.service.refusals import note_refusal
from helpdesk.mfa.queries.resets import find_person_id
from helpdesk.mfa.routes.resets import bulk, listing, starting, steps
from helpdesk.web.access import current_actor

blueprint = Blueprint("resets", "helpdesk.mfa", url_prefix="/admin/resets")

# Not allowed, not there or not yours, against a rule. What is only mistyped is nobody's business.
REFUSED = {403, 404, 409}

for part in (bulk, listing, starting, steps):
    blueprint.register_blueprint(part.blueprint)


@blueprint.after_request
def audit_refusal(response: Response) -> Response:
    """Keep what somebody tried on a reset and was refused."""
    if response.status_code in REFUSED and current_actor().is_signed_in:
        act = f"{request.method} {(request.endpoint or '')}"
        note_refusal(by=current_actor(), act=act, person_id=_person_concerned(), status=response.status_code)
    return response


def _person_concerned() -> UUID | None:
    """Whose log-in it was about, if that can be told."""
    reset_id = (request.view_args or {}).get("reset_id")
    if isinstance(reset_id, UUID):
        return find_person_id(reset_id)
    try:
        return UUID(request.form.get("person", ""))
    except ValueError:
        return None
