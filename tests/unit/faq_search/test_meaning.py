"""The semantic tier; the tests that need the model are skipped where the extra is not installed."""

from pathlib import Path

import numpy as np
import pytest

from helpdesk.faq.search import word_pieces
from helpdesk.faq.search.arrays import Floats
from helpdesk.faq.search.engine import build_engine
from helpdesk.faq.search.sentence_model import IS_INSTALLED, WIDTH, find_encoder
from helpdesk.faq.search.types import Words
from helpdesk.faq.search.vectors import Vectors
from tests.unit.faq_search.conftest import NONE_OF_THESE, SMALL_FAQ, SYNONYMS

LOST, NEW = ("lost", "my", "phone"), ("new", "password")


class Counting:
    """An encoder that counts its work."""

    identity = "counting"

    def __init__(self) -> None:
        self.encoded: list[Words] = []

    def encode(self, words: Words) -> Floats:
        self.encoded.append(words)
        vector = np.zeros(WIDTH)
        vector[len(" ".join(words)) % WIDTH] = 1.0
        return vector


def test_a_word_is_cut_into_the_longest_pieces_that_are_known() -> None:
    numbers = word_pieces.numbers_of(("authenticator", "can't"))

    # As the tokenizer of the model itself cuts them.
    number = word_pieces.vocabulary()
    pieces = ["[CLS]", "authentic", "##ator", "can", "'", "t", "[SEP]"]
    assert numbers == [number[piece] for piece in pieces]


def test_an_endless_text_has_only_so_many_pieces() -> None:
    assert len(word_pieces.numbers_of(("phone",) * 500)) == word_pieces.MOST_PIECES


def test_vectors_are_made_once_for_all_starts(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    made = Vectors(first, tmp_path).of_phrasings([LOST, NEW])

    read = Vectors(second, tmp_path).of_phrasings([NEW, LOST])

    assert (first.encoded, second.encoded) == ([LOST, NEW], [])
    assert read.tolist() == made[::-1].tolist()


def test_only_a_new_phrasing_is_encoded(tmp_path: Path) -> None:
    encoder = Counting()
    Vectors(Counting(), tmp_path).of_phrasings([LOST])

    Vectors(encoder, tmp_path).of_phrasings([LOST, NEW])

    assert encoder.encoded == [NEW]


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04broken"])
def test_a_broken_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sentence-vectors-counting.npz").write_bytes(content)

    rows = Vectors(Counting(), tmp_path).of_phrasings([LOST])

    assert rows.shape == (1, WIDTH)
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.skipif(not IS_INSTALLED, reason="the extra is not installed")
def test_other_words_with_the_same_meaning_find_the_entry() -> None:
    encoder = find_encoder()
    assert encoder is not None
    engine = build_engine(SMALL_FAQ, synonyms=SYNONYMS, none_of_these=NONE_OF_THESE, vectors=Vectors(encoder))

    assert engine.is_semantic
    assert engine.match("a thief nicked my android").candidates[0].id == "authenticators/lost-phone"
    assert 0.0 <= engine.match("x" * 5_000).confidence <= 1.0
