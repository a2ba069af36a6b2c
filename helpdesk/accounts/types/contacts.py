"""Plain values of how a person can be reached."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChangeState(StrEnum):
    """Where a change of address stands."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"


@dataclass(frozen=True)
class PendingChange:
    """A change of address that waits for its confirmation."""

    email: str
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class OfferedChange:
    """What somebody sees who opens a link about a change of address."""

    person_name: str
    old_email: str
    new_email: str
    state: ChangeState


@dataclass(frozen=True)
class PhoneOnRecord:
    """A number as it may be shown: its last digits, and since when it is on record. '' when it cannot be read."""

    ending: str
    since: datetime


@dataclass(frozen=True)
class Contacts:
    """How a person can be reached besides the address with which they log in."""

    phone: PhoneOnRecord | None
    # '' when there is none.
    second_email: str
    # The one that waits to be confirmed, or ''.
    second_email_asked: str


@dataclass(frozen=True)
class OfferedAddress:
    """What somebody sees who opens the link that confirms a second address."""

    person_name: str
    email: str
