"""A small FAQ and a large one, each built once."""

import random

import pytest

from helpdesk.faq.search.engine import Engine, build_engine
from helpdesk.faq.search.types import Entry, Reading

SMALL_FAQ = (
    Entry(
        "barcodes/will-not-scan",
        "The QR code will not scan. What can I try?",
        (
            "qr code wont scan",
            "camera does not pick up the barcode",
            "scanning the square fails",
            "authenticator says the barcode is invalid",
        ),
    ),
    Entry(
        "authenticators/new-phone",
        "I have a new phone. How do I move my authenticator to it?",
        ("got a new phone", "changed my handset", "moving the app to another mobile", "upgraded my iphone"),
    ),
    Entry(
        "authenticators/lost-phone",
        "I lost my phone, or it was stolen. What do I do?",
        ("lost my phone", "phone stolen on the bus", "dropped my mobile down the drain", "cannot find my phone"),
    ),
    Entry(
        "codes/clock",
        "The code is always refused. Could the clock be wrong?",
        ("time on my phone is wrong", "code refused since the clocks changed", "sync the clock", "wrong time zone"),
    ),
    Entry(
        "accounts/temporary-password",
        "My temporary password does not work. Why?",
        ("temporary password expired", "temp password rejected", "never got a temporary password", "first password"),
    ),
)
SYNONYMS = {"qr": ("qr code", "barcode", "square"), "phone": ("mobile", "handset", "dog and bone")}
NONE_OF_THESE = (
    "what is the weather tomorrow",
    "recipe for lemon cake",
    "who won the football",
    "book a flu jab",
    "price of paracetamol",
)


def reading(words: tuple[str, ...]) -> Reading:
    """A text without synonyms."""
    return Reading(words, words)


@pytest.fixture(scope="session")
def engine() -> Engine:
    return build_engine(SMALL_FAQ, synonyms=SYNONYMS, none_of_these=NONE_OF_THESE)


@pytest.fixture(scope="session")
def large_faq() -> tuple[Entry, ...]:
    """270 entries of ten texts: more than are solved once."""
    chance = random.Random(7)
    words = ["".join(chance.choices("abdeilmnoprst", k=chance.randint(4, 9))) for _ in range(900)]
    return tuple(_entry(number, chance, chance.sample(words, 6)) for number in range(270))


@pytest.fixture(scope="session")
def large_engine(large_faq: tuple[Entry, ...]) -> Engine:
    return build_engine(large_faq)


def _entry(number: int, chance: random.Random, words: list[str]) -> Entry:
    texts = [" ".join(chance.sample(words, 4)) for _ in range(10)]
    return Entry(f"large/{number}", texts[0], tuple(texts[1:]))
