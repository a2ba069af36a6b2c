"""Which constraint the database refused a row by; both databases name it, each in its own way."""

import re

from sqlalchemy.exc import IntegrityError

_UNIQUE_ON_SQLITE = re.compile(r"UNIQUE constraint failed: (.+)")
_CHECK_ON_SQLITE = re.compile(r"CHECK constraint failed: (\w+)")


def broken_constraint(error: IntegrityError) -> str:
    """The constraint's name as in the models, or '' when the database does not tell."""
    named = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    if named:
        return str(named)
    text = str(error.orig)
    if match := _UNIQUE_ON_SQLITE.search(text):
        return _name_from_columns(match[1].split(", "))
    return match[1] if (match := _CHECK_ON_SQLITE.search(text)) else ""


def _name_from_columns(columns: list[str]) -> str:
    """SQLite tells the columns; the naming convention of helpdesk/db.py makes the name of them."""
    table = columns[0].partition(".")[0]
    return "_".join(["uq", table, *(column.partition(".")[2] for column in columns)])
