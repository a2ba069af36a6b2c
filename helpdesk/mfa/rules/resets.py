"""What holds for resets of a log-in: the order of its states, what counts as evidence, and how long things last."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from helpdesk.accounts.types.directory import Role
from helpdesk.mfa.errors import ResetMovedOn
from helpdesk.mfa.types.resets import EvidenceMethod, ResetReason, ResetState

REQUESTED, CHECKED, APPROVED, ISSUED, COMPLETED = (
    ResetState.REQUESTED,
    ResetState.CHECKED,
    ResetState.APPROVED,
    ResetState.ISSUED,
    ResetState.COMPLETED,
)
# Anybody concerned can stop a reset while it is open.
STOPPED = frozenset({ResetState.CANCELLED, ResetState.DISPUTED, ResetState.EXPIRED})
# To its own state: something is added, such as more evidence, a first approval, or a new link.
MOVES: dict[ResetState, frozenset[ResetState]] = {
    REQUESTED: STOPPED | {REQUESTED, CHECKED, ResetState.REJECTED},
    CHECKED: STOPPED | {CHECKED, APPROVED, ResetState.REJECTED},
    APPROVED: STOPPED | {APPROVED, ISSUED},
    ISSUED: STOPPED | {ISSUED, COMPLETED},
    COMPLETED: frozenset({ResetState.DISPUTED}),
}
OPEN = (REQUESTED, CHECKED, APPROVED, ISSUED)

# Whoever holds the phone, or was in the account, must not get in while the owner waits for the link.
STOPS_OLD_ENTRY = frozenset({ResetReason.LOST, ResetReason.STOLEN, ResetReason.COMPROMISE})

# Security decided these with the design: a number that a thief put on record shortly before proves nothing.
PHONE_COUNTS_AFTER = timedelta(days=14)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
EVIDENCE_COUNTS_FOR = timedelta(minutes=30)
# A request that nobody decided is over after a day: until then the contacts of the person cannot change.
REQUEST_LASTS = timedelta(hours=24)
# NIST allows 24 hours for a link by email; the person waits for this one.
LINK_LASTS = timedelta(minutes=60)
# Time in which an administrator who never asked for it can stop it.
PRIVILEGED_WAITS = timedelta(minutes=60)
DISPUTED_WITHIN = timedelta(days=7)
COOL_DOWN, COOL_DOWN_OF_STAFF = timedelta(hours=24), timedelta(hours=72)
# From so many checks that failed within a day on, everybody concerned is told.
FAILED_CHECKS_ARE_TOLD_FROM = 2
FAILED_CHECKS_COUNT_FOR = timedelta(days=1)


# More than a large pharmacy group's site staff, and few enough to look at.
MOST_IN_A_BULK = 500


def list_hash(person_ids: Iterable[UUID]) -> str:
    """What stands for a list of people: it differs when anybody is added, left out or exchanged."""
    return hashlib.sha256("\n".join(sorted(str(one) for one in person_ids)).encode()).hexdigest()


def ensure_move(old: ResetState, new: ResetState) -> None:
    """Refuse what does not follow from the state in which a reset is."""
    if new not in MOVES.get(old, frozenset()):
        raise ResetMovedOn


def is_privileged(roles: Iterable[Role]) -> bool:
    """Whether somebody holds any role above that of a pharmacy user."""
    return any(role is not Role.USER for role in roles)


def phone_counts(since: datetime | None, now: datetime) -> bool:
    """Whether ringing the number on record shows who a person is."""
    return since is not None and now - since >= PHONE_COUNTS_AFTER


def methods_to_offer(*, has_old_phone: bool, is_of_their_organisation: bool, is_manager: bool) -> list[EvidenceMethod]:
    """How somebody can make sure who the person is, the surest first.

    An agent of the helpdesk is at no pharmacy; a manager is a site administrator of the person's own site.
    """
    offered = {
        EvidenceMethod.CALL_BACK: has_old_phone,
        EvidenceMethod.IN_PERSON: is_of_their_organisation,
        EvidenceMethod.VIDEO: True,
        EvidenceMethod.MANAGER: is_manager,
    }
    return [method for method, is_offered in offered.items() if is_offered]


def waits_before_link(roles: Iterable[Role]) -> timedelta:
    """How long after the approval the link is made."""
    return PRIVILEGED_WAITS if is_privileged(roles) else timedelta(0)


def cool_down(roles: Iterable[Role]) -> timedelta:
    """How long somebody lets nobody else in after a reset."""
    return COOL_DOWN_OF_STAFF if is_privileged(roles) else COOL_DOWN
