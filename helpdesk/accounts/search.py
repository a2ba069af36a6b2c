"""Which pharmacy is meant by what somebody typed: a name, a town, a postcode or a code, in any order and misspelt.

Each typed word looks for similar words among those of all pharmacies. A rare word tells more than one that nearly
every pharmacy has, so it counts for more: that is why “Pharmacy” needs no list of words to leave out.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

# Of 1. “leads” for “leeds” is 0.88; “mill” for “hill” is 0.83.
LEAST_LIKENESS_OF_WORDS = 0.86
# Of 1: how much of what was typed must be found before a pharmacy is offered.
LEAST_FOUND = 0.4
# In shorter words, such as a house number or half a postcode, each letter counts.
SHORTEST_MISSPELT = 4
MOST_WORDS = 12

_SHORT_FORMS = {
    "ave": "avenue",
    "center": "centre",
    "chem": "chemist",
    "chemists": "chemist",
    "ctr": "centre",
    "gdns": "gardens",
    "hosp": "hospital",
    "hse": "house",
    "ln": "lane",
    "med": "medical",
    "mkt": "market",
    "pharm": "pharmacy",
    "pharms": "pharmacy",
    "phcy": "pharmacy",
    "pl": "place",
    "rd": "road",
    "saint": "street",  # “St” is both, so both are one word here
    "sq": "square",
    "st": "street",
    "str": "street",
    "surg": "surgery",
    "tce": "terrace",
}
_TELL_NOTHING = frozenset({"and", "at", "in", "limited", "ltd", "of", "on", "plc", "the"})
_WORD = re.compile("[a-z0-9]+")
_APOSTROPHES = re.compile("['’‘`´]")


@dataclass(frozen=True)
class Likely:
    """A pharmacy that may be meant, and how much of what was typed it has, of 1."""

    id: UUID
    found: float


def likely_sites(typed: str, sites: Mapping[UUID, str], most: int) -> list[Likely]:
    """The pharmacies that are probably meant, the likeliest first; none when nothing is near enough.

    `sites` holds all that is known of each one in a line: name, address, postcode, code.
    """
    holders = _holders(sites)
    words = _split_words_joined(words_of(typed)[:MOST_WORDS], holders)
    points: dict[UUID, float] = defaultdict(float)
    possible = 0.0
    for word in words:
        found = _points_for(word, holders, len(sites))
        possible += max(found.values(), default=math.log1p(len(sites)))
        for site_id, score in found.items():
            points[site_id] += score
    near = [Likely(site_id, score / possible) for site_id, score in points.items() if score >= LEAST_FOUND * possible]
    # Of two that have all the words, the one with fewer others is meant.
    return sorted(near, key=lambda one: (-round(one.found, 3), len(sites[one.id]), sites[one.id]))[:most]


def words_of(text: str) -> list[str]:
    """The words in the one form in which they are compared."""
    plain = _APOSTROPHES.sub("", text.casefold())
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    words = (_SHORT_FORMS.get(word, word) for word in _WORD.findall(plain))
    return [word for word in words if word not in _TELL_NOTHING]


def _holders(sites: Mapping[UUID, str]) -> dict[str, set[UUID]]:
    """Who has each word. Two neighbours count as one word, too: “LS14AB”, “highstreet”."""
    holders: dict[str, set[UUID]] = defaultdict(set)
    for site_id, text in sites.items():
        words = words_of(text)
        for word in words:
            holders[word].add(site_id)
        for first, second in pairwise(words):
            holders[first + second].add(site_id)
    return holders


def _split_words_joined(words: list[str], known: Mapping[str, set[UUID]]) -> list[str]:
    """“Oak Wood” as “oakwood”, where only the whole is a word of some pharmacy."""
    joined: list[str] = []
    for word in words:
        whole = joined[-1] + word if joined else word
        if joined and whole in known and not (word in known and joined[-1] in known):
            joined[-1] = whole
        else:
            joined.append(word)
    return joined


def _points_for(word: str, holders: Mapping[str, set[UUID]], of: int) -> dict[UUID, float]:
    """What each pharmacy gets for one typed word: more the more alike, and the rarer."""
    points: dict[UUID, float] = {}
    for known, likeness in _similar(word, holders):
        score = likeness**2 * math.log1p(of / len(holders[known]))
        for site_id in holders[known]:
            points[site_id] = max(score, points.get(site_id, 0.0))
    return points


def _similar(word: str, known: Iterable[str]) -> list[tuple[str, float]]:
    if word in known and len(word) < SHORTEST_MISSPELT:
        return [(word, 1.0)]
    if len(word) < SHORTEST_MISSPELT:
        return []
    found = process.extract(
        word,
        list(known),
        scorer=JaroWinkler.normalized_similarity,
        score_cutoff=LEAST_LIKENESS_OF_WORDS,
        limit=None,
    )
    return [(near, likeness) for near, likeness, _at in found if len(near) >= SHORTEST_MISSPELT]
