"""Plain values of logging in, and of the links that help with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class LinkPurpose(StrEnum):
    """What a mailed link helps with, once its reader has proved more than that they read the mail."""

    # To choose a new password.
    FORGOTTEN = "forgotten"
    # To let codes be tried again where too many were wrong.
    RELEASE = "release"


@dataclass(frozen=True)
class OpenSession:
    """A browser in which a person is logged in, as its owner sees it."""

    id: UUID
    browser: str
    started_at: datetime
    used_at: datetime
    is_this_one: bool


@dataclass(frozen=True)
class Proof:
    """A password that was given a moment ago, as plain values: they outlive the transaction that read them."""

    id: UUID
    person_id: UUID
    epoch: int
    generation: int
    is_from_known_place: bool
    may_enrol: bool
    setup_link_id: UUID | None


@dataclass(frozen=True)
class LinkHolder:
    """Whom a set-up link is for."""

    link_id: UUID
    person_id: UUID
    email: str
    has_password: bool
    # Somebody said a code to this person over the phone; it is asked for with the password.
    asks_spoken_code: bool


@dataclass(frozen=True)
class OpenLink:
    """A mailed link that is still good, and whose it is."""

    id: UUID
    person_id: UUID


@dataclass(frozen=True)
class AccountProtection:
    """How the log-in of one person stands, for those who look after the account."""

    # Which of the person's authenticators it is.
    generation: int
    since: datetime
    is_suspended: bool
    recovery_codes_left: int
    # Until when wrong codes keep codes from being tried somewhere.
    locked_until: datetime | None
    # So many were wrong that waiting does not help.
    is_closed: bool
