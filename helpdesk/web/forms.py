"""What the forms of all slices share."""

import re
from typing import Any

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published types

# As long as the columns that keep one.
LONGEST_KEY = 64


def choice(value: str, text: str) -> Any:  # Any: as above
    """One thing to choose in a list or among radios."""
    return SelectChoice(value, text)


def as_client_key(key: str) -> str | None:
    """The sender's own name for this sending, or None where it has none that can be kept."""
    return key if re.fullmatch(rf"[A-Za-z0-9_-]{{8,{LONGEST_KEY}}}", key) else None
