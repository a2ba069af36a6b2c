"""How long people waited for us."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.tickets.models.ticket import Ticket

# Enough for a figure that one busy day does not turn.
MOST_CASES = 200
# Reserved for examples (RFC 2606): nobody real writes from there.
MADE_UP = "%.example"


def waits_for_first_answer(
    ticket: Ticket, *, since: datetime, until: datetime
) -> Sequence[tuple[datetime, datetime | None]]:
    """When the newest requests like this one were opened and first answered; None for those that still wait."""
    answered_at = func.coalesce(Ticket.first_responded_at, Ticket.resolved_at)
    alike = select(Ticket.opened_at, answered_at).where(
        Ticket.route == ticket.route,
        Ticket.patient_waiting == ticket.patient_waiting,
        Ticket.opened_at.between(since, until),
        Ticket.requester_email.not_like(MADE_UP),
    )
    rows = db.session.execute(alike.order_by(Ticket.opened_at.desc()).limit(MOST_CASES)).all()
    return cast("Sequence[tuple[datetime, datetime | None]]", rows)
