"""The semantic tier; the tests that need the model are skipped where the extra is not installed."""

from pathlib import Path

import numpy as np
import pytest

from helpdesk.faq.search import word_pieces
from helpdesk.faq.search.engine import build_engine
from helpdesk.faq.search.sentence_model import IS_INSTALLED, WIDTH, Pooled, find_encoder
from helpdesk.faq.search.types import Reading, Words
from helpdesk.faq.search.vectors import Vectors
from tests.unit.faq_search.conftest import NONE_OF_THESE, SMALL_FAQ, SYNONYMS

LOST, NEW = ("lost", "my", "phone"), ("new", "password")


class Counting:
    """An encoder that counts its work."""

    identity = "counting"

    def __init__(self) -> None:
        self.encoded: list[Words] = []

    def read(self, words: Words) -> Pooled:
        self.encoded.append(words)
        of_pieces = np.zeros((len(words) + 2, WIDTH))
        of_pieces[np.arange(len(words)) + 1, [len(word) for word in words]] = 1.0
        return Pooled(of_pieces, range(1, len(words) + 2))


def test_a_word_is_cut_into_the_longest_pieces_that_are_known() -> None:
    numbers = word_pieces.numbers_of(word_pieces.pieces_of(("authenticator", "can't")))

    # As the tokenizer of the model itself cuts them.
    number = word_pieces.vocabulary()
    pieces = ["[CLS]", "authentic", "##ator", "can", "'", "t", "[SEP]"]
    assert numbers == [number[piece] for piece in pieces]


def test_an_endless_text_has_only_so_many_pieces() -> None:
    pieces = word_pieces.pieces_of(("phone",) * 500)

    assert len(word_pieces.numbers_of(pieces)) == word_pieces.MOST_PIECES


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


def test_a_message_and_its_parts_are_read_in_one_go() -> None:
    encoder = Counting()
    vectors = Vectors(encoder)
    parts = [Reading(part, part, LOST + NEW, start) for part, start in ((LOST, 0), (NEW, 3))]

    first, second = map(vectors.of, parts)

    assert encoder.encoded == [LOST + NEW]
    assert np.flatnonzero(first).tolist() == [2, 4, 5]
    assert np.flatnonzero(second).tolist() == [3, 8]


def test_a_part_that_was_cut_off_has_the_vector_of_the_message() -> None:
    message = Pooled(np.eye(4), [1, 2, 3, 4, 5])

    assert message.part(3, 1).tolist() == message.whole.tolist()
    assert message.part(9, 9).tolist() == message.whole.tolist()


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
