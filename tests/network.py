"""No test reaches another machine: only loopback and local sockets may be spoken to."""

import ipaddress
import socket
import sys
from typing import Any

WATCHED = {"socket.connect", "socket.sendto", "socket.sendmsg"}
LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname"}


class NetworkForbidden(BaseException):
    """A test tried to reach another machine. Not an Exception, so that no retry or fallback hides it."""


def forbid() -> None:
    """From now on, and until this process ends."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:  # Any: every event has its own arguments
    if event in WATCHED:
        connection, address = arguments[0], arguments[1]
        if connection.family != getattr(socket, "AF_UNIX", None) and address and not _is_here(address[0]):
            raise NetworkForbidden(f"A test tried to connect to {address}.")
    elif event in LOOKUPS and not _is_here(arguments[0]):
        raise NetworkForbidden(f"A test tried to look up {arguments[0]}.")


def _is_here(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost", "0.0.0.0", "::"}:  # a server's own name for "here"
        return True
    try:
        return ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return str(name).endswith(".localhost")
