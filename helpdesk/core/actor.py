"""Who is doing something: a person signed in, a requester without an account, or the service itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """One who acts, as plain values: it outlives the transaction that looked it up."""

    name: str
    person_id: UUID | None = None
    role: str = ""
    # What this actor may do, and where: for each permission the paths of the organisations whose whole subtree it
    # covers; '' is everything. Who is a commissioner here and an agent there is each only in their place.
    grants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # When this person last proved in this browser who they are, with a code; None for programs and recovery codes.
    proved_at: datetime | None = None
    # The service itself may do everything everywhere.
    is_service: bool = False

    def may(self, permission: str) -> bool:
        """Whether this actor has the permission anywhere."""
        return self.is_service or permission in self.grants

    def reach(self, permission: str) -> tuple[str, ...]:
        """Paths of the organisations in which this actor has the permission; '' is everything."""
        return ("",) if self.is_service else self.grants.get(permission, ())

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None


SYSTEM = Actor(name="Helpdesk service", role="system", is_service=True)
BOT = Actor(name="Helpdesk assistant", role="bot")


def requester(name: str) -> Actor:
    """The person who asks, known by name only: they have no account here, or are locked out of it."""
    return Actor(name=name, role="requester")
