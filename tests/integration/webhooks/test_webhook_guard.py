"""Webhooks cannot be turned against the machines around us, whatever the setting or the name says."""

import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from helpdesk.settings import Settings
from helpdesk.webhooks.service import deliver_due
from helpdesk.webhooks.types import DeliveryState
from tests.http_sink import Sink, running
from tests.integration.webhooks.conftest import rows, tell, use_webhooks

CERTIFICATES = Path(__file__).parent.parent / "mail/certificates"
Resolver = Callable[[list[list[str]]], list[str]]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    """A name server that gives these answers, one list at a look-up; the names that were asked for."""

    def answering(lists: list[list[str]]) -> list[str]:
        asked: list[str] = []
        left, real = iter(lists), socket.getaddrinfo

        def look_up(host: str, port: int, *more: int, **named: int) -> object:
            if host[0].isdigit():
                return real(host, port, *more, **named)  # an address is no question
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(left)]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    return answering


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "2130706433", "0177.0.0.1", "0x7f.1", "127.1", "0.0.0.0", "[::ffff:127.0.0.1]", "[::1]"],
)
def test_no_spelling_of_this_machine_is_called(sink: Sink, settings: Settings, host: str) -> None:
    use_webhooks(settings, sink.url(host), to_loopback=False)
    tell()

    deliver_due(10)

    assert sink.received == []
    assert (rows()[0].state, rows()[0].last_error) == (DeliveryState.DEAD, "Leads to an address that is not called.")


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "192.168.1.1", "100.100.100.200", "224.0.0.1"])
def test_a_name_of_which_one_answer_is_private_is_not_called(
    app: Flask, settings: Settings, resolver: Resolver, address: str
) -> None:
    use_webhooks(settings, "https://hooks.example/", to_loopback=False)
    resolver([["8.8.8.8", address]])
    tell()

    deliver_due(10)

    assert rows()[0].last_error == "Leads to an address that is not called."


def test_a_name_that_changes_its_address_wins_nothing(sink: Sink, settings: Settings, resolver: Resolver) -> None:
    use_webhooks(settings, sink.url("rebind.example"))
    asked = resolver([["127.0.0.1"], ["169.254.169.254"]])
    tell()

    assert deliver_due(10) == 1

    assert asked == ["rebind.example"]
    assert sink.received[0].headers["host"] == f"rebind.example:{sink.port}"


def test_a_name_without_an_address_is_tried_again(app: Flask, settings: Settings, resolver: Resolver) -> None:
    use_webhooks(settings, "https://hooks.example/")
    resolver([[]])
    tell()

    deliver_due(10)

    assert (rows()[0].state, rows()[0].last_error) == (DeliveryState.WAITING, "Its name leads nowhere.")


@pytest.mark.parametrize(("name", "is_taken"), [("localhost", True), ("rebind.localhost", False)])
def test_a_receiver_must_prove_its_name(
    app: Flask,
    settings: Settings,
    resolver: Resolver,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    is_taken: bool,
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATES / "server.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))
    with running(Sink(), tls=tls) as sink:
        use_webhooks(settings, f"https://{name}:{sink.port}/hook")
        resolver([["127.0.0.1"]])
        tell()
        deliver_due(10)

    assert (len(sink.received) == 1) is is_taken
    assert rows()[0].last_error == ("" if is_taken else "No answer: ConnectError.")


def test_the_environment_can_put_no_proxy_in_between(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    tell()

    assert deliver_due(10) == 1
