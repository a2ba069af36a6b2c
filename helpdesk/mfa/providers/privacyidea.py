"""privacyIDEA, by its REST interface and an administrator of its own."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from helpdesk.mfa.providers.calls import call, client_for, read_json, the_one
from helpdesk.mfa.providers.errors import ProviderRefused
from helpdesk.mfa.types import OutsideAccount

PRIVACYIDEA = "privacyIDEA"
# Its own default shows fifteen of a person's tokens.
MOST_TOKENS = 1000
# A token whose key was shown and that no code has confirmed yet.
UNCONFIRMED = "verify"


@dataclass(frozen=True)
class Enrolment:
    """A new token: the key goes to the person's own page and is kept nowhere here."""

    serial: str
    address: str


@dataclass(frozen=True, repr=False)
class PrivacyIdeaProvider:
    """The people of one realm."""

    url: str
    user: str
    realm: str
    secret: str
    name: str = "privacyidea"

    def find_by_id(self, external_id: str) -> OutsideAccount:
        """By name, and then compared: not every resolver can look for an id, and a name may get another owner."""
        login = external_id.split(":", 2)[-1]
        users = [account for _, account in self._accounts(username=login)]
        if external_id not in [account.external_id for account in users]:
            raise ProviderRefused("privacyIDEA does not have the account any more that this person had.")
        return OutsideAccount(external_id, login)

    def find_by_email(self, email: str) -> OutsideAccount:
        return the_one(self._accounts(email=email), email, PRIVACYIDEA)

    def suspend(self, account: OutsideAccount) -> None:
        for token in self._tokens(account):
            if token["active"]:
                self._call("POST", "/token/disable", data={"serial": token["serial"]})

    def remove(self, account: OutsideAccount) -> None:
        for token in self._tokens(account):
            self._delete(token["serial"])

    def start_set_up(self, account: OutsideAccount) -> None:
        """Nothing: the key comes back to whoever asks, so only the person's own page may ask for it (`enrol`)."""

    def end_sessions(self, account: OutsideAccount) -> None:
        """Nothing: privacyIDEA judges codes and keeps no sessions."""

    def enrol(self, account: OutsideAccount, *, label: str) -> Enrolment:
        """A new key for the person's page. One that was shown before and never confirmed is dropped."""
        for token in self._tokens(account):
            if token["rollout_state"] == UNCONFIRMED:
                self._delete(token["serial"])
        kind = {"type": "totp", "genkey": 1, "otplen": 6, "timeStep": 30, "hashlib": "sha1", "description": label}
        made = self._call("POST", "/token/init", data={"user": account.name, "realm": self.realm, **kind})
        detail = read_json(made, PRIVACYIDEA)["detail"]
        return Enrolment(detail["serial"], detail["googleurl"]["value"])

    def confirm(self, serial: str, code: str) -> bool:
        """Whether the code is the new token's; from then on its codes count. Asked again it says the same."""
        token = next(iter(self._value("GET", "/token/", params={"serial": serial})["tokens"]), None)
        if token is None or token["rollout_state"] != UNCONFIRMED:
            return token is not None
        try:
            self._call("POST", "/token/init", data={"type": "totp", "serial": serial, "verify": code})
        except ProviderRefused:
            return False
        return True

    def check(self, account: OutsideAccount, code: str) -> bool:
        """Whether privacyIDEA accepts this code of the person."""
        asked = {"user": account.name, "realm": self.realm, "pass": code}
        return bool(self._value("POST", "/validate/check", data=asked))

    def _accounts(self, **wanted: str) -> list[tuple[str, OutsideAccount]]:
        """Address and account of each hit."""
        users = self._value("GET", "/user/", params={"realm": self.realm, **wanted})
        return [(str(user.get("email", "")), _account(user)) for user in users]

    def _tokens(self, account: OutsideAccount) -> list[dict[str, Any]]:  # Any: rows as privacyIDEA writes them
        wanted = {"user": account.name, "realm": self.realm, "type": "totp", "pagesize": MOST_TOKENS}
        tokens: list[dict[str, Any]] = self._value("GET", "/token/", params=wanted)["tokens"]
        return [token for token in tokens if token["username"] == account.name]

    def _delete(self, serial: str) -> None:
        self._call("DELETE", f"/token/{quote(serial, safe='')}")

    def _value(self, method: str, path: str, **more: Any) -> Any:  # Any: of the library and of privacyIDEA
        return read_json(self._call(method, path, **more), PRIVACYIDEA)["result"]["value"]

    def _call(self, method: str, path: str, **more: Any) -> httpx.Response:  # Any: the options of the library
        """With a token of its own: it is short-lived, and nothing of it is kept."""
        with client_for(self.url) as client:
            proof = {"username": self.user, "password": self.secret}
            said = read_json(call(client, PRIVACYIDEA, "POST", "/auth", data=proof), PRIVACYIDEA)
            headers = {"Authorization": said["result"]["value"]["token"]}
            return call(client, PRIVACYIDEA, method, path, headers=headers, **more)


def _account(user: dict[str, Any]) -> OutsideAccount:  # Any: a row as privacyIDEA writes it
    login = str(user["username"])
    return OutsideAccount(f"{user['resolver']}:{user['userid']}:{login}", login)
