"""What somebody looks for, read from what they typed. Nothing that can be typed is an error."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.tickets.search.words import MARK, label, reference_label, words_of

MOST_TERMS = 12
SHORTEST_PREFIX = 2

_PIECE = re.compile(r'(?:(?P<name>[a-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))', re.IGNORECASE)
_REFERENCE = re.compile(r"(?:hd[\s-]*)?([a-z0-9]{4})[\s-]*([a-z0-9]{4})", re.IGNORECASE)
# The words of agents for what is kept under another name.
_STATUSES = {"waiting": "pending", "hold": "on_hold"}
_BY_WORDS = frozenset({"from", "site"})
_BY_VALUE = frozenset({"status", "priority", "topic", "is"})


@dataclass(frozen=True)
class Phrase:
    """Words that stand beside each other; the last may be only the beginning of one."""

    words: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True)
class Query:
    """What a ticket must have: of each group one of the phrases."""

    groups: tuple[tuple[Phrase, ...], ...]

    @property
    def is_empty(self) -> bool:
        return not self.groups

    @property
    def for_fts5(self) -> str:
        """For SQLite. Every word is quoted, so that none is taken for an operator."""
        return " AND ".join(f"({' OR '.join(map(_fts5, group))})" for group in self.groups)

    @property
    def for_tsquery(self) -> str:
        """For PostgreSQL, in quotes as above."""
        return " & ".join(f"({' | '.join(map(_tsquery, group))})" for group in self.groups)


def read_query(typed: str, *, me: str) -> Query:
    """The query that somebody means; `me` is who is:mine stands for."""
    whole = _REFERENCE.fullmatch(typed.strip())
    if whole:
        return Query((_reference_or_words(typed),))
    pieces = [piece.groupdict(default="") for piece in _PIECE.finditer(typed)]
    groups = [group for piece in pieces for group in _groups(piece, me) if group]
    return Query(tuple(groups[:MOST_TERMS]))


def _groups(piece: Mapping[str, str], me: str) -> list[tuple[Phrase, ...]]:
    name, value = piece["name"].lower(), piece["phrase"] or piece["word"]
    if name in _BY_VALUE and words_of(value):
        return [(Phrase((_value_label(name, value, me),)),)]
    if name in _BY_WORDS and words_of(value):
        return _labelled(name, _phrase(value))
    text = f"{piece['name']} {value}"
    if piece["phrase"] or piece["name"]:
        return [(_phrase(text),)] if words_of(text) else []
    return [_reference_or_words(value)] if words_of(value) else []


def _value_label(name: str, value: str, me: str) -> str:
    value = "".join(words_of(value))
    if name == "status":
        value = _STATUSES.get(value, value)
    if name == "is" and value in {"mine", "unassigned"}:
        return label("to", me if value == "mine" else "")
    return label(name, value)


def _labelled(name: str, phrase: Phrase) -> list[tuple[Phrase, ...]]:
    """Each of the words must be in that name or address, in any order."""
    words = [f"{name}{MARK}{word}" for word in phrase.words]
    return [*((Phrase((word,)),) for word in words[:-1]), (Phrase((words[-1],), phrase.is_beginning),)]


def _reference_or_words(text: str) -> tuple[Phrase, ...]:
    found, phrase = _REFERENCE.fullmatch(text.strip()), _phrase(text)
    return (phrase, Phrase((reference_label(found[1] + found[2]),))) if found else (phrase,)


def _phrase(text: str) -> Phrase:
    words = tuple(words_of(text))
    is_beginning = text.rstrip().endswith("*") and bool(words) and len(words[-1]) >= SHORTEST_PREFIX
    return Phrase(words, is_beginning)


def _fts5(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"' + (" *" if phrase.is_beginning else "")


def _tsquery(phrase: Phrase) -> str:
    return " <-> ".join(f"'{word}'" for word in phrase.words) + (":*" if phrase.is_beginning else "")
