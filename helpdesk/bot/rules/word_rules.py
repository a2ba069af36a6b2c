"""Words that mean one thing when they stand together; `data/wishes.toml` holds them and says how it is read."""

import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter
from rapidfuzz import process
from rapidfuzz.distance import OSA

from helpdesk.bot.types import Wish
from helpdesk.faq.search.english import frequencies

FILE = Path(__file__).parent / "data" / "wishes.toml"

# A shorter word is too near to others to be put right.
SHORTEST_CORRECTED = 5

WordSet = Annotated[frozenset[str], BeforeValidator(lambda text: frozenset(str(text).split()))]


class WordRule(BaseModel):
    """One rule of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: WordSet = frozenset()
    then: WordSet = frozenset()
    within: int = 0
    only: WordSet = frozenset()
    says: tuple[str, ...] = ()
    needs: WordSet = frozenset()
    unless: WordSet = frozenset()
    says_not: tuple[str, ...] = ()
    most_words: int = 1_000

    def is_met_by(self, words: Sequence[str]) -> bool:
        """Whether a message of these words means it."""
        if len(words) > self.most_words or self.unless.intersection(words):
            return False
        if self.needs and not self.needs.intersection(words):
            return False
        if _says_one_of(words, self.says_not):
            return False
        if words and self.only.issuperset(words):
            return True
        return _says_one_of(words, self.says) or self._has_pair(words)

    def _has_pair(self, words: Sequence[str]) -> bool:
        return any(
            word in self.first and self.then.intersection(words[at + 1 : at + 1 + self.within])
            for at, word in enumerate(words)
        )


def rules_of(wish: Wish) -> tuple[WordRule, ...]:
    """The rules by which the wish is recognised."""
    return _all_rules()[wish]


def put_right(words: Sequence[str]) -> tuple[str, ...]:
    """The words, those misspelt put right that were meant to be one of the rules'. English words stay."""
    return tuple(map(_put_right, words))


def _says_one_of(words: Sequence[str], phrases: Sequence[str]) -> bool:
    text = f" {' '.join(words)} "
    return any(f" {phrase} " in text for phrase in phrases)


@cache
def _all_rules() -> dict[Wish, tuple[WordRule, ...]]:
    return TypeAdapter(dict[Wish, tuple[WordRule, ...]]).validate_python(tomllib.loads(FILE.read_text("utf-8")))


@cache
def _rule_words() -> tuple[str, ...]:
    words = {word for rules in _all_rules().values() for rule in rules for word in rule.first | rule.then}
    return tuple(sorted(word for word in words if len(word) >= SHORTEST_CORRECTED))


@lru_cache(maxsize=4096)
def _put_right(word: str) -> str:
    if len(word) < SHORTEST_CORRECTED or word in frequencies():
        return word
    near = process.extractOne(word, _rule_words(), scorer=OSA.distance, score_cutoff=1)
    return near[0] if near else word
