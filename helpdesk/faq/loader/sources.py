"""One file of the FAQ as plain values, and on which line each of them stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpdesk.faq.types import Problem

# Where a value stands in a file: ("next_step", "answer") or ("phrasings", 3).
Location = tuple[str | int, ...]

# Bigger than any answer that somebody reads at a counter; a slip of the editor must not fill the memory.
MAX_FILE_BYTES = 64 * 1024


class Unreadable(Exception):
    """The file cannot be taken in at all; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass(frozen=True)
class Source:
    """What one file says, before anybody has checked it."""

    path: str
    values: object
    lines: Mapping[Location, int]
    body: str = ""
    body_line: int = 1

    def problem(self, location: Location, message: str) -> Problem:
        """The problem with the value at this place, or with the nearest thing around it that is there."""
        field = ".".join(part for part in location if isinstance(part, str)) or "file"
        return Problem(self.path, self._line_of(location), field, message)

    def _line_of(self, location: Location) -> int:
        for length in range(len(location), 0, -1):
            if line := self.lines.get(location[:length]):
                return line
        return 1


def read_text(path: Path) -> str:
    """The text of a file, whichever way its editor ends lines. Unreadable when it is too big or not UTF-8."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise Unreadable(Problem(str(path), 1, "file", f"cannot be read: {error.strerror}")) from error
    if len(content) > MAX_FILE_BYTES:
        raise Unreadable(Problem(str(path), 1, "file", f"is larger than {MAX_FILE_BYTES // 1024} KB"))
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(Problem(str(path), line, "file", "save the file as UTF-8")) from error
