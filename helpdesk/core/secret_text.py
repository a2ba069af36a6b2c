"""Secrets that people carry: made at random, kept only as hashes."""

import hashlib
import hmac
import re
import secrets

# No I, L, O, U, 0 or 1: nothing that can be misread over the phone, and no rude words.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LETTERS = 8
LONGEST_REFERENCE = 40
PIN_DIGITS = 6


def make_token() -> str:
    """An unguessable token of 256 bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether a text could be one of our tokens."""
    return re.fullmatch(r"[A-Za-z0-9_-]{43}", text) is not None


def hash_token(token: str) -> bytes:
    """What is kept of a token. It is random and long, so a plain SHA-256 cannot be turned back."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def derive_key(secret_key: str, purpose: str) -> bytes:
    """A key for one purpose alone: what is signed for one thing is worth nothing for another."""
    return hmac.digest(secret_key.encode(), f"key:{purpose}".encode(), "sha256")


def make_reference() -> str:
    """A ticket's name for people, such as HD-7K3M-2QXP; 39 bits, so that it cannot be counted up."""
    return _written("".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LETTERS)))


def read_reference(text: str) -> str:
    """The reference that somebody means who types it in small letters or without hyphens; '' when it can be none."""
    letters = re.sub(r"[^A-Z0-9]", "", text[:LONGEST_REFERENCE].upper())
    if len(letters) > REFERENCE_LETTERS:
        letters = letters.removeprefix("HD")
    if len(letters) != REFERENCE_LETTERS or not set(letters) <= set(REFERENCE_ALPHABET):
        return ""
    return _written(letters)


def derive_pin(secret_key: str, purpose: str) -> str:
    """Six digits for one purpose: the same each time, so that a form sent twice shows one PIN."""
    digest = hmac.digest(secret_key.encode(), f"pin:{purpose}".encode(), "sha256")
    return str(int.from_bytes(digest) % 10**PIN_DIGITS).zfill(PIN_DIGITS)


def _written(letters: str) -> str:
    return f"HD-{letters[:4]}-{letters[4:]}"
