"""A text as the eye reads it, so that full-width letters, other digits and invisible characters hide nothing."""

import unicodedata
from dataclasses import dataclass

# No width, or a mark on the character before: the eye reads on.
UNSEEN = {"Cf", "Mn", "Me"}
MINUS = "\u2212"


@dataclass(frozen=True)
class SeenText:
    """Plain characters, and where each of them stands in the text that was typed."""

    text: str
    places: tuple[int, ...] | None = None

    @classmethod
    def of(cls, typed: str) -> "SeenText":
        """Read a text; one in plain ASCII is what it looks like."""
        if typed.isascii():
            return cls(typed)
        seen = [(place, _plain(sign)) for place, sign in enumerate(typed) if unicodedata.category(sign) not in UNSEEN]
        return cls("".join(sign for _, sign in seen), tuple(place for place, _ in seen))

    def place_of(self, index: int) -> int:
        """Where the character at this index was typed."""
        return self.places[index] if self.places is not None else index


def _plain(sign: str) -> str:
    """One character for one: the digit it stands for, a hyphen for every dash, the plain form of a letter."""
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(sign) == "Pd" or sign == MINUS:
        return "-"
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 else sign
