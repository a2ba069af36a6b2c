"""A real mail server on loopback: keeps what it gets, refuses when told to, or hangs up after the final dot."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True)
class Received:
    """A mail as the server got it."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    by_password: bool = False

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=default)


@dataclass
class Sink:
    """The server's mind: what it kept, and what it answers. Addresses that it has no answer for are welcome."""

    received: list[Received] = field(default_factory=list)
    sender_answer: str = ""
    recipient_answers: dict[str, str] = field(default_factory=dict)
    content_answers: dict[str, str] = field(default_factory=dict)
    # It keeps mail for these, but ends the connection instead of saying so.
    hangs_up_on: set[str] = field(default_factory=set)
    port: int = 0

    @property
    def message_ids(self) -> list[str]:
        return [str(one.message["Message-ID"]) for one in self.received]

    @property
    def recipients(self) -> list[str]:
        return [address for one in self.received for address in one.recipients]

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name and order
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name and order
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.recipient_answers:
            return self.recipient_answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        to = envelope.rcpt_tos[0]
        if to in self.content_answers:
            return self.content_answers[to]
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.received.append(
            Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), content, session.authenticated or False)
        )
        if to in self.hangs_up_on and server.transport is not None:
            server.transport.close()
        return "250 OK"


@contextmanager
def running(
    sink: Sink,
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    login: tuple[str, str] | None = None,
    enable_smtputf8: bool = True,
) -> Iterator[Sink]:
    """The server, listening on `sink.port` until the block ends."""

    def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
        is_right = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == login
        return AuthResult(success=is_right, handled=False)

    sink.port = sink.port or free_port()
    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=sink.port,
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        authenticator=check,
        auth_require_tls=False,
        enable_SMTPUTF8=enable_smtputf8,
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
