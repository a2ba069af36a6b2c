"""Keycloak, by its admin REST interface and a service account with `manage-users`."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from helpdesk.mfa.providers.calls import NOT_FOUND, call, client_for, read_json, the_one
from helpdesk.mfa.providers.errors import ProviderRefused
from helpdesk.mfa.types.outward import NewEntry, OutsideAccount

KEYCLOAK = "Keycloak"
# Keycloak's own default is twelve hours; a link to set up an authenticator must not lie about for so long.
SET_UP_LINK_SECONDS = 3600


@dataclass(frozen=True, repr=False)
class KeycloakProvider:
    """One realm. Its address is `https://…/realms/<name>`."""

    realm_url: str
    client_id: str
    secret: str
    name: str = "keycloak"
    takes_entries: bool = False

    def find_by_id(self, external_id: str) -> OutsideAccount:
        answer = self._call("GET", f"/users/{quote(external_id, safe='')}")
        if answer.status_code == NOT_FOUND:
            raise ProviderRefused("Keycloak does not have the account any more that this person had.")
        return OutsideAccount(external_id, external_id)

    def find_by_email(self, email: str) -> OutsideAccount:
        users = self._list("/users", params={"email": email, "exact": "true"})
        found = [(str(user.get("email", "")), OutsideAccount(str(user["id"]), str(user["id"]))) for user in users]
        return the_one(found, email, KEYCLOAK)

    def suspend(self, account: OutsideAccount) -> None:
        """Ends what is open. Keycloak cannot suspend an entry, and an account without one lets a password alone in."""
        self.end_sessions(account)

    def remove(self, account: OutsideAccount) -> None:
        for credential in self._list(f"{_user(account)}/credentials"):
            if credential.get("type") == "otp":
                self._call("DELETE", f"{_user(account)}/credentials/{quote(str(credential['id']), safe='')}")

    def start_set_up(self, account: OutsideAccount) -> None:
        """By a link that Keycloak mails. Requiring the action alone would ask for no more than the password."""
        answer = self._call(
            "PUT",
            f"{_user(account)}/execute-actions-email",
            params={"lifespan": SET_UP_LINK_SECONDS},
            json=["CONFIGURE_TOTP"],
        )
        if answer.status_code == NOT_FOUND:
            raise ProviderRefused("Keycloak does not have the account any more that this person had.")

    def end_sessions(self, account: OutsideAccount) -> None:
        self._call("POST", f"{_user(account)}/logout")
        self._call("DELETE", f"/attack-detection/brute-force{_user(account)}")

    def hand_over(self, account: OutsideAccount, entry: NewEntry) -> None:
        """Nothing: Keycloak takes no key from outside; its own mail lets the person set up an entry."""

    def _list(self, path: str, **more: Any) -> list[dict[str, Any]]:  # Any: rows as Keycloak writes them
        answer = self._call("GET", path, **more)
        rows = [] if answer.status_code == NOT_FOUND else read_json(answer, KEYCLOAK)
        return rows if isinstance(rows, list) else []

    def _call(self, method: str, path: str, **more: Any) -> httpx.Response:  # Any: the options of the library
        base, _, realm = self.realm_url.rpartition("/realms/")
        with client_for(f"{base}/admin/realms/{realm}", headers=self._proof()) as client:
            return call(client, KEYCLOAK, method, path, **more)

    def _proof(self) -> dict[str, str]:
        """A token of its own for each call: it is short-lived, and nothing of it is kept."""
        form = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.secret}
        with client_for(self.realm_url) as client:
            answer = call(client, KEYCLOAK, "POST", "/protocol/openid-connect/token", data=form)
        return {"Authorization": f"Bearer {read_json(answer, KEYCLOAK).get('access_token', '')}"}


def _user(account: OutsideAccount) -> str:
    return f"/users/{quote(account.name, safe='')}"
