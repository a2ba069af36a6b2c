"""Browsers in which a person signed in before. Wrong passwords from elsewhere do not lock them out there."""

import hashlib
import hmac

from helpdesk.accounts.models import Person
from helpdesk.settings import in_use


def place_token(person: Person) -> str:
    """What the person's browser keeps. Ending all sessions, or a new authenticator, makes it worthless."""
    return _signed(f"known-place:{person.id}:{person.session_epoch}:{person.mfa_generation}")


def is_known_place(person: Person | None, token: str) -> bool:
    """Whether this person signed in with that browser before."""
    expected = place_token(person) if person else _signed("known-place:nobody")
    return hmac.compare_digest(expected.encode(), token.encode("utf-8", "replace")) and person is not None


def _signed(text: str) -> str:
    key = in_use().secret_key.get_secret_value().encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
