"""The provider that is none: the second step is kept here alone, and nothing is done outward."""

from dataclasses import dataclass

from helpdesk.mfa.types.outward import NewEntry, OutsideAccount

LOCAL = "local"


@dataclass(frozen=True)
class LocalProvider:
    """Our own authenticators. The account is the person's own here."""

    name: str = LOCAL
    takes_entries: bool = False

    def find_by_id(self, external_id: str) -> OutsideAccount:
        return OutsideAccount(external_id, external_id)

    def find_by_email(self, email: str) -> OutsideAccount:
        return OutsideAccount(email, email)

    def suspend(self, account: OutsideAccount) -> None: ...

    def remove(self, account: OutsideAccount) -> None: ...

    def start_set_up(self, account: OutsideAccount) -> None: ...

    def end_sessions(self, account: OutsideAccount) -> None: ...

    def hand_over(self, account: OutsideAccount, entry: NewEntry) -> None: ...
