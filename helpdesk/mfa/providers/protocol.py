"""What every provider of sign-in can do. Each call may be made again: what is done already is no fault."""

from typing import Protocol

from helpdesk.mfa.types.outward import NewEntry, OutsideAccount


class Provider(Protocol):
    """Another system that keeps the second step of people's sign-in. ProviderAway or ProviderRefused says why not."""

    @property
    def name(self) -> str: ...

    @property
    def takes_entries(self) -> bool:
        """Whether it takes over the entry that the person sets up here. Otherwise they set up one more there."""
        ...

    def find_by_id(self, external_id: str) -> OutsideAccount:
        """The account that was found before. Refused when it is not there any more, or is another one."""
        ...

    def find_by_email(self, email: str) -> OutsideAccount:
        """The one account with exactly this address. Refused when there is none, or more than one."""
        ...

    def suspend(self, account: OutsideAccount) -> None:
        """Let nobody in with the old entry, as far as the provider can without removing it."""
        ...

    def remove(self, account: OutsideAccount) -> None:
        """Take the old entry away."""
        ...

    def start_set_up(self, account: OutsideAccount) -> None:
        """Let the person set up a new entry there."""
        ...

    def end_sessions(self, account: OutsideAccount) -> None:
        """Log the person out everywhere."""
        ...

    def hand_over(self, account: OutsideAccount, entry: NewEntry) -> None:
        """Let codes of the entry that was set up here count there, too."""
        ...
