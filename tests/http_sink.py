"""A web server on loopback that keeps what it gets and behaves as it is told: well, badly, or not at all."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

OK = b"HTTP/1.1 204 No Content\r\n\r\n"
HANGS_AFTER_SECONDS = 30


@dataclass(frozen=True)
class Received:
    """One request as it came over the wire."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Sink:
    """What came, and what is answered: bytes, sent whole."""

    answer: bytes = OK
    # Sent again and again after the answer, until the other side goes.
    drips: bytes = b""
    hangs: bool = False
    received: list[Received] = field(default_factory=list)
    port: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def url(self, host: str = "127.0.0.1", path: str = "/hook") -> str:
        return f"http://{host}:{self.port}{path}"

    def handle(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = _read(connection)
            if request is None:
                return
            self.received.append(request)
            if self.hangs:
                self.ended.wait(HANGS_AFTER_SECONDS)
                return
            connection.sendall(self.answer)
            while self.drips and not self.ended.wait(0.05):
                connection.sendall(self.drips)


@contextmanager
def running(sink: Sink, *, tls: ssl.SSLContext | None = None) -> Iterator[Sink]:
    """The server, listening on `sink.port` until the block ends."""
    with socket.create_server(("127.0.0.1", sink.port)) as listener:
        sink.port = listener.getsockname()[1]
        thread = threading.Thread(target=_accept, args=(listener, sink, tls))
        thread.start()
        try:
            yield sink
        finally:
            sink.ended.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _accept(listener: socket.socket, sink: Sink, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with suppress(ssl.SSLError):
                secured = tls.wrap_socket(connection, server_side=True) if tls else connection
                threading.Thread(target=sink.handle, args=(secured,), daemon=True).start()


def _read(connection: socket.socket) -> Received | None:
    file = connection.makefile("rb")
    first = file.readline().decode().split(" ")
    if len(first) < 3:
        return None
    headers = {}
    while line := file.readline().strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return Received(first[1], headers, file.read(int(headers.get("content-length", 0))))
