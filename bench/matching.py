"""Side by side: the matching engine and other matchers over the same phrasings, speed and quality.

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
from rapidfuzz import fuzz, process

from helpdesk.bot.presenters.measures import comparison_lines
from helpdesk.bot.rules.comparison import Compared, compared
from helpdesk.bot.service.matchers import Matcher, engine_matcher, other_matchers
from helpdesk.faq.search.engine import build_engine
from helpdesk.faq.search.sentence_model import find_encoder
from helpdesk.faq.search.types import Entry
from helpdesk.faq.search.vectors import Vectors
from helpdesk.faq.types import LabelledMessage

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("HELPDESK_BENCH_DATA", ROOT.parent / "shared/bench/questions"))
RESULTS = ROOT / "bench/results/matching.json"
SETS = ("clinc150", "banking77")
SEED = 20_26
TIMED_MESSAGES = 200


@dataclass(frozen=True)
class Speed:
    """Median milliseconds a message."""

    phrasings: int
    engine_ms: float
    wratio_ms: float
    times_faster: float


def main() -> None:
    """Print the tables and keep the figures."""
    speeds = [_speed(size) for size in (1_000, 10_000)]
    print("phrasings  engine p50 ms  WRatio p50 ms  times faster")
    for s in speeds:
        print(f"{s.phrasings:9}  {s.engine_ms:13.2f}  {s.wratio_ms:13.2f}  {s.times_faster:12.1f}")
    qualities = {name: _qualities(*question_set) for name, question_set in question_sets().items()}
    for name, rows in qualities.items():
        print("\n".join(["", name, *comparison_lines(rows)]))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    figures = {
        "speed": list(map(asdict, speeds)),
        "quality": {name: list(map(asdict, rows)) for name, rows in qualities.items()},
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
    there = [name for name in SETS if _file(name).is_file()]
    if there:
        return (row["text"] for name in there for row in _rows(name))
    print(f"No questions in {DATA}: the phrasings come from the FAQ's own words.")
    faq = map(frontmatter.load, sorted(map(str, (ROOT / "faq_data").glob("*/*.md"))))
    return (text for entry in faq for text in cast(list[str], entry["phrasings"]))


def _qualities(entries: Sequence[Entry], messages: Sequence[LabelledMessage]) -> list[Compared]:
    return [
        compared(matcher, messages, [find(message.text) for message in messages])
        for matcher, find in _matchers(entries).items()
    ]


def _matchers(entries: Sequence[Entry]) -> dict[str, Matcher]:
    encoder = find_encoder()
    vectors = Vectors(encoder) if encoder else None
    ours = {"ours, words alone": engine_matcher(build_engine(entries))}
    if vectors:
        ours["ours, semantic"] = engine_matcher(build_engine(entries, vectors=vectors))
    else:
        print("The semantic tier and MiniLM-nearest are left out: the extra is not installed.")
    return ours | other_matchers(entries, vectors)


def question_sets() -> dict[str, tuple[list[Entry], list[LabelledMessage]]]:
    """Return the entries and the messages of each set that is there."""
    for name in SETS:
        if not _file(name).is_file():
            print(f"{name} is left out: {_file(name)} is not there.")
    return {name: _question_set(name) for name in SETS if _file(name).is_file()}


def _question_set(name: str) -> tuple[list[Entry], list[LabelledMessage]]:
    phrasings: dict[str, list[str]] = {}
    messages = []
    for row in _rows(name):
        if row["role"] == "phrasing":
            phrasings.setdefault(row["entry"], []).append(row["text"])
        else:
            messages.append(LabelledMessage(row["text"], (row["entry"],) if row["entry"] else (), name))
    return [Entry(id, texts[0], tuple(texts[1:])) for id, texts in phrasings.items()], messages


def _rows(name: str) -> Iterator[dict[str, str]]:
    return map(json.loads, _file(name).read_text("utf-8").splitlines())


def _file(name: str) -> Path:
    return DATA / f"{name}.jsonl"


if __name__ == "__main__":
    main()
