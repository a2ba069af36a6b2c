"""What is known to be broken: everybody may read it."""

from uuid import UUID

from sqlalchemy import select

from helpdesk.core.errors import NotFound
from helpdesk.db import db
from helpdesk.tickets.models.known_issues import KnownIssue

# Older ones help nobody.
HISTORY = 20


# Made once: it runs with every page of the chat.
_OPEN_ONES = (
    select(KnownIssue).where(KnownIssue.closed_at.is_(None)).order_by(KnownIssue.opened_at.desc(), KnownIssue.id)
)
_NEWEST_OPEN_ONE = _OPEN_ONES.limit(1)


def list_open_issues() -> list[KnownIssue]:
    """What is broken now, the newest first: that one is on the banner."""
    return list(db.session.scalars(_OPEN_ONES))


def find_current_issue() -> KnownIssue | None:
    """The one issue that the banner shows, or None."""
    return db.session.scalar(_NEWEST_OPEN_ONE)


def list_closed_issues() -> list[KnownIssue]:
    """What was broken lately and is mended, the newest first."""
    closed = select(KnownIssue).where(KnownIssue.closed_at.is_not(None))
    return list(db.session.scalars(closed.order_by(KnownIssue.closed_at.desc(), KnownIssue.id).limit(HISTORY)))


def issue_to_change(issue_id: UUID) -> KnownIssue:
    """The issue, held so that nobody else changes it meanwhile."""
    found = db.session.scalar(select(KnownIssue).where(KnownIssue.id == issue_id).with_for_update())
    if found is None:
        raise NotFound
    return found
