"""privacyIDEA, by its REST interface and an administrator of its own."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pyotp

from helpdesk.core import clock
from helpdesk.mfa.providers.calls import call, client_for, read_json, the_one
from helpdesk.mfa.providers.errors import ProviderRefused
from helpdesk.mfa.types.outward import NewEntry, OutsideAccount

PRIVACYIDEA = "privacyIDEA"
# Its own default shows fifteen of a person's tokens.
MOST_TOKENS = 1000
# Its policies may ask that a code confirms a new token; the person gave one here already.
UNCONFIRMED = "verify"
MOST_OF_A_SERIAL = 40


@dataclass(frozen=True, repr=False)
class PrivacyIdeaProvider:
    """The people of one realm."""

    url: str
    user: str
    realm: str
    secret: str
    name: str = "privacyidea"
    takes_entries: bool = True

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
        """Nothing: the entry that the person sets up here is handed over."""

    def end_sessions(self, account: OutsideAccount) -> None:
        """Nothing: privacyIDEA judges codes and keeps no sessions."""

    def hand_over(self, account: OutsideAccount, entry: NewEntry) -> None:
        """As a token with a serial of the entry's own: one that counts already is left alone."""
        totp = pyotp.TOTP(entry.secret, interval=entry.period)
        serial = f"HELPDESK{entry.id.hex}"[:MOST_OF_A_SERIAL]
        if any(one["serial"] == serial and one["rollout_state"] != UNCONFIRMED for one in self._tokens(account)):
            return
        kind = {"type": "totp", "otplen": 6, "timeStep": entry.period, "hashlib": "sha1", "description": entry.label}
        key = {"genkey": 0, "otpkey": totp.byte_secret().hex(), "serial": serial}
        made = self._call("POST", "/token/init", data={"user": account.name, "realm": self.realm, **kind, **key})
        if read_json(made, PRIVACYIDEA)["detail"].get("rollout_state") == UNCONFIRMED:
            proof = {"type": "totp", "serial": serial, "verify": totp.at(clock.now())}
            self._call("POST", "/token/init", data=proof)

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
