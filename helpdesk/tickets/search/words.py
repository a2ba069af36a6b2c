"""The one form in which the words of tickets and of searches are compared, the same on every database."""

import re
import unicodedata

# Of longer ones the beginning tells enough.
LONGEST_WORD = 60
# Stands between two texts, so that no phrase reaches from one into the next; and in labels, which nobody can type.
MARK = "¦"

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’‘`´ʼ]")
_KEEP_THEIR_S = ("ss", "us", "is")
# What is taken for each other on a screen, on paper or on the phone.
_LOOK_ALIKE = str.maketrans("OQ0IL1SZGBU", "DDD7775268V")


def words_of(text: str) -> list[str]:
    """The words in small letters, without accents and without the s of a plural: “Locums”, “locum’s” and “locum”."""
    plain = _APOSTROPHES.sub("", text.casefold())
    if not plain.isascii():
        plain = _without_accents(plain)
    return [_singular(word)[:LONGEST_WORD] for word in _WORD.findall(plain)]


def label(name: str, value: str) -> str:
    """What a filter looks for, as one word: label("topic", "set-up")."""
    return f"{name}{MARK}{''.join(words_of(value))}"


def reference_label(letters: str) -> str:
    """A reference, in a form in which letters and digits that look alike are the same."""
    return f"reference{MARK}{letters.upper().translate(_LOOK_ALIKE)}"


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if unicodedata.category(letter)[0] != "M")


def _singular(word: str) -> str:
    """A beginning stays a beginning: “code” begins “codes” before and after."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(_KEEP_THEIR_S) else word
