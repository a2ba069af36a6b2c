"""Keeps what was made from a folder, and makes it anew when a file changes: in every process, without a restart."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

from helpdesk.faq.loader.folder import files_of

T = TypeVar("T")

# A look costs about a millisecond for a hundred files; nobody waits longer than this for a correction.
LOOK_EVERY = timedelta(seconds=2)

Signature = tuple[tuple[str, int, int], ...]


class Kept(Generic[T]):
    """One thing made from a folder. `make` gets the last one, so that it can keep it when the files are broken."""

    def __init__(self, folder: Path, make: Callable[[Path, T | None], T], now: Callable[[], datetime]) -> None:
        self._folder, self._make, self._now = folder, make, now
        self._value: T | None = None
        self._signature: Signature = ()
        self._looked_at = now()
        # Held by the one thread that looks or makes; it may be released by another than took it.
        self._lock = threading.Lock()

    def get(self) -> T:
        """The newest one. Only the very first call waits; later ones get the old one while a new one is made."""
        value = self._value
        if value is None:
            return self._first()
        if abs(self._now() - self._looked_at) >= LOOK_EVERY and self._lock.acquire(blocking=False):
            self._look_and_release()
        return value

    def settle(self) -> None:
        """Wait until a new one that is being made is ready."""
        with self._lock:
            pass

    def _first(self) -> T:
        with self._lock:
            return self._remake(signature_of(self._folder)) if self._value is None else self._value

    def _look_and_release(self) -> None:
        """Start a new one when a file has changed; then the thread that makes it gives the lock back."""
        is_handed_on = False
        try:
            self._looked_at = self._now()
            signature = signature_of(self._folder)
            if signature != self._signature:
                thread = threading.Thread(target=self._remake_and_release, args=(signature,), name="faq", daemon=True)
                thread.start()
                is_handed_on = True
        finally:
            if not is_handed_on:
                self._lock.release()

    def _remake_and_release(self, signature: Signature) -> None:
        try:
            self._remake(signature)
        finally:
            self._lock.release()

    def _remake(self, signature: Signature) -> T:
        # Signed before it is read: a change in between is seen at the next look.
        self._signature, self._looked_at = signature, self._now()
        self._value = value = self._make(self._folder, self._value)
        return value


def signature_of(folder: Path) -> Signature:
    """Changes whenever a file of the folder is changed, added or taken away."""
    return tuple(_signed(path) for path in files_of(folder))


def _signed(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except OSError:  # gone since it was listed
        return str(path), 0, 0
    return str(path), status.st_mtime_ns, status.st_size
