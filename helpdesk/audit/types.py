"""Plain values of the audit log. An action is a plain string such as 'ticket:resolved'; each slice keeps its own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

# What a detail may be. Never what people typed, never a secret: the log is kept for years.
DetailValue = str | int | bool | None

# Before the first row there is nothing to follow.
NOTHING_BEFORE = bytes(32)


@dataclass(frozen=True)
class AuditRow:
    """One row as it is sealed: all that it says, and its place in the log."""

    sequence: int
    id: UUID
    at: datetime
    actor_id: UUID | None
    actor_role: str
    action: str
    target: str
    organisation_id: UUID | None
    detail: str


@dataclass(frozen=True)
class SealedRow:
    """A row with its seal, and the seal of the row that it follows."""

    row: AuditRow
    previous_hash: bytes
    hash: bytes


@dataclass(frozen=True)
class AuditEntry:
    """A row as somebody reads it."""

    sequence: int
    at: datetime
    actor_id: UUID | None
    actor_role: str
    action: str
    organisation_id: UUID | None
    target: str
    detail: dict[str, DetailValue]


@dataclass(frozen=True)
class Head:
    """The last row of the log and its seal. Who keeps one elsewhere can tell later that the log was not shortened."""

    sequence: int
    # In hexadecimal; printed in full, or its beginning alone.
    hash: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"


@dataclass(frozen=True)
class Examination:
    """What came of reading the log from its first row to its last."""

    rows: int
    # The last row that is as it was sealed, or None where there is none.
    head: Head | None
    # What is wrong first, in a sentence; '' when nothing is.
    fault: str = ""
