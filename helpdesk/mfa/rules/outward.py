"""What is done at the provider of sign-in for a reset, in which order, and when a step that failed is tried again."""

from datetime import datetime, timedelta

from helpdesk.mfa.types.outward import OutwardStep

# Whoever holds the phone, or was in the account, is stopped at once; the rest waits until the reset may go on.
AT_ONCE = (OutwardStep.SUSPEND, OutwardStep.END_SESSIONS)
# The old entry works until the moment in which the new one can be set up.
IN_TIME = (OutwardStep.REMOVE, OutwardStep.START_SET_UP)

# The place of what follows the set-up of the new entry: after all of the above.
AFTER_SET_UP = 10
# The place of what stops somebody: before everything that is still to do, or failed.
FIRST_OF_ALL = -1

# Soon, because a person waits for the link; then rarely. Together just under 24 hours, as long as a request lasts.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60, 120, 240, 420, 480))
MOST_ATTEMPTS = len(WAITS) + 1
# An attempt that never reports its end (the process died) is over after this time.
LEASE = timedelta(minutes=2)


def steps_of_reset(*, suspends: bool) -> tuple[OutwardStep, ...]:
    """The steps of one reset in their order."""
    return (*AT_ONCE, *IN_TIME) if suspends else (*IN_TIME, OutwardStep.END_SESSIONS)


def next_attempt_at(attempts: int, *, now: datetime) -> datetime | None:
    """When to try again after so many attempts, or None when it is time to give up."""
    return None if attempts >= MOST_ATTEMPTS else now + WAITS[attempts - 1]
