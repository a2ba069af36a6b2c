"""The web server: granian, which answers in a process of its own that this one looks after."""

import _thread
import multiprocessing
import os
import signal
import socket
import sys
import threading
from typing import Any

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from helpdesk.jobs.rules import STOPS_WITHIN_SECONDS

# Requests are short and mostly wait for the database. Some to spare: a body that trickles in holds its thread, which
# only a proxy that takes bodies whole can prevent.
THREADS = 32
# Past the worker's own limit; who has not ended by then is killed.
KILLED_AFTER_SECONDS = STOPS_WITHIN_SECONDS + 3
LOOKS_EVERY_SECONDS = 0.05
# Whoever writes waits for the interpreter after each statement, and everybody else waits for whoever writes. Python's
# own 5 ms, times the statements of a message, would let fewer messages in than people send.
THREAD_SWITCH_SECONDS = 0.0005
ENDINGS = {signal.SIGTERM, signal.SIGINT}
WAKE_UP = signal.SIGUSR1


class WebServer(MPServer):
    """Says where it listens once it really does, and ends in order when everybody is told to end at once."""

    def startup(self, spawn_target: Any, target_loader: Any) -> None:  # Any: passed on, granian's own
        super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]  # of granian
        threading.Thread(target=self._announce, daemon=True).start()

    def signal_handler_interrupt(self, *_: Any) -> None:  # Any: a signal's number and frame
        """The first signal ends the service; more of them change nothing."""
        if self.interrupt_signal:
            return
        for worker in self.wrks:
            worker.interrupt_by_parent = True  # it may have got the signal too, and end before it is asked to
        super().signal_handler_interrupt()  # type: ignore[no-untyped-call]  # of granian

    def _announce(self) -> None:
        while not self.main_loop_interrupt.wait(LOOKS_EVERY_SECONDS):
            if _answers(self.bind_addr, self.bind_port):
                click.echo(f"Listening on {address(self.bind_addr, self.bind_port)}")
                return


def run(target: str, *, host: str, port: int) -> None:
    """Serve the application that the target makes, until SIGTERM or Ctrl+C."""
    WebServer(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=KILLED_AFTER_SECONDS,
        log_level=LogLevels.error,
    ).serve()


def enter_process() -> None:
    """Called first in the process that answers: it ends once when it is told to, and never outlives its parent."""
    sys.setswitchinterval(THREAD_SWITCH_SECONDS)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # not the parent's
    signal.signal(WAKE_UP, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    threading.Thread(target=_pass_on_first_signal, name="signals", daemon=True).start()
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()


def ensure_free(host: str, port: int) -> None:
    """OSError when somebody else listens there: without this, two servers would share the port and each get half."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _pass_on_first_signal() -> None:
    """Let granian end, unless it has not even begun.

    Ctrl+C and service managers tell parent and child at once, then the parent tells the child again. A second signal
    while granian handles the first can stop it for ever: its handler takes a lock that the main thread may hold.
    """
    signal.sigwait(ENDINGS)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        os._exit(0)
    _thread.interrupt_main(signal.SIGTERM)
    signal.pthread_kill(threading.main_thread().ident or 0, WAKE_UP)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()  # even a killed parent ends this wait
        os.kill(os.getpid(), signal.SIGTERM)


def _answers(host: str, port: int) -> bool:
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # asked, not listened on
    try:
        socket.create_connection((near, port), timeout=1).close()
    except OSError:
        return False
    return True
