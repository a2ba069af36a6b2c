"""Writing the audit log."""

import json
from uuid import UUID

from helpdesk.audit.models import AuditEvent
from helpdesk.audit.types import DetailValue
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import db


def record(action: str, *, by: Actor, target: str, organisation_id: UUID | None = None, **detail: DetailValue) -> None:
    """Note who did what to which thing, in the transaction of the change itself: both are kept, or neither."""
    event = AuditEvent(
        at=clock.now(),
        actor_id=by.person_id,
        actor_role=by.role,
        action=action,
        target=target,
        organisation_id=organisation_id,
        detail=json.dumps(detail, sort_keys=True, ensure_ascii=False),
    )
    db.session.add(event)
