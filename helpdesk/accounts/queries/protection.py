"""What protects people's accounts. Only a slice above knows, so the wiring of the application says whom to ask."""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from helpdesk.accounts.types.log_ins import AccountProtection

Tell = Callable[[Collection[UUID]], Mapping[UUID, AccountProtection]]

_asked: list[Tell] = []


def ask_for_protections(tell: Tell) -> None:
    """Make this the one that is asked; the app does so when it is made."""
    _asked[:] = [tell]


def protections_of(people: Collection[UUID]) -> Mapping[UUID, AccountProtection]:
    """What protects each of these accounts; whoever has no authenticator is left out."""
    return _asked[0](people)
