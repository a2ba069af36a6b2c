"""When a second person must approve a reset, as one decision on plain values.

A role at an organisation that is not the approver's is no reason here: such an approver is refused outright.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.mfa.types.resets import ApprovalFacts, EvidenceMethod, SecondReason

LONDON = ZoneInfo("Europe/London")

CONTACTS_ARE_FRESH_FOR = timedelta(days=14)
RESET_BEFORE_WITHIN = timedelta(days=7)
DISPUTED_BEFORE_WITHIN = timedelta(days=30)
REFUSED_WITHIN = timedelta(days=1)
# One more than these in an hour is unusual for one administrator, and usual for somebody with their phone.
APPROVALS_AN_HOUR = 5
# Nobody is at work, and nobody reads the notices.
NIGHT_STARTS, NIGHT_ENDS = 23, 6


def why_second(facts: ApprovalFacts) -> list[SecondReason]:
    """Every reason for a second person; none means that one is enough."""
    now = facts.now
    found = {
        SecondReason.PRIVILEGED: facts.is_privileged,
        SecondReason.FRESH_CONTACTS: _is_within(facts.contacts_changed_at, CONTACTS_ARE_FRESH_FOR, now),
        SecondReason.RESET_BEFORE: _is_within(facts.approved_before_at, RESET_BEFORE_WITHIN, now),
        SecondReason.DISPUTED_BEFORE: _is_within(facts.disputed_before_at, DISPUTED_BEFORE_WITHIN, now),
        SecondReason.MANY_APPROVALS: facts.approvals_in_last_hour >= APPROVALS_AN_HOUR,
        SecondReason.MANAGER_ONLY: facts.methods <= {EvidenceMethod.MANAGER},
        SecondReason.CHECK_FAILED: _is_within(facts.refused_at, REFUSED_WITHIN, now),
        SecondReason.NIGHT: _is_at_night(facts.requested_at) or _is_at_night(now),
    }
    return [reason for reason, holds in found.items() if holds]


def _is_within(moment: datetime | None, stretch: timedelta, now: datetime) -> bool:
    return moment is not None and now - moment < stretch


def _is_at_night(moment: datetime) -> bool:
    hour = moment.astimezone(LONDON).hour
    return hour >= NIGHT_STARTS or hour < NIGHT_ENDS
