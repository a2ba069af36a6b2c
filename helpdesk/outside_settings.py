"""The settings of what lies outside: who is told of what happens here, and who else keeps people's sign-in."""

import base64
import binascii
import re
from collections.abc import Set

from pydantic import BaseModel, Field, SecretStr, field_validator

from helpdesk.core.outside_addresses import ProviderAddress, read_provider, wrong_with_webhook
from helpdesk.core.plain_text import between_commas

# What each provider of sign-in must be told besides its address: our name there, and where its people are.
OPTIONS_OF_PROVIDERS: dict[str, set[str]] = {"local": set(), "keycloak": {"client"}, "privacyidea": {"user", "realm"}}
REALM_OF_KEYCLOAK = re.compile(r".+/realms/[^/]+")
# The one in use and the one before, while receivers change over.
MOST_WEBHOOK_SECRETS = 2
LEAST_BYTES = 32
# Of 32 random bytes nearly all differ; of a word that somebody repeated, few.
LEAST_DIFFERENT = 16


class OutsideSettings(BaseModel):
    """Webhooks and the provider of sign-in."""

    webhook_url: str = Field("", max_length=2000, description="who is told of resets; commas between; empty means none")
    webhook_secrets: SecretStr = Field(
        SecretStr(""), description="sign what we tell; newest first, a comma between two"
    )
    webhook_to_loopback: bool = Field(False, description="development only: webhooks may lead to this machine")
    provider_url: str = Field("local:", description="local:, keycloak+https:// or privacyidea+https://")
    provider_secret: SecretStr = Field(SecretStr(""), description="what we prove ourselves with at the provider")

    @field_validator("webhook_secrets")
    @classmethod
    def _are_webhook_secrets(cls, value: SecretStr) -> SecretStr:
        keys = [key_bytes(one) for one in _separate(value.get_secret_value())]
        if any(len(key) < LEAST_BYTES or len(set(key)) < LEAST_DIFFERENT for key in keys):
            raise ValueError("must be 32 random bytes or more, in base64: openssl rand -base64 32")
        if len(keys) > MOST_WEBHOOK_SECRETS or len(set(keys)) < len(keys):
            raise ValueError("must be one secret, or the new one and the old one with a comma between")
        return value

    @field_validator("provider_url")
    @classmethod
    def _is_known_provider(cls, value: str) -> str:
        address = read_provider(value)
        if address is None or address.kind not in OPTIONS_OF_PROVIDERS:
            raise ValueError("must be like keycloak+https://sso.example.org/realms/pharmacy?client=helpdesk")
        if set(address.options) != OPTIONS_OF_PROVIDERS[address.kind]:
            raise ValueError("must end with ?client=… for Keycloak, ?user=…&realm=… for privacyIDEA, and nothing else")
        if address.kind == "keycloak" and not REALM_OF_KEYCLOAK.fullmatch(address.url):
            raise ValueError("must name a realm for Keycloak: /realms/pharmacy")
        return value

    @property
    def webhook_urls(self) -> tuple[str, ...]:
        """Who is told of what happens."""
        return tuple(_separate(self.webhook_url))

    @property
    def webhook_keys(self) -> list[bytes]:
        """What our messages are signed with: each receiver has one of these, or two."""
        return [key_bytes(one) for one in _separate(self.webhook_secrets.get_secret_value())]

    @property
    def provider(self) -> ProviderAddress:
        """Where sign-in is kept besides here; the setting was checked to name one."""
        return read_provider(self.provider_url) or ProviderAddress("local", "", {})

    def wrong_outside(self, *, is_production: bool, ours: Set[bytes]) -> list[str]:
        """What is wrong with these settings beside each other, and beside the service's own keys."""
        wrong = self._unsafe_in_production() if is_production else []
        to_loopback = self.webhook_to_loopback and not is_production
        reasons = {wrong_with_webhook(url, to_loopback=to_loopback) for url in self.webhook_urls}
        wrong += [f"WEBHOOK_URL: {reason}" for reason in sorted(reasons) if reason]
        if self.webhook_urls and not self.webhook_keys:
            wrong.append("WEBHOOK_SECRETS: must be set where there is a webhook: openssl rand -base64 32")
        return wrong + self._unfit_secrets(ours)

    def _unsafe_in_production(self) -> list[str]:
        wrong = []
        if self.webhook_to_loopback:
            wrong.append("WEBHOOK_TO_LOOPBACK: is for development only")
        if any(not url.startswith("https:") for url in self.webhook_urls):
            wrong.append("WEBHOOK_URL: must start with https: in production")
        if self.provider.url and not self.provider.url.startswith("https:"):
            wrong.append("PROVIDER_URL: must name https: in production")
        return wrong

    def _unfit_secrets(self, ours: Set[bytes]) -> list[str]:
        """One secret for two purposes would let whoever is told the one have both."""
        wrong, secret = [], self.provider_secret.get_secret_value()
        if self.provider.url and not secret:
            wrong.append("PROVIDER_SECRET: must be set where there is a provider")
        if ours & set(self.webhook_keys):
            wrong.append("WEBHOOK_SECRETS: must be other secrets than those of this service")
        if secret and key_bytes(secret) in {*ours, *self.webhook_keys}:
            wrong.append("PROVIDER_SECRET: must be another secret than those of this service")
        return wrong


def key_bytes(secret: str) -> bytes:
    """The bytes of a secret in base64, however it is spelled; of any other text, its own bytes."""
    plain = secret.removeprefix("whsec_").translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return secret.encode()


def _separate(value: str) -> list[str]:
    """Each part once: what is named twice would be told twice."""
    return list(dict.fromkeys(between_commas(value)))
