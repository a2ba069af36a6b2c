"""A limit on searching for people, so that nobody copies the directory through the search box."""

from datetime import timedelta

from helpdesk.audit.service import record
from helpdesk.core.actor import Actor
from helpdesk.core.errors import TooMany
from helpdesk.core.throttle import Limit, is_allowed
from helpdesk.db import write_transaction

WINDOW = timedelta(minutes=10)
# Somebody who tidies up a large group searches every few seconds.
SEARCHES = Limit("people-search", most=200, per=WINDOW, message="")
TOLD = Limit("people-search-told", most=1, per=WINDOW, message="")
TOO_MANY = "You searched too often. Wait 10 minutes, then try again."


def count_search(*, by: Actor) -> None:
    """Count a search, or TooMany. The audit log gets one row for a burst, however long it goes on."""
    key = str(by.person_id)
    with write_transaction():
        if is_allowed(SEARCHES, key):
            return
        if is_allowed(TOLD, key):
            record("person:searched-too-often", by=by, target=f"person:{key}")
    raise TooMany(TOO_MANY, int(WINDOW.total_seconds()))
