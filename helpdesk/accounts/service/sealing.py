"""How what must not be read in the database is kept: keys of authenticators and phone numbers, each with whose it is.

The encryption alone would not notice when somebody who can write to the database copies their own row's text into
another person's row, and then signs in as that person with their own phone, or is rung in their place.
"""

import json
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from helpdesk.accounts.errors import SealUnreadable
from helpdesk.settings import in_use

VERSION = 1


def seal(secret: str, *, person_id: UUID, row: UUID) -> str:
    """What is kept of a secret that belongs to this row alone."""
    bound = {"v": VERSION, "p": str(person_id), "f": str(row), "s": secret}
    return _box().encrypt(json.dumps(bound).encode()).decode()


def unseal(sealed: str | None, *, person_id: UUID, row: UUID) -> str:
    """The secret. SealUnreadable when no key opens it, or when it was sealed for another row."""
    if sealed is None:
        raise SealUnreadable("erased")
    try:
        bound = json.loads(_box().decrypt(sealed.encode()))
    except InvalidToken as error:
        raise SealUnreadable("key") from error
    if (bound["v"], bound["p"], bound["f"]) != (VERSION, str(person_id), str(row)):
        raise SealUnreadable("binding")
    return str(bound["s"])


def reseal(sealed: str) -> str:
    """The same under the newest key. SealUnreadable when no key opens it."""
    try:
        return _box().rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealUnreadable("key") from error


def is_under_newest_key(sealed: str) -> bool:
    """Whether the newest key alone opens it."""
    try:
        Fernet(in_use().sealing_keys[0]).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in in_use().sealing_keys])
