"""Recovery codes as people write them: XXXX-XXXX-XXXX-XXXX, forgiving about what looks alike."""

import secrets

# Crockford's base 32: without I, L, O and U. Sixteen letters are 80 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS, LETTERS_IN_A_GROUP = 16, 4
LONGEST = 60
_LOOK_ALIKE = str.maketrans("OIL", "011", " -–\t")


def make_code() -> str:
    """A new code, as it is shown."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    return "-".join(letters[start : start + LETTERS_IN_A_GROUP] for start in range(0, LETTERS, LETTERS_IN_A_GROUP))


def read_code(typed: str) -> str:
    """The code that is meant, whatever the case, spaces and hyphens; what cannot be one stays wrong."""
    return typed[:LONGEST].strip().upper().translate(_LOOK_ALIKE)
