"""Telling everybody at once what is broken, and that it is mended."""

from uuid import uuid4

from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.tickets.models.known_issues import KnownIssue


def open_issue(title: str, what_to_do: str, topic: str, *, by: Actor) -> KnownIssue:
    """Tell everybody who asks that this is broken, and what to do."""
    issue = KnownIssue(
        id=uuid4(),
        title=title,
        what_to_do=what_to_do,
        topic=topic,
        opened_at=clock.now(),
        opened_by_id=by.person_id,
    )
    db.session.add(issue)
    record("known_issue:opened", by=by, target=str(issue.id), topic=topic)
    db.session.flush()
    return issue


def close_issue(issue: KnownIssue, *, by: Actor) -> None:
    """Say that it is mended. Said again, it changes nothing."""
    if issue.closed_at is not None:
        return
    issue.closed_at, issue.closed_by_id = clock.now(), by.person_id
    record("known_issue:closed", by=by, target=str(issue.id))
    db.session.flush()
