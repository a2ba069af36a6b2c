"""What holds for codes, authenticators and recovery codes. Pure decisions on plain values."""

import re
from datetime import datetime, timedelta

from helpdesk.accounts.permissions import Permission

# Consecutive wrong codes, and how long the next try has to wait. Five are free: people mistype.
WAITS = {
    6: timedelta(seconds=30),
    7: timedelta(minutes=1),
    8: timedelta(minutes=2),
    9: timedelta(minutes=5),
    10: timedelta(minutes=10),
    11: timedelta(minutes=30),
    20: timedelta(hours=1),
}
# NIST 800-63B allows 100 consecutive wrong tries for each account: half of them from places that we know.
LANE_CLOSES_AFTER = 50
# From then on the owner is told: whoever types codes has the password already.
OWNER_IS_TOLD_AFTER = 5

# An authenticator is set up while the page is open; NIST and Entra give the same time.
PENDING_LASTS = timedelta(minutes=10)
MOST_TRIES_TO_CONFIRM = 10
# For so long a code of the old entry is recognised, so that people can be told which entry to use.
RETIRED_SECRET_KEPT_FOR = timedelta(days=7)

RECOVERY_CODES = 10
# From then on the person is asked to make new ones.
FEW_RECOVERY_CODES = 3

# A code of the next period is accepted, and a recovery code skips one more; beyond that the clock was wrong.
CLOCK_MAY_DIFFER = timedelta(minutes=3)

LONGEST_LABEL = 60
STAFF_CODE = "HELPDESK"
PERIOD_SECONDS = 30


def generation_of_next(person_generation: int) -> int:
    """The generation of the authenticator that a person would set up now."""
    return person_generation + 1


def label(*, site_code: str | None, email: str, generation: int) -> str:
    """What the entry is called in the app: 'FA123 jo.smith@nhs.net (2)'.

    A locum's sites differ by code and a new entry from the dead one by number: some apps overwrite equal labels. Only
    plain characters, because some apps show others wrongly, and no colon, which would end the issuer's name.
    """
    end = f" ({generation})" if generation > 1 else ""
    plain = re.sub(r"[^A-Za-z0-9.@+_' -]", "", f"{site_code or STAFF_CODE} {email}")
    return plain[: LONGEST_LABEL - len(end)] + end


def pending_is_over(created_at: datetime, now: datetime) -> bool:
    """Whether an authenticator that was never confirmed can no longer be."""
    return now - created_at >= PENDING_LASTS


def recovery_code_opens_set_up_only(permissions: frozenset[str]) -> bool:
    """Whether a recovery code leads to a new set-up and nowhere else: for those who make accounts for others."""
    return Permission.PEOPLE_EDIT in permissions
