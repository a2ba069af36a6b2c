"""The parts of a long message that may hold its point."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice

from helpdesk.faq.search.types import Words

# People state a problem in fewer words than this; a longer message carries its story with it.
LONGEST_WINDOW = 16
SHORTEST_WINDOW = 3
# Enough for a message of a hundred words and more; each window costs a whole comparison.
MOST_WINDOWS = 12


@dataclass(frozen=True, slots=True)
class Window:
    """Some words of a message, and the place of the first of them."""

    start: int
    words: Words


def whole_of(sentences: Sequence[Words]) -> Words:
    """Return all words of a message."""
    return tuple(chain.from_iterable(sentences))


def windows_of(sentences: Sequence[Words]) -> tuple[Window, ...]:
    """Return the sentences of a long message, cut where they are too long; none of a short one."""
    if len(whole_of(sentences)) <= LONGEST_WINDOW:
        return ()
    starts = accumulate(map(len, sentences), initial=0)
    windows = chain.from_iterable(map(_cut, starts, sentences))
    return tuple(islice((one for one in windows if len(one.words) >= SHORTEST_WINDOW), MOST_WINDOWS))


def _cut(start: int, sentence: Words) -> Iterator[Window]:
    """Yield overlapping stretches, so that no point is only ever seen in halves."""
    step = LONGEST_WINDOW // 2
    for at in range(0, max(len(sentence) - step, 1), step):
        yield Window(start + at, sentence[at : at + LONGEST_WINDOW])
