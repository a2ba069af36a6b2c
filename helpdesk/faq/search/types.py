"""The plain values that go into the matching engine and come out of it."""

from dataclasses import dataclass
from typing import TypeAlias

Words: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the engine reads it: its words, and the same with each synonym put for what it stands for."""

    plain: Words
    words: Words
    # A part of a message is understood within it: the whole message, and the place of the part's first word.
    message: Words = ()
    start: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One FAQ entry: its title and the ways in which people ask for it."""

    id: str
    title: str
    phrasings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry that may answer a message, and how sure the engine is that it does."""

    id: str
    score: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Match:
    """What the engine made of a message: candidates, best first, and its confidence in the first."""

    text: str
    candidates: tuple[Candidate, ...]
    confidence: float
