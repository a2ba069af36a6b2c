"""Plain values of resets."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ResetState(StrEnum):
    REQUESTED = "requested"
    # Somebody made sure who the person is.
    CHECKED = "checked"
    # By everybody who had to; the link has not been made yet.
    APPROVED = "approved"
    # The link is on its way.
    ISSUED = "issued"
    COMPLETED = "completed"
    EXPIRED = "expired"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    DISPUTED = "disputed"


class ResetReason(StrEnum):
    LOST = "lost"
    STOLEN = "stolen"
    NEW_PHONE = "new_phone"
    APP_BROKEN = "app_broken"
    COMPROMISE = "compromise"
    LEAVER_RETURN = "leaver_return"


class EvidenceMethod(StrEnum):
    """How somebody made sure who a person is. What a person knows is none of them: others know it, too."""

    CALL_BACK = "call_back"
    IN_PERSON = "in_person"
    VIDEO = "video"
    MANAGER = "manager"


class EvidenceOutcome(StrEnum):
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class SecondReason(StrEnum):
    """Why one approval is not enough."""

    PRIVILEGED = "privileged"
    FRESH_CONTACTS = "fresh_contacts"
    RESET_BEFORE = "reset_before"
    DISPUTED_BEFORE = "disputed_before"
    MANY_APPROVALS = "many_approvals"
    MANAGER_ONLY = "manager_only"
    CHECK_FAILED = "check_failed"
    NIGHT = "night"


class ResetAct(StrEnum):
    """What is kept in the audit log about a reset."""

    REQUESTED = "reset:requested"
    NUMBER_SHOWN = "reset:number-shown"
    CHECKED = "reset:checked"
    CHECK_FAILED = "reset:check-failed"
    CHECK_FAILED_AGAIN = "reset:check-failed-again"
    FIRST_APPROVED = "reset:first-approved"
    APPROVED = "reset:approved"
    ISSUED = "reset:issued"
    SPOKEN_CODE_SHOWN = "reset:spoken-code-shown"
    LINK_RENEWED = "reset:link-renewed"
    COMPLETED = "reset:completed"
    EXPIRED = "reset:expired"
    REJECTED = "reset:rejected"
    CANCELLED = "reset:cancelled"
    DISPUTED = "reset:disputed"
    DISPUTE_REFUSED = "reset:dispute-refused"
    OLD_ENTRY_USED = "reset:old-entry-used"
    # As one of many, after an incident.
    BULK_STOPPED_ENTRY = "reset:bulk-stopped-entry"
    BULK_APPROVED = "reset:bulk-approved"


@dataclass(frozen=True)
class ApprovalFacts:
    """All that decides whether a second person must approve."""

    is_privileged: bool
    contacts_changed_at: datetime | None
    # The latest approval of another reset of this person, and the latest that somebody said was not theirs.
    approved_before_at: datetime | None
    disputed_before_at: datetime | None
    # By the one who approves now.
    approvals_in_last_hour: int
    methods: frozenset[EvidenceMethod]
    # When somebody last could not confirm who the person is.
    refused_at: datetime | None
    requested_at: datetime
    now: datetime


RESET_REASON_NAMES = {
    ResetReason.LOST: "The phone is lost",
    ResetReason.STOLEN: "The phone was stolen",
    ResetReason.NEW_PHONE: "They have a new phone",
    ResetReason.APP_BROKEN: "The authenticator app does not work",
    ResetReason.COMPROMISE: "Somebody else may have been in the account",
    ResetReason.LEAVER_RETURN: "They came back after a long time away",
}


SECOND_REASON_NAMES = {
    SecondReason.PRIVILEGED: "they have a role over others",
    SecondReason.FRESH_CONTACTS: "their email address or phone number changed in the last 14 days",
    SecondReason.RESET_BEFORE: "they had a reset in the last 7 days",
    SecondReason.DISPUTED_BEFORE: "they said in the last 30 days that a reset was not theirs",
    SecondReason.MANY_APPROVALS: "the first person approved more than 5 resets in an hour",
    SecondReason.MANAGER_ONLY: "only their manager confirmed who they are",
    SecondReason.CHECK_FAILED: "somebody could not confirm in the last day who they are",
    SecondReason.NIGHT: "it is between 11pm and 6am",
}


class BulkState(StrEnum):
    """Where the reset of many people at once stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    STOPPED = "stopped"


class ResetView(StrEnum):
    """Which resets a list shows."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


METHOD_NAMES = {
    EvidenceMethod.CALL_BACK: "I rang the number on record",
    EvidenceMethod.IN_PERSON: "I met them at the pharmacy",
    EvidenceMethod.VIDEO: "I saw them and their badge on video",
    EvidenceMethod.MANAGER: "I am their administrator and I confirm that it is them",
}
