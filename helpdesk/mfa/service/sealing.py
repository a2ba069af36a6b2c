"""How the secrets of authenticators are kept: encrypted, together with whose they are.

The encryption alone would not notice when somebody who can write to the database copies their own row's text into
another person's row, and then signs in as that person with their own phone.
"""

import json
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from helpdesk.mfa.errors import FactorUnreadable
from helpdesk.settings import in_use

VERSION = 1


def seal(secret: str, *, person_id: UUID, factor_id: UUID) -> str:
    """What is kept of a secret that belongs to this row alone."""
    bound = {"v": VERSION, "p": str(person_id), "f": str(factor_id), "s": secret}
    return _box().encrypt(json.dumps(bound).encode()).decode()


def unseal(sealed: str | None, *, person_id: UUID, factor_id: UUID) -> str:
    """The secret. FactorUnreadable when no key opens it, or when it was sealed for another row."""
    if sealed is None:
        raise FactorUnreadable("erased")
    try:
        bound = json.loads(_box().decrypt(sealed.encode()))
    except InvalidToken as error:
        raise FactorUnreadable("key") from error
    if (bound["v"], bound["p"], bound["f"]) != (VERSION, str(person_id), str(factor_id)):
        raise FactorUnreadable("binding")
    return str(bound["s"])


def reseal(sealed: str) -> str:
    """The same under the newest key. FactorUnreadable when no key opens it."""
    try:
        return _box().rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise FactorUnreadable("key") from error


def is_under_newest_key(sealed: str) -> bool:
    """Whether the newest key alone opens it."""
    try:
        Fernet(in_use().keys_of_factors[0]).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in in_use().keys_of_factors])
