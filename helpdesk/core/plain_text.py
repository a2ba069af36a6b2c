"""What people type, made safe to keep and to show: the letters stay; what cannot be seen or stored goes."""

import re
import unicodedata

# Longer than anything a form of ours takes; what comes after is cut before it costs work.
MOST_CHARACTERS = 20_000

# Marks that turn the direction of text: with them a line can read as another than it is.
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Characters without any width. The joiner U+200D stays: families, flags and some scripts are written with it.
_NO_WIDTH = frozenset("\u00ad\u180e\u200b\u200c\u2060\ufeff")
_KEPT = frozenset("\n\t")
_LINE_END = re.compile(r"\r\n?|[\v\f\u0085\u2028\u2029]")
_GAP = re.compile(r"\n{3,}")


def clean_text(text: str | None, most: int = MOST_CHARACTERS) -> str:
    """The text without control characters, direction marks and halves of characters, at most so long.

    A text in which nothing can be seen becomes the empty text. Emoji and every alphabet stay.
    """
    # Cut first, so that a hostile megabyte costs nothing, and again, because composing may lengthen.
    lines = _LINE_END.sub("\n", (text or "")[: 4 * most])
    kept = "".join(character for character in unicodedata.normalize("NFC", lines) if _is_kept(character))
    whole = _GAP.sub("\n\n", kept).strip()[:most].rstrip()
    return whole if any(map(_is_seen, whole)) else ""


def clean_line(text: str | None, most: int = MOST_CHARACTERS) -> str:
    """The same for a field of one line: line ends and runs of spaces become one space."""
    return " ".join(clean_text(text, most).split())


def _is_kept(character: str) -> bool:
    if character in _DIRECTION or character in _NO_WIDTH:
        return False
    return character in _KEPT or unicodedata.category(character) not in {"Cc", "Cs"}


def _is_seen(character: str) -> bool:
    """Whether there is something on the screen: joiners, marks and spaces alone are nothing."""
    return unicodedata.category(character)[0] not in "CMZ"


def between_commas(text: str) -> list[str]:
    """The parts of a list that is written with commas, in its order; an empty part is none."""
    return [part.strip() for part in text.split(",") if part.strip()]
