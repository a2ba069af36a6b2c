"""Who is doing something: a person signed in, a requester without an account, or the service itself."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """One who acts, as plain values: it outlives the transaction that looked it up."""

    name: str
    person_id: UUID | None = None
    role: str = ""
    permissions: frozenset[str] = frozenset()
    # Paths of the organisations whose whole subtree this actor may see; '' is everything.
    scopes: tuple[str, ...] = field(default=())

    def may(self, permission: str) -> bool:
        """Whether a role that this actor holds brings the permission."""
        return permission in self.permissions

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None


SYSTEM = Actor(name="Helpdesk service", role="system", scopes=("",))
BOT = Actor(name="Helpdesk assistant", role="bot")


def requester(name: str) -> Actor:
    """The person who asks, known by name only: they have no account here, or are locked out of it."""
    return Actor(name=name, role="requester")
