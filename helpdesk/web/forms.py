"""What the forms of all slices share."""

from typing import Any

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published types


def choice(value: str, text: str) -> Any:  # Any: as above
    """One thing to choose in a list or among radios."""
    return SelectChoice(value, text)
