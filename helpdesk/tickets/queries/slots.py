"""The times at which a call can still be promised."""

from collections import Counter
from datetime import datetime

from sqlalchemy import select

from helpdesk.core.working_time import Stretch
from helpdesk.db import db
from helpdesk.tickets.models.ticket import CallBackSlot
from helpdesk.tickets.queries.escalations import opening_calendar
from helpdesk.tickets.rules import CALL_BACKS_PER_SLOT, slots_ahead


def list_free_slots(now: datetime) -> list[Stretch]:
    """Every slot that has a place left, soonest first. None while nobody has set the working hours."""
    calendar = opening_calendar()
    if calendar is None:
        return []
    promised = Counter(db.session.scalars(select(CallBackSlot.starts_at).where(CallBackSlot.starts_at >= now)))
    return [slot for slot in slots_ahead(now, calendar) if promised[slot.starts] < CALL_BACKS_PER_SLOT]
