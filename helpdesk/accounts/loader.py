"""Reads a CSV file of people as spreadsheets write it. What a line says is judged later, by the rules for everybody."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk.accounts.errors import FileRefused
from helpdesk.accounts.types.directory import ROLE_NAMES, NewPerson, Role

if TYPE_CHECKING:
    import _csv

MOST_LINES = 2_000
MOST_BYTES = 200_000

REQUIRED = ("name", "email", "role", "organisation")
PERSONAL_BECAUSE, EMAIL_IS_RIGHT, IS_ANOTHER_PERSON = "personal because", "email is right", "another person"
PHONE = "phone"
KNOWN = {*REQUIRED, PHONE, PERSONAL_BECAUSE, EMAIL_IS_RIGHT, IS_ANOTHER_PERSON}
YES = {"yes", "y", "true", "1"}

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ROLES = {name.casefold(): role for role, name in ROLE_NAMES.items()} | {str(role): role for role in Role}


@dataclass(frozen=True)
class Line:
    """One line of the file: who is to have an account, or why it cannot be read."""

    number: int
    name: str
    email: str
    new: NewPerson | None
    problem: str = ""


def decode(content: bytes) -> str:
    """The file as text: UTF-8, with or without its mark, or what Excel writes in western Europe."""
    if len(content) > MOST_BYTES:
        raise FileRefused(f"The file must be {MOST_BYTES // 1_000} kB or smaller")
    if content.startswith(_UTF16) or b"\x00" in content:
        raise FileRefused("The file is not a CSV file. In Excel, save it as “CSV UTF-8”")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def read_lines(text: str) -> list[Line]:
    """The lines of people in the file. FileRefused with the sentence when it is not such a file."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=_delimiter(text), strict=True)
    try:
        columns = [" ".join(cell.casefold().split()) for cell in next(reader, [])]
        _ensure_columns(columns)
        lines = list(_read(reader, columns))
    except csv.Error as error:
        raise FileRefused(f"Line {reader.line_num} cannot be read. A quotation mark may be missing") from error
    if not lines:
        raise FileRefused("The file has no people, only a line of column names")
    if len(lines) > MOST_LINES:
        raise FileRefused(f"The file must have {MOST_LINES:,} people or fewer. Split it")
    return lines


def _delimiter(text: str) -> str:
    """Excel writes semicolons or tabs on some machines; the line of column names tells."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _ensure_columns(columns: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise FileRefused(f"The first line must name the columns. Missing: {', '.join(missing)}")
    unknown = [name for name in columns if name and name not in KNOWN]
    if unknown:
        raise FileRefused(f"There is no column “{unknown[0][:40]}”. Check the first line")
    if len(set(columns)) < len(columns):
        raise FileRefused("A column is named twice. Check the first line")


def _read(reader: "_csv.Reader", columns: list[str]) -> Iterator[Line]:
    start = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield _line(start, cells, columns)
        start = reader.line_num + 1


def _line(number: int, cells: list[str], columns: list[str]) -> Line:
    values = {column: cell.strip() for column, cell in zip(columns, cells, strict=False)}
    name, email = values.get("name", ""), values.get("email", "")
    if len(cells) != len(columns):
        return Line(number, name, email, None, f"The line has {len(cells)} columns instead of {len(columns)}")
    role = _ROLES.get(" ".join(values["role"].casefold().split()))
    if role is None:
        return Line(number, name, email, None, f"There is no role “{values['role'][:40]}”")
    return Line(number, name, email, _new_person(values, role))


def _new_person(values: dict[str, str], role: Role) -> NewPerson:
    return NewPerson(
        email=values["email"],
        name=values["name"],
        role=role,
        organisation_code=values["organisation"],
        personal_because=values.get(PERSONAL_BECAUSE, ""),
        email_is_right=values.get(EMAIL_IS_RIGHT, "").casefold() in YES,
        is_another_person=values.get(IS_ANOTHER_PERSON, "").casefold() in YES,
        phone=values.get(PHONE, ""),
    )
