"""Addresses of other systems: which of them may be called, and how a setting names one."""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import parse_qsl, urlsplit

Address = IPv4Address | IPv6Address

# Not all of these are private in the registries, and each leads to a machine inside, or to what a cloud tells its own.
_NEVER_CALLED = tuple(
    ip_network(network)
    for network in (
        "100.64.0.0/10",  # shared by a provider's customers; some clouds answer metadata here
        "168.63.129.16/32",  # a cloud's own services
        "192.0.0.0/24",
        "2001::/32",  # the next three wrap an IPv4 address
        "2002::/16",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "fec0::/10",
    )
)


@dataclass(frozen=True)
class ProviderAddress:
    """Where a provider of sign-in is, as `keycloak+https://sso.example/realms/pharmacy?client=helpdesk` names it."""

    kind: str
    # Without what comes after the question mark.
    url: str
    options: dict[str, str]


def is_public(address: Address) -> bool:
    """Whether a machine of the internet answers there, and none of ours or of the cloud we run in."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if any(address in network for network in _NEVER_CALLED):
        return False
    return address.is_global and not address.is_multicast


def read_address(host: str) -> Address | None:
    """The address that a host's name spells out: dotted, decimal (2130706433), octal (0177.1) or hexadecimal."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ip_address(socket.inet_aton(host))  # reads as the resolver would, and asks nobody
    except (OSError, ValueError):
        return None


def wrong_with_webhook(url: str, *, to_loopback: bool) -> str:
    """Why this address cannot be a webhook's, or ''."""
    parts = urlsplit(url)
    try:
        host = parts.hostname or ""
        has_port = parts.port != 0
    except ValueError:
        return "must have a port that is a number"
    if parts.scheme not in {"https", "http"} or not host or not has_port or not url.isascii() or " " in url:
        return "must be like https://hooks.example.org/helpdesk, with commas between several"
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "must have no user, password or #"
    address = read_address(host)
    if address is not None and not is_public(address) and not (to_loopback and address.is_loopback):
        return "must not lead to a private address"
    return ""


def read_provider(value: str) -> ProviderAddress | None:
    """What the setting names, or None when it is not written like one."""
    if value == "local:":
        return ProviderAddress("local", "", {})
    kind, plus, address = value.partition("+")
    parts = urlsplit(address)
    try:
        is_whole = bool(parts.hostname) and parts.port != 0 and parts.scheme in {"https", "http"}
    except ValueError:
        return None
    if not plus or not is_whole or parts.username is not None or parts.password is not None or parts.fragment:
        return None
    url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    return ProviderAddress(kind, url, dict(parse_qsl(parts.query)))
