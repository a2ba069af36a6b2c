"""Side by side: the matching engine and rapidfuzz over the same phrasings, speed and quality.

Run with `.venv/bin/python -m bench.matching`. One thread, fixed seed; writes bench/results/matching.json.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import frontmatter
import numpy as np
from rapidfuzz import fuzz, process

from helpdesk.faq.search.engine import build_engine
from helpdesk.faq.search.sentence_model import find_encoder
from helpdesk.faq.search.types import Entry
from helpdesk.faq.search.vectors import Vectors

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("HELPDESK_BENCH_DATA", ROOT.parent / "shared/bench/questions"))
RESULTS = ROOT / "bench/results/matching.json"
SETS = ("clinc150", "banking77")
SEED = 20_26
TIMED_MESSAGES = 200
OUT_OF_SCOPE_LET_THROUGH = 0.10


@dataclass(frozen=True)
class Message:
    """What somebody typed, and the entry that answers it, if any."""

    text: str
    entry: str | None


@dataclass(frozen=True)
class Found:
    """The best entries for a message, and how sure a matcher is of the first."""

    ids: tuple[str, ...]
    confidence: float


@dataclass(frozen=True)
class Speed:
    """Median milliseconds a message."""

    phrasings: int
    engine_ms: float
    wratio_ms: float
    times_faster: float


@dataclass(frozen=True)
class Quality:
    """How often a matcher is right; `answered` is at 10 % of out-of-scope messages let through."""

    questions: str
    matcher: str
    right_first: float
    right_in_three: float
    auroc: float
    answered_rightly: float


Matcher = Callable[[str], Found]


def main() -> None:
    """Print the tables and keep the figures."""
    speeds = [_speed(size) for size in (1_000, 10_000)]
    print("phrasings  engine p50 ms  WRatio p50 ms  times faster")
    for s in speeds:
        print(f"{s.phrasings:9}  {s.engine_ms:13.2f}  {s.wratio_ms:13.2f}  {s.times_faster:12.1f}")
    qualities = [row for name in SETS for row in _qualities(name)]
    print("\nquestions  matcher           right first  in three  AUROC  answered at 10 % out of scope")
    for q in qualities:
        print(
            f"{q.questions:9}  {q.matcher:16}  {q.right_first:11.3f}  {q.right_in_three:8.3f}"
            f"  {q.auroc:5.3f}  {q.answered_rightly:.3f}"
        )
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    figures = {
        "speed": list(map(asdict, speeds)),
        "quality": list(map(asdict, qualities)),
    }
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")


def _speed(size: int) -> Speed:
    texts, messages = synthetic(size)
    entries = [Entry(str(at), texts[at], tuple(texts[at + 1 : at + 10])) for at in range(0, size, 10)]
    engine_ms = _median_ms(build_engine(entries).match, messages)
    wratio_ms = _median_ms(lambda text: process.extract(text, texts, scorer=fuzz.WRatio), messages)
    return Speed(size, engine_ms, wratio_ms, wratio_ms / engine_ms)


def _median_ms(match: Callable[[str], object], messages: Sequence[str]) -> float:
    took = []
    for message in messages:
        start = time.perf_counter()
        match(message)
        took.append(1_000 * (time.perf_counter() - start))
    return statistics.median(took)


def synthetic(size: int) -> tuple[list[str], list[str]]:
    """Return distinct phrasings and messages, real ones first, then halves of two joined at random."""
    chance = random.Random(SEED)
    real = list(dict.fromkeys(_real_texts()))
    texts = dict.fromkeys(real)
    while len(texts) < size + TIMED_MESSAGES:
        first, second = (chance.choice(real).split() for _ in range(2))
        texts[" ".join(first[: len(first) // 2 + 1] + second[len(second) // 2 :])] = None
    shuffled = chance.sample(list(texts), size + TIMED_MESSAGES)
    return shuffled[:size], shuffled[size:]


def _real_texts() -> Iterator[str]:
    if DATA.is_dir():
        return (row["text"] for name in SETS for row in _rows(name))
    print(f"No questions in {DATA}: the phrasings come from the FAQ's own words.")
    faq = map(frontmatter.load, sorted(map(str, (ROOT / "faq_data").glob("*/*.md"))))
    return (text for entry in faq for text in cast(list[str], entry["phrasings"]))


def _qualities(name: str) -> Iterator[Quality]:
    if not DATA.is_dir():
        print(f"Quality on {name} is left out: there are no questions in {DATA}.")
        return
    entries, messages = _question_set(name)
    matchers = {
        "engine, words": _engine_matcher(entries, None),
        "WRatio": _scorer_matcher(entries, fuzz.WRatio),
        "token_set_ratio": _scorer_matcher(entries, fuzz.token_set_ratio),
    }
    if encoder := find_encoder():
        matchers["engine, semantic"] = _engine_matcher(entries, Vectors(encoder))
    else:
        print("The semantic tier is left out: the extra is not installed.")
    for matcher, match in matchers.items():
        yield _quality(name, matcher, [(message, match(message.text)) for message in messages])


def _question_set(name: str) -> tuple[list[Entry], list[Message]]:
    phrasings: dict[str, list[str]] = {}
    messages = []
    for row in _rows(name):
        if row["role"] == "phrasing":
            phrasings.setdefault(row["entry"], []).append(row["text"])
        else:
            messages.append(Message(row["text"], row["entry"]))
    return [Entry(id, texts[0], tuple(texts[1:])) for id, texts in phrasings.items()], messages


def _rows(name: str) -> Iterator[dict[str, str]]:
    lines = (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()
    return map(json.loads, lines)


def _engine_matcher(entries: Sequence[Entry], vectors: Vectors | None) -> Matcher:
    engine = build_engine(entries, vectors=vectors)

    def find(text: str) -> Found:
        match = engine.match(text)
        return Found(tuple(candidate.id for candidate in match.candidates), match.confidence)

    return find


def _scorer_matcher(entries: Sequence[Entry], scorer: Callable[..., float]) -> Matcher:
    texts = [(text, entry.id) for entry in entries for text in (entry.title, *entry.phrasings)]
    phrasings = [text for text, _ in texts]

    def find(text: str) -> Found:
        best = process.extract(text, phrasings, scorer=scorer, limit=None)
        ids = dict.fromkeys(texts[at][1] for _, _, at in best)
        return Found(tuple(ids)[:3], best[0][1] / 100)

    return find


def _quality(name: str, matcher: str, results: Sequence[tuple[Message, Found]]) -> Quality:
    inside = [(message, found) for message, found in results if message.entry]
    outside = np.array([found.confidence for message, found in results if not message.entry])
    right = np.array([found.ids[:1] == (message.entry,) for message, found in inside])
    sure = np.array([found.confidence for _, found in inside])
    bar = np.quantile(outside, 1 - OUT_OF_SCOPE_LET_THROUGH)
    return Quality(
        questions=name,
        matcher=matcher,
        right_first=float(right.mean()),
        right_in_three=float(np.mean([message.entry in found.ids for message, found in inside])),
        auroc=_auroc(sure, outside),
        answered_rightly=float((right & (sure > bar)).mean()),
    )


def _auroc(inside: np.ndarray, outside: np.ndarray) -> float:
    """Return how often a message in scope is given more confidence than one out of scope."""
    above = (inside[:, None] > outside).mean()
    level = (inside[:, None] == outside).mean()
    return float(above + level / 2)


if __name__ == "__main__":
    main()
