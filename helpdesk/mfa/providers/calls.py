"""Calls of a provider over HTTP: what its status codes mean for us, and which account is a person's."""

import ssl
from collections.abc import Sequence
from typing import Any

import httpx

from helpdesk.mfa.providers.errors import ProviderAway, ProviderRefused
from helpdesk.mfa.types.outward import OutsideAccount

TIMEOUT_SECONDS = 5.0
NOT_FOUND = 404
# Too many requests, or not now.
_LATER = {408, 425, 429}


def client_for(url: str, *, headers: dict[str, str] | None = None) -> httpx.Client:
    """A client that follows no redirect and asks no proxy of the environment. TLS must prove the provider's name."""
    return httpx.Client(
        base_url=url,
        headers=headers,
        timeout=TIMEOUT_SECONDS,
        trust_env=False,
        verify=ssl.create_default_context(),
    )


def call(client: httpx.Client, provider: str, method: str, path: str, **more: Any) -> httpx.Response:
    """The answer, when the provider said yes or that something is not there. Any: the options of the library."""
    try:
        answer = client.request(method, path, **more)
    except httpx.HTTPError as error:
        raise ProviderAway(f"{provider} does not answer.") from error
    if answer.status_code in (401, 403):
        # An operator can mend this while the step waits.
        raise ProviderAway(f"{provider} does not accept our secret, or does not let us do this.")
    if answer.status_code in _LATER or answer.status_code >= 500:
        raise ProviderAway(f"{provider} is in trouble: it answered {answer.status_code}.")
    if not (answer.is_success or answer.status_code == NOT_FOUND):
        raise ProviderRefused(f"{provider} refused it: it answered {answer.status_code}.")
    return answer


def read_json(answer: httpx.Response, provider: str) -> Any:
    """What the answer holds. Any: whatever shape the provider gives it."""
    try:
        return answer.json()
    except ValueError as error:
        raise ProviderAway(f"{provider} answered something that we cannot read.") from error


def the_one(found: Sequence[tuple[str, OutsideAccount]], email: str, provider: str) -> OutsideAccount:
    """The account of the only answer, and only if its address is the very one that was asked for."""
    if len(found) > 1:
        raise ProviderRefused(f"{provider} knows more than one account for this email address.")
    exact = [account for address, account in found if address.lower() == email.lower()]
    if not exact:
        raise ProviderRefused(f"{provider} knows no account with this email address.")
    return exact[0]
