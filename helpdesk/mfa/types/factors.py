"""Plain values of authenticators, codes and recovery codes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class FactorState(StrEnum):
    # Shown to the person, not confirmed by a code yet.
    PENDING = "pending"
    ACTIVE = "active"
    # Stopped because a phone is lost; no code of it is accepted.
    SUSPENDED = "suspended"
    RETIRED = "retired"


class Lane(StrEnum):
    """Where tries come from. Each has a count of its own, so that a stranger cannot use up the owner's."""

    KNOWN_PLACE = "known_place"
    UNKNOWN_PLACE = "unknown_place"
    RECOVERY = "recovery"
    # From a session that is open already.
    STEP_UP = "step_up"


class Verdict(StrEnum):
    """What became of a code that was typed."""

    ACCEPTED = "accepted"
    MALFORMED = "malformed"
    WRONG = "wrong"
    USED_BEFORE = "used_before"
    CLOCK_IS_OFF = "clock_is_off"
    OLD_ENTRY = "old_entry"
    NO_FACTOR = "no_factor"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Judgement:
    """A verdict and what the person is told about it."""

    verdict: Verdict
    words: str = ""

    @property
    def is_accepted(self) -> bool:
        return self.verdict is Verdict.ACCEPTED


@dataclass(frozen=True)
class Claim:
    """Who says that a code is theirs, and from where."""

    person_id: UUID
    generation: int
    epoch: int
    lane: Lane


@dataclass(frozen=True)
class SetUp:
    """What a person needs to add an entry to their authenticator."""

    address: str
    key_in_groups: str
    label: str
    issuer: str
    period: int
    replaces_an_entry: bool


@dataclass(frozen=True)
class Protection:
    """What protects an account, for its owner to see."""

    label: str
    confirmed_at: datetime
    recovery_codes_left: int
