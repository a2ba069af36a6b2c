"""The code that is said over the phone to somebody with a role over others: the link alone is not enough for them.

It is made from the reset's id with a key of our own. The link keeps a keyed hash of it, and nothing keeps the code.
"""

import hmac
from uuid import UUID

from helpdesk.core.secret_text import REFERENCE_ALPHABET, derive_key
from helpdesk.settings import in_use

LETTERS = 8


def spoken_code(reset_id: UUID) -> str:
    """Eight letters and digits that cannot be misheard for each other, such as '7K3M2QXP'."""
    key = derive_key(in_use().secret_key.get_secret_value(), "codes to be spoken")
    number = int.from_bytes(hmac.digest(key, reset_id.bytes, "sha256"))
    letters = []
    for _ in range(LETTERS):
        number, place = divmod(number, len(REFERENCE_ALPHABET))
        letters.append(REFERENCE_ALPHABET[place])
    return "".join(letters)
