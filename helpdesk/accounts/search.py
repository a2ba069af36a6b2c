"""Which pharmacy is meant by what somebody typed: a name, a town, a postcode or a code, in any order and misspelt.

Each typed word looks for similar words among those of all pharmacies. A rare word tells more than one that nearly
every pharmacy has, so it counts for more: that is why “Pharmacy” needs no list of words to leave out.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
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
# Of 1: a word that is not written to its end, such as “sheff”, or that is still being typed.
LIKENESS_OF_BEGINNING = 0.9
SHORTEST_BEGINNING = 2
# Of 1: how much a word that no pharmacy has speaks against those that have the others. People add words of their own.
WEIGHT_OF_UNKNOWN = 0.4
MOST_WORDS = 12
SHORTEST_CODE = 3
# The most pieces that a code or a postcode falls into: “L S 4 7 R U”.
MOST_PIECES = 7

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
_TELL_NOTHING = frozenset(
    "a am an and are at branch calling code co for from i in is its limited ltd my of ods on our plc postcode tel the "
    "to today we work".split()
)
# What looks alike in a code or a postcode: “FPO18” is FP018.
_LOOK_ALIKE = str.maketrans("oilsbz", "011582")
_WORD = re.compile("[a-z0-9]+")
_APOSTROPHES = re.compile("['’‘`´]")


@dataclass(frozen=True)
class Likely:
    """A pharmacy that may be meant, and how much of what was typed it has, of 1."""

    id: UUID
    found: float


@dataclass(frozen=True)
class SiteIndex:
    """All pharmacies, ready to be searched."""

    # All that is known of each one, in a line.
    texts: Mapping[UUID, str]
    # Who has each word.
    holders: Mapping[str, frozenset[UUID]]
    # Each code as it may be misread, and as it is.
    codes: Mapping[str, str]


@lru_cache(maxsize=1)
def index_of(sites: tuple[tuple[UUID, str], ...]) -> SiteIndex:
    """The index of pharmacies, each with all that is known of it: name, address, postcode, code. The last one is kept:
    making it takes far longer than one search, and the directory seldom changes.
    """
    texts = dict(sites)
    holders = _holders(texts)
    return SiteIndex(texts, holders, {word.translate(_LOOK_ALIKE): word for word in holders if _is_code(word)})


def likely_sites(typed: str, index: SiteIndex, most: int) -> list[Likely]:
    """The pharmacies that are probably meant, the likeliest first; none when nothing is near enough."""
    points: dict[UUID, float] = defaultdict(float)
    possible = 0.0
    for word in _as_known(words_of(typed)[:MOST_WORDS], index):
        found = _points_for(word, index)
        possible += max(found.values(), default=WEIGHT_OF_UNKNOWN * math.log1p(len(index.texts)))
        for site_id, score in found.items():
            points[site_id] += score
    near = [Likely(site_id, score / possible) for site_id, score in points.items() if score >= LEAST_FOUND * possible]
    # Of two that have all the words, the one with fewer others is meant.
    texts = index.texts
    return sorted(near, key=lambda one: (-round(one.found, 3), len(texts[one.id]), texts[one.id]))[:most]


def words_of(text: str) -> list[str]:
    """The words in the one form in which they are compared."""
    plain = _APOSTROPHES.sub("", text.casefold())
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    words = (_SHORT_FORMS.get(word, word) for word in _WORD.findall(plain))
    return [word for word in words if word not in _TELL_NOTHING]


def _holders(sites: Mapping[UUID, str]) -> dict[str, frozenset[UUID]]:
    """Who has each word. Two neighbours count as one word, too: “LS14AB”, “highstreet”."""
    holders: dict[str, set[UUID]] = defaultdict(set)
    for site_id, text in sites.items():
        words = words_of(text)
        for word in words:
            holders[word].add(site_id)
        for first, second in pairwise(words):
            holders[first + second].add(site_id)
    return {word: frozenset(ids) for word, ids in holders.items()}


def _as_known(words: list[str], index: SiteIndex) -> list[str]:
    """“Oak Wood” as “oakwood”, “FP O18” as “fp018”: where only the whole is a word of some pharmacy."""
    read: list[str] = []
    at = 0
    while at < len(words):
        whole, pieces = _longest_known(words[at : at + MOST_PIECES], index)
        read.append(whole)
        at += pieces
    return read


def _longest_known(words: list[str], index: SiteIndex) -> tuple[str, int]:
    """What the next words are when read as one, and how many of them that takes."""
    for pieces in range(len(words), 1, -1):
        whole = "".join(words[:pieces])
        if whole in index.holders and not all(word in index.holders for word in words[:pieces]):
            return whole, pieces
        if code := index.codes.get(whole.translate(_LOOK_ALIKE)):
            return code, pieces
    word = words[0]
    return (word if word in index.holders else index.codes.get(word.translate(_LOOK_ALIKE), word)), 1


def _is_code(word: str) -> bool:
    """Whether letters and digits are mixed in one word, as in a code or a postcode."""
    return len(word) >= SHORTEST_CODE and not word.isalpha() and not word.isdecimal()


def _points_for(word: str, index: SiteIndex) -> dict[UUID, float]:
    """What each pharmacy gets for one typed word: more the more alike, and the fewer of them it may mean."""
    likeness: dict[UUID, float] = {}
    for known, alike in _similar(word, index.holders):
        for site_id in index.holders[known]:
            likeness[site_id] = max(alike, likeness.get(site_id, 0.0))
    return {site_id: alike**2 * math.log1p(len(index.texts) / len(likeness)) for site_id, alike in likeness.items()}


def _similar(word: str, known: Mapping[str, frozenset[UUID]]) -> list[tuple[str, float]]:
    """The known words that a typed one may be, and how alike they are: itself, what it begins, what it misspells."""
    if word in known and len(word) < SHORTEST_MISSPELT:
        return [(word, 1.0)]
    begun = [(one, LIKENESS_OF_BEGINNING) for one in known if one.startswith(word) and one != word]
    if len(word) < SHORTEST_MISSPELT:
        return begun if len(word) >= SHORTEST_BEGINNING else []
    found = process.extract(
        word,
        known.keys(),
        scorer=JaroWinkler.normalized_similarity,
        score_cutoff=LEAST_LIKENESS_OF_WORDS,
        limit=None,
    )
    return [*begun, *((near, likeness) for near, likeness, _at in found if len(near) >= SHORTEST_MISSPELT)]
