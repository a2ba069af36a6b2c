"""What the engine costs on one core: memory at the FAQ's size, 1,000 messages with start, and 100,000 phrasings.

Run with `.venv/bin/python -m bench.limits`. Each part runs in a process of its own; writes bench/results/limits.json.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.matching import ROOT, synthetic
from helpdesk.faq.loader.folder import load_folder
from helpdesk.faq.search.engine import build_engine
from helpdesk.faq.search.sentence_model import WIDTH, Encoder, Pooled, find_encoder
from helpdesk.faq.search.types import Entry, Words
from helpdesk.faq.search.vectors import Vectors

RESULTS = ROOT / "bench/results/limits.json"
MANY, ENTRY_SIZE = 100_000, 20
TIERS = {"words": "words alone", "semantic": "with sentence vectors"}
# Words alone are measured as they run where the extra is not installed: its library is shut out before anything starts.
WITHOUT_EXTRA = (
    "import runpy, sys; sys.modules['onnxruntime'] = None; runpy.run_module('bench.limits', run_name='__main__')"
)
RUN = {"words": ["-c", WITHOUT_EXTRA], "semantic": ["-m", "bench.limits"]}


def main() -> None:
    """Measure each tier in processes of its own, print, and keep the figures."""
    figures: dict[str, dict[str, float]] = {}
    for tier in TIERS:
        if tier == "semantic" and not find_encoder():
            print("Sentence vectors are left out: the extra is not installed.")
            continue
        with TemporaryDirectory() as folder:
            figures[tier] = {**_apart("at_home", tier, folder), **_apart("crowded", tier, folder)}
        _print(tier, figures[tier])
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")


def _print(tier: str, figures: dict[str, float]) -> None:
    print(f"{TIERS[tier]}:")
    for name, value in figures.items():
        print(f"  {name:<48} {value:8.1f}")


def _apart(part: str, tier: str, folder: str) -> dict[str, float]:
    """Run one part of this file in a new process: its memory and its start are its own."""
    command = [sys.executable, *RUN[tier], part, tier, folder]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def at_home(encoder: Encoder | None, folder: Path) -> dict[str, float]:
    """The FAQ as it is, from its cache."""
    content = load_folder(ROOT / "faq_data").content
    entries = [Entry(answer.id, answer.title, answer.phrasings) for answer in content.answers.values()]

    def start() -> None:
        vectors = Vectors(encoder, folder) if encoder else None
        build_engine(entries, synonyms=content.synonyms, none_of_these=content.none_of_these, vectors=vectors)

    start()
    return {"memory at the FAQ's size, peak, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def crowded(encoder: Encoder | None, folder: Path) -> dict[str, float]:
    """A FAQ of many phrasings. Their vectors are drawn by lot: how long a comparison takes does not hang on them."""
    texts, messages = synthetic(MANY)
    starts = range(0, MANY, ENTRY_SIZE)
    entries = [Entry(str(at), texts[at], tuple(texts[at + 1 : at + ENTRY_SIZE])) for at in starts]
    if encoder:
        build_engine(entries, vectors=Vectors(ByLot(encoder.identity), folder))
    began = time.perf_counter()
    engine = build_engine(entries, vectors=Vectors(encoder, folder) if encoder else None)
    ready = time.perf_counter()
    took = [_milliseconds(engine.match, message) for message in messages]
    return {
        f"start from the cache at {MANY:,} phrasings, s": ready - began,
        f"a message at {MANY:,} phrasings, median, ms": statistics.median(took),
    }


def _milliseconds(match: Callable[[str], object], message: str) -> float:
    start = time.perf_counter()
    match(message)
    return 1_000 * (time.perf_counter() - start)


@dataclass(frozen=True)
class ByLot:
    """Stands in for the model while the cache is filled."""

    identity: str

    def read(self, words: Words) -> Pooled:
        """Return vectors drawn by lot."""
        seed = abs(hash(words))
        return Pooled(np.random.default_rng(seed).normal(size=(3, WIDTH)), (1, 2))


def _part(part: str, tier: str, folder: str) -> None:
    encoder = find_encoder()
    if (encoder is None) != (tier == "words"):
        raise SystemExit(f"The tier {tier} cannot be measured here.")
    measure = {"at_home": at_home, "crowded": crowded}[part]
    print(json.dumps(measure(encoder, Path(folder))))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _part(*sys.argv[1:])
    else:
        main()
