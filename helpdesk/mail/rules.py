"""When a mail that was not taken is tried again."""

from datetime import datetime, timedelta

# Decided with the helpdesk: soon at first, for a busy server; then rarely, for a full mailbox.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
# The waits add up to 24 hours: six of them take 113 minutes, then every hour.
MOST_ATTEMPTS = 29
# An attempt that never reports its end (the process died) is over after this time. A send has 20 seconds a step.
LEASE = timedelta(minutes=2)


def next_attempt_at(attempts: int, *, now: datetime) -> datetime | None:
    """When to try again after so many attempts, or None when it is time to give up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return now + _wait(attempts)


def lease_ends_at(attempts: int, *, now: datetime) -> datetime:
    """Until when this attempt may take. A mail that takes its process down with it is tried ever more rarely."""
    return now + max(LEASE, _wait(attempts))


def _wait(attempts: int) -> timedelta:
    return WAITS[min(max(attempts, 1), len(WAITS)) - 1]
