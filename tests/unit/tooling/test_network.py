"""No test can reach another machine, not even by a name."""

import socket

import pytest

from tests.network import NetworkForbidden


def test_another_machine_cannot_be_reached() -> None:
    with socket.socket() as connection, pytest.raises(NetworkForbidden):
        connection.connect(("192.0.2.1", 80))


def test_another_machine_cannot_be_looked_up() -> None:
    with pytest.raises(NetworkForbidden):
        socket.getaddrinfo("example.org", 443)


def test_this_machine_can_be_reached() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        socket.create_connection(server.getsockname()).close()
