"""Cuts words into the pieces that the sentence model knows, each with its number (WordPiece, Wu and others 2016)."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import chain

from helpdesk.faq.search.types import Words

START, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
CONTINUES = "##"
# As many as the model was trained with; a longer text is cut.
MOST_PIECES = 128


def pieces_of(words: Words) -> list[tuple[int, ...]]:
    """Return the numbers of each word's pieces."""
    return [_pieces_of(word) for word in words[:MOST_PIECES]]


def numbers_of(pieces: Sequence[tuple[int, ...]]) -> list[int]:
    """Return the numbers of a text's pieces in one list, between those that mark its start and end."""
    number = vocabulary()
    inside = list(chain.from_iterable(pieces))
    return [number[START], *inside[: MOST_PIECES - 2], number[END]]


@cache
def vocabulary() -> Mapping[str, int]:
    """Return the number of every piece, from the list described in data/README.md."""
    text = resources.files(__package__).joinpath("data/minilm_vocabulary.txt").read_text("utf-8")
    return {piece: number for number, piece in enumerate(text.split("\n"))}


@lru_cache(maxsize=20_000)
def _pieces_of(word: str) -> tuple[int, ...]:
    """The model reads an apostrophe as a word of its own."""
    return tuple(number for part in word.replace("'", " ' ").split() for number in _longest_first(part))


def _longest_first(part: str) -> tuple[int, ...]:
    pieces = tuple(_cut(part))
    return (vocabulary()[UNKNOWN],) if -1 in pieces else pieces


def _cut(part: str) -> Iterator[int]:
    """Yield the longest known piece, then the longest of the rest; -1 where there is none."""
    start = 0
    while start < len(part):
        before = CONTINUES if start else ""
        ends = range(len(part), start, -1)
        end = next((end for end in ends if before + part[start:end] in vocabulary()), 0)
        if not end:
            yield -1
            return
        yield vocabulary()[before + part[start:end]]
        start = end
