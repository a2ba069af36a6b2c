"""Plain values of organisations, people and roles."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class OrganisationKind(StrEnum):
    PLATFORM = "platform"
    COMMISSIONER = "commissioner"
    COMPANY = "company"
    SITE = "site"


class Role(StrEnum):
    USER = "user"
    AGENT = "agent"
    LEAD_AGENT = "lead_agent"
    SITE_ADMINISTRATOR = "site_administrator"
    COMMISSIONER = "commissioner"
    PLATFORM_ADMINISTRATOR = "platform_administrator"


class PersonStatus(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    FROZEN = "frozen"
    LEFT = "left"


@dataclass(frozen=True)
class EmailAddress:
    """One address, in the three forms that matter."""

    # As typed, for showing and for sending to.
    display: str
    # Who has the same key has the same address.
    key: str
    # Who has the same collision key reads the same mailbox.
    collision: str

    @property
    def domain(self) -> str:
        return self.key.rpartition("@")[2]


@dataclass(frozen=True)
class HeldRole:
    """A role, the organisation at which it is held, and since when."""

    id: UUID
    role: Role
    organisation: str
    code: str
    path: str
    since: datetime


@dataclass(frozen=True)
class PersonEntry:
    """A person as the list of people shows them."""

    id: UUID
    name: str
    email: str
    status: PersonStatus
    # Those within the reader's own organisations.
    roles: tuple[HeldRole, ...]
    # Whether there was ever an authenticator; who has none needs a set-up link to log in.
    is_set_up: bool
    created_at: datetime
    left_at: datetime | None

    @property
    def has_left(self) -> bool:
        return self.status == PersonStatus.LEFT


@dataclass(frozen=True)
class PeopleFilter:
    """Which people somebody looks for; what is empty does not count."""

    search: str = ""
    status: PersonStatus | None = None
    role: Role | None = None
    organisation_code: str = ""
    is_not_set_up: bool = False


@dataclass(frozen=True)
class PeoplePage:
    """A page of the list of people; `after` is where the next one starts, or None at the end."""

    people: tuple[PersonEntry, ...]
    after: UUID | None


@dataclass(frozen=True)
class OrganisationEntry:
    """An organisation as lists and suggestions show it."""

    id: UUID
    kind: OrganisationKind
    name: str
    ods_code: str | None
    postcode: str
    address: str = ""

    @property
    def in_one_line(self) -> str:
        """Name, place and code, by which a person tells one pharmacy from another."""
        where = " ".join(part for part in (self.address, self.postcode) if part)
        named = ", ".join(part for part in (self.name, where) if part)
        return f"{named} ({self.ods_code})" if self.ods_code else named


@dataclass(frozen=True)
class NewPerson:
    """Somebody who is to have an account, as typed by whoever adds them."""

    email: str
    name: str
    role: Role
    organisation_code: str
    # Why an address that looks like a team's is this person's own.
    personal_because: str = ""
    # Somebody looked again at an address that is very like a known one.
    email_is_right: bool = False
    # Somebody made sure that this is not the person of the same name who has an account.
    is_another_person: bool = False
    # The number at which the person is rung back; '' when none is known.
    phone: str = ""


@dataclass(frozen=True)
class EmailWish:
    """The address that somebody asks for, as typed."""

    email: str
    personal_because: str = ""
    email_is_right: bool = False


@dataclass(frozen=True)
class RefusedLine:
    """A line of a file that adds nobody, and why."""

    number: int
    name: str
    email: str
    reason: str


ROLE_NAMES = {
    Role.USER: "Pharmacy user",
    Role.AGENT: "Helpdesk agent",
    Role.LEAD_AGENT: "Lead agent",
    Role.SITE_ADMINISTRATOR: "Site administrator",
    Role.COMMISSIONER: "Commissioner",
    Role.PLATFORM_ADMINISTRATOR: "Platform administrator",
}


STATUS_NAMES = {
    PersonStatus.INVITED: "Invited",
    PersonStatus.ACTIVE: "Active",
    PersonStatus.FROZEN: "Frozen",
    PersonStatus.LEFT: "Left",
}


class SiteOrder(StrEnum):
    NAME = "name"
    NOT_SET_UP = "not_set_up"
    ADMINISTRATORS = "administrators"


@dataclass(frozen=True)
class SiteEntry:
    """One pharmacy as whoever looks after an area sees it."""

    name: str
    code: str
    people: int
    not_set_up: int
    administrators: int


@dataclass(frozen=True)
class SitesPage:
    """A page of the sites, and figures of all of them."""

    sites: tuple[SiteEntry, ...]
    total: int
    without_administrator: int
    number: int
    size: int
