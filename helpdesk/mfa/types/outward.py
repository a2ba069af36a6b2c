"""Plain values of what is done at a provider of sign-in."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class OutwardStep(StrEnum):
    """What is done at the provider of sign-in when a log-in is reset here."""

    SUSPEND = "suspend"
    REMOVE = "remove"
    START_SET_UP = "start_set_up"
    END_SESSIONS = "end_sessions"
    # After the person set up a new entry here: it counts there, too; or it does not any more.
    HAND_OVER = "hand_over"
    TAKE_BACK = "take_back"


class StepState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    # For good: a person must look.
    FAILED = "failed"


class Outward(StrEnum):
    """How far all the steps of one reset have come."""

    NOTHING_TO_DO = "nothing_to_do"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class OutwardState:
    """How far a reset has come at the provider, with a sentence for staff where there is something to say."""

    outward: Outward
    sentence: str = ""

    @property
    def lets_reset_go_on(self) -> bool:
        """Whether the link may be sent: everything at the provider is done, or there is nothing to do."""
        return self.outward in (Outward.NOTHING_TO_DO, Outward.DONE)


@dataclass(frozen=True, repr=False)
class NewEntry:
    """An authenticator that the person confirmed here, for a provider that takes it over. Never logged: no repr."""

    id: UUID
    secret: str
    period: int
    label: str


@dataclass(frozen=True)
class OutsideAccount:
    """A person's account at the provider."""

    # Never given to somebody else there, and kept here.
    external_id: str
    # What the provider calls it in its own addresses.
    name: str
