"""Connections to addresses that an operator named and that nobody may turn against the machines around us.

The name is looked up once, every answer is checked, and the connection goes to that very address: a name that gives
another answer a moment later wins nothing. All of it together has one time limit.
"""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import httpcore

from helpdesk.core.outside_addresses import Address, is_public, read_address
from helpdesk.webhooks.errors import NeverTaken, NotTaken

_LEAST_SECONDS = 0.001


class Deadline:
    """The moment at which everything must be over. Not a time of the day: a clock that is set does not move it."""

    def __init__(self, limit: timedelta) -> None:
        self._ends = time.monotonic() + limit.total_seconds()

    def seconds_left(self) -> float:
        """How long the next step may take. NotTaken when there is no time left."""
        left = self._ends - time.monotonic()
        if left < _LEAST_SECONDS:
            raise NotTaken("Took too long.")
        return left


@dataclass(frozen=True)
class GuardedNetwork(httpcore.NetworkBackend):
    """Opens connections to public addresses only, and to this machine where development says so."""

    deadline: Deadline
    to_loopback: bool

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = _looked_up(host, port, self.deadline.seconds_left())
        if not all(self._may_be_called(address) for address in addresses):
            raise NeverTaken("Leads to an address that is not called.")
        return TimedStream(self._opened(addresses, port), self.deadline)

    def _may_be_called(self, address: Address) -> bool:
        return is_public(address) or (self.to_loopback and address.is_loopback)

    def _opened(self, addresses: list[Address], port: int) -> httpcore.NetworkStream:
        for number, address in enumerate(addresses, start=1):
            try:
                return httpcore.SyncBackend().connect_tcp(str(address), port, timeout=self.deadline.seconds_left())
            except httpcore.ConnectError:
                if number == len(addresses):
                    raise
        raise NotTaken("Its name leads nowhere.")


@dataclass(frozen=True)
class TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends with the deadline, however slowly the other side drips."""

    stream: httpcore.NetworkStream
    deadline: Deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.deadline.seconds_left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.deadline.seconds_left())

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self.stream.start_tls(ssl_context, server_hostname, self.deadline.seconds_left())
        return TimedStream(secured, self.deadline)

    def get_extra_info(self, info: str) -> object:
        return self.stream.get_extra_info(info)

    def close(self) -> None:
        self.stream.close()


def _looked_up(host: str, port: int, seconds: float) -> list[Address]:
    """Every address of this name. The resolver knows no time limit: one that hangs is left behind in its thread."""
    address = read_address(host)
    if address is not None:
        return [address]
    answers: queue.SimpleQueue[list[Address]] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(_resolved(host, port)), daemon=True).start()
    try:
        return answers.get(timeout=seconds)
    except queue.Empty:
        raise NotTaken("Its name could not be looked up in time.") from None


def _resolved(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    addresses = (read_address(str(answer[4][0])) for answer in found)
    return [address for address in dict.fromkeys(addresses) if address is not None]
