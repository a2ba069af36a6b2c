"""Which steepness of the two kernels suits phrasings: how sure the engine is, and rightly so, of each held out.

Run with `.venv/bin/python -m bench.steepness`. Prints the log loss (smaller is better) for each pair and each FAQ: ours
and, where they are there, the two question sets; writes bench/results/steepness.json. No message takes part, so that
what is measured on messages stays honest. `helpdesk/faq/search/meaning.py` holds the pair with the least mean.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import json
import statistics
from collections.abc import Iterator
from itertools import product

import numpy as np

from bench.matching import ROOT, question_sets
from helpdesk.faq.loader.folder import load_folder
from helpdesk.faq.search.confidence import fit, rehearse
from helpdesk.faq.search.engine import read
from helpdesk.faq.search.meaning import SemanticKernel, WordsAndMeaning
from helpdesk.faq.search.ridge import Labelled, SolvedOnce
from helpdesk.faq.search.sentence_model import find_encoder
from helpdesk.faq.search.similarity import LexicalKernel
from helpdesk.faq.search.types import Entry
from helpdesk.faq.search.vectors import Vectors

RESULTS = ROOT / "bench/results/steepness.json"
OF_WORDS = (0.25, 0.5, 1.0, 1.5, 2.0)
OF_MEANING = (1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0)


def main() -> None:
    """Print the grid and keep it."""
    encoder = find_encoder()
    if encoder is None:
        print("Left out: the extra is not installed.")
        return
    vectors, faqs = Vectors(encoder), dict(_faqs())
    print("words  meaning", *(f"{name:>10}" for name in faqs), "      mean")
    rows = []
    for words, meaning in product(OF_WORDS, OF_MEANING):
        losses = {name: _loss(known, vectors, words, meaning) for name, known in faqs.items()}
        rows.append({"words": words, "meaning": meaning, **losses, "mean": statistics.mean(losses.values())})
        print(f"{words:5.2f}  {meaning:7.2f}", *(f"{loss:10.4f}" for loss in [*losses.values(), rows[-1]["mean"]]))
    best = min(rows, key=lambda row: row["mean"])
    print(f"Least mean: {best['words']} for words, {best['meaning']} for meaning.")
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=2) + "\n")


def _faqs() -> Iterator[tuple[str, Labelled]]:
    content = load_folder(ROOT / "faq_data").content
    entries = [Entry(answer.id, answer.title, answer.phrasings) for answer in content.answers.values()]
    yield "ours", read(entries, content.synonyms, content.none_of_these)[1]
    for name, (theirs, _) in question_sets().items():
        yield name, read(theirs, {}, ())[1]


def _loss(known: Labelled, vectors: Vectors, words: float, meaning: float) -> float:
    """Return the log loss over the held-out phrasings, weighted as for the engine's confidence."""
    kernel = WordsAndMeaning(
        LexicalKernel(known.phrasings, known.labels, words), SemanticKernel(known.phrasings, vectors, meaning)
    )
    seen = rehearse(SolvedOnce(kernel, known), known.count - 1)
    sure = fit(seen.signals, seen.is_right, seen.weights).of(seen.signals)
    losses = -np.log(np.where(seen.is_right, sure, 1.0 - sure))
    return float(np.average(losses, weights=seen.weights))


if __name__ == "__main__":
    main()
