"""Pharmacies as people type them: 290 spellings of 330 made-up pharmacies, in files beside this one."""

from pathlib import Path
from uuid import UUID, uuid5

import pytest

from helpdesk.accounts.search import likely_sites, words_of

HERE = Path(__file__).parent
NAMES = UUID(int=0)
LEAST_IN_FIRST_THREE = 0.95


def rows(file: str) -> list[list[str]]:
    lines = (HERE / file).read_text(encoding="utf-8").splitlines()
    return [[part.strip() for part in line.split("|")] for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def pharmacies() -> dict[UUID, str]:
    return {uuid5(NAMES, code): " ".join([*known, code]) for code, *known in rows("pharmacies.txt")}


def test_nineteen_in_twenty_messy_spellings_have_the_right_pharmacy_in_the_first_three(
    pharmacies: dict[UUID, str],
) -> None:
    messy = rows("messy_pharmacies.txt")
    assert len(messy) >= 200

    missed = [
        (typed, code)
        for typed, code in messy
        if uuid5(NAMES, code) not in [one.id for one in likely_sites(typed, pharmacies, 3)]
    ]

    assert len(missed) <= (1 - LEAST_IN_FIRST_THREE) * len(messy), missed


@pytest.mark.parametrize("typed", ["", "!?", "zzzz zzzz", "Hospital of the Moon", "x" * 10_000])
def test_what_is_like_no_pharmacy_finds_none(pharmacies: dict[UUID, str], typed: str) -> None:
    assert likely_sites(typed, pharmacies, 3) == []


def test_without_pharmacies_none_is_found() -> None:
    assert likely_sites("Boots Leeds", {}, 3) == []


def test_of_two_that_fit_the_one_with_fewer_other_words_comes_first() -> None:
    sites = {uuid5(NAMES, name): name for name in ("Abbey Chemist Leeds", "Abbey Chemist Hospital Leeds")}
    assert likely_sites("abbey leeds", sites, 3)[0].id == uuid5(NAMES, "Abbey Chemist Leeds")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("St. Mary’s Pharm", ["street", "marys", "pharmacy"]),
        ("O'Connor & Sons Ltd", ["oconnor", "sons"]),
        ("Café Chem, High Rd", ["cafe", "chemist", "high", "road"]),
    ],
)
def test_words_are_compared_in_one_form(typed: str, words: list[str]) -> None:
    assert words_of(typed) == words
