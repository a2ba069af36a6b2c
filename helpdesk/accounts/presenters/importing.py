"""What became of a file of people, on a page and as a file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.accounts.types.directory import RefusedLine

# Excel takes a file without this mark for another alphabet.
BYTE_ORDER_MARK = "\ufeff"
# A cell that begins so runs as a formula, also in its full-width form.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
MOST_SHOWN = 200


@dataclass(frozen=True)
class ImportPage:
    """What would happen, in words."""

    summary: str
    # How many people the button would add; 0 where there is no button.
    count: int
    button: str
    refused_title: str
    refused: list[tuple[str, str, str, str]]
    # How many more refused lines there are than the page shows.
    more: str


def import_page(good: int, refused: Sequence[RefusedLine]) -> ImportPage:
    """The page after a file was looked at."""
    return ImportPage(
        summary=_summary(good, len(refused)),
        count=good,
        button=f"Import {_people(good)}" if good else "",
        refused_title=f"{_lines(len(refused))} cannot be imported" if refused else "",
        refused=[(f"Line {one.number}", one.name, one.email, one.reason) for one in refused[:MOST_SHOWN]],
        more=f"{len(refused) - MOST_SHOWN:,} more are in the file below." if len(refused) > MOST_SHOWN else "",
    )


def refused_lines_file(refused: Sequence[RefusedLine]) -> str:
    """The refused lines for a spreadsheet, in which no cell runs as a formula."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(["Line", "Name", "Email address", "Why it cannot be imported"])
    writer.writerows([one.number, *map(_safe, (one.name, one.email, one.reason))] for one in refused)
    return text.getvalue()


def _summary(good: int, refused: int) -> str:
    if not good:
        return "Nobody can be imported from this file. Nothing was saved."
    if not refused:
        return f"All {_people(good)} can be imported. Nothing is saved yet."
    return f"{_people(good)} can be imported, and {_lines(refused).lower()} cannot. Nothing is saved yet."


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
