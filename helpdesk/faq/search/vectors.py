"""Keeps the sentence vectors of phrasings, so that each is made once: on disk, for all processes and starts."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import BadZipFile

import numpy as np

from helpdesk.faq.search.arrays import Floats
from helpdesk.faq.search.sentence_model import WIDTH, Encoder
from helpdesk.faq.search.types import Reading, Words

# Vectors of messages that came lately: a conversation asks about the same one more than once.
MESSAGES_REMEMBERED = 1_024
# … and the readings whose parts are asked for one after the other: one a thread is enough.
READINGS_REMEMBERED = 32
# Phrasings that are gone are swept out of the file when there are as many of them as of those in use, and at least
# this many (15 MB): while somebody tries another FAQ, the vectors of the first are not lost.
FEWEST_SWEPT = 10_000


class Vectors:
    """Vectors by text. The file is named after the model, and each vector kept under the hash of its text."""

    def __init__(self, encoder: Encoder, folder: Path | None = None) -> None:
        self._encoder = encoder
        self._file = folder / f"sentence-vectors-{encoder.identity}.npz" if folder else None
        self._known: dict[bytes, Floats] = {}
        self._understand = lru_cache(READINGS_REMEMBERED)(encoder.read)
        self._of_message = lru_cache(MESSAGES_REMEMBERED)(self._find)
        self._is_read = False

    def of(self, reading: Reading) -> Floats:
        """Return the vector of a message, or of a part within its message."""
        return self._of_message(reading)

    def _find(self, reading: Reading) -> Floats:
        if reading.message:
            return self._understand(reading.message).part(reading.start, len(reading.plain))
        known = self._known.get(_key(reading.plain))
        return self._understand(reading.plain).whole if known is None else known

    def of_phrasings(self, texts: Sequence[Words]) -> Floats:
        """Return the vectors of texts, a row each, and keep them."""
        if not self._is_read:
            self._known |= _read(self._file)
            self._is_read = True
        keys = list(map(_key, texts))
        missing = {key: words for key, words in zip(keys, texts, strict=True) if key not in self._known}
        self._known |= {key: self._encoder.read(words).whole for key, words in missing.items()}
        if missing:
            self._keep(keys)
        rows = np.empty((len(keys), WIDTH), dtype=np.float32)
        for row, key in enumerate(keys):
            rows[row] = self._known[key]
        return rows

    def _keep(self, in_use: Sequence[bytes]) -> None:
        if len(self._known) - len(in_use) > max(len(in_use), FEWEST_SWEPT):
            self._known = {key: self._known[key] for key in in_use}
        if self._file:
            _write(self._file, self._known)


def _key(words: Words) -> bytes:
    return hashlib.blake2b(" ".join(words).encode("ascii"), digest_size=16).hexdigest().encode("ascii")


def _read(file: Path | None) -> dict[bytes, Floats]:
    """A file that cannot be read costs only the time to make the vectors anew."""
    if file is None or not file.is_file():
        return {}
    try:
        with file.open("rb") as opened, np.load(opened) as kept:
            return dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}


def _write(file: Path, known: Mapping[bytes, Floats]) -> None:
    """Written aside and renamed, so that no process ever reads half a file. A full disk must not stop the answers."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
            np.savez(part, keys=np.array(list(known)), vectors=np.array(list(known.values()), dtype=np.float32))
        Path(part.name).replace(file)
    except OSError:
        return
