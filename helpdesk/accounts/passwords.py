"""Passwords: which are good enough (NIST 800-63B: long, not predictable, any characters), and how they are kept."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from helpdesk.accounts.errors import PasswordRefused

MIN_LENGTH = 12
# Long enough for any passphrase; anything longer is refused before it costs time.
MAX_LENGTH = 128
# What must be left of a password when everything predictable is taken out of it.
MIN_UNPREDICTABLE = 5
# A shorter part of a name occurs by chance in honest passphrases.
SHORTEST_OWN_WORD = 4

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Each hash takes 19 MiB and a core: a burst of sign-ins must not take the whole machine.
_AT_ONCE = BoundedSemaphore(2)
# Stands in for a person who does not exist, so that the answer takes as long. Nobody ever knew what it is the hash of,
# and nothing that fits it would be let in.
_NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$ODA0MWY2YzNlMmQ3YjVhOQ$Q2hvc2VuQnlOb2JvZHlBbmRLbm93blRvTm9ib2R5ISE"

_DATA = Path(__file__).parent / "data"
_PREDICTABLE_WORDS = tuple(
    sorted((_DATA / "predictable_words.txt").read_text(encoding="ascii").split(), key=len, reverse=True)
)
_PREDICTABLE = re.compile("|".join(_PREDICTABLE_WORDS))
_YEAR = re.compile(r"(?:18|19|20)\d\d")
_LETTERS_FOR_DIGITS = str.maketrans("013457@$!", "oleastasi")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def hash_password(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_bytes(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password. Takes as long where there is none to compare with; then it never is."""
    if len(password) > MAX_LENGTH:
        return False
    try:
        with _AT_ONCE:
            _HASHER.verify(password_hash or _NOBODYS_HASH, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def ensure_acceptable(password: str, *, about: Iterable[str]) -> None:
    """Refuse a password that others would guess; `about` is what they know: names, addresses, the service."""
    if len(password) < MIN_LENGTH:
        raise PasswordRefused(f"Password must be {MIN_LENGTH} characters or more. Three or four words work well")
    if len(password) > MAX_LENGTH:
        raise PasswordRefused(f"Password must be {MAX_LENGTH} characters or fewer")
    if _holds_own_word(password, about):
        raise PasswordRefused("Choose a password without your name, your email address or the name of this service")
    if len(_unpredictable_part(password)) < MIN_UNPREDICTABLE:
        raise PasswordRefused("Choose a password that is harder to guess. Three or four words work well")


def _bytes(password: str) -> bytes:
    """The same characters give the same bytes, however the keyboard composes them."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _holds_own_word(password: str, about: Iterable[str]) -> bool:
    folded, plain = password.lower(), _without_disguise(password)
    words = (word for text in about for word in re.split(r"[^\w]+", text.lower()))
    return any(word in folded or word in plain for word in words if len(word) >= SHORTEST_OWN_WORD)


def _unpredictable_part(password: str) -> str:
    """What is left without common words, runs such as 1234, repeats and years: next to nothing of 'Password1234!'."""
    left = _YEAR.sub("", _without_runs(password.lower()))
    left = _PREDICTABLE.sub("", _without_disguise(left))
    return _once_each(re.sub(r"[\W_]", "", left))


def _without_disguise(text: str) -> str:
    """P@ssw0rd is password."""
    return text.lower().translate(_LETTERS_FOR_DIGITS)


def _without_runs(text: str) -> str:
    kept = []
    position = 0
    while position < len(text):
        length = _run_at(text, position)
        if length < 4:
            kept.append(text[position])
            length = 1
        position += length
    return "".join(kept)


def _run_at(text: str, start: int) -> int:
    """How long the run upwards or downwards is that starts here."""
    longest = 1
    for run in (*_RUNS, *(run[::-1] for run in _RUNS)):
        length = 1
        while start + length < len(text) and text[start : start + length + 1] in run:
            length += 1
        longest = max(longest, length)
    return longest


def _once_each(text: str) -> str:
    """Each character once: 'aaaabbbb' is as good as 'ab'."""
    return "".join(dict.fromkeys(text))
