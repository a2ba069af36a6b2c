"""Reads a TOML file; its parser keeps no lines, so each field's is found again by its name."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from helpdesk.faq.loader.sources import Location, Source, Unreadable, read_text
from helpdesk.faq.types import Problem


def read_table(path: Path) -> Source:
    """The values of a TOML file with the line of each field. Unreadable when it is not TOML."""
    text = read_text(path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        message = re.sub(r"\s*\(at .*\)$", "", str(error))
        raise Unreadable(Problem(str(path), line, "file", f"is not TOML: {message}")) from error
    except RecursionError as error:
        raise Unreadable(Problem(str(path), 1, "file", "is not TOML: too deep")) from error
    return Source(str(path), values, dict(_lines_of(text)))


def _lines_of(text: str) -> Iterator[tuple[Location, int]]:
    """Headers and keys in the plain layout that our files have; other layouts get the line of what is around them."""
    table: Location = ()
    counts: dict[str, int] = {}
    for line, content in enumerate(text.split("\n"), start=1):
        if header := re.match(r"\[(\[?)([\w-]+)\]", content):
            name = header.group(2)
            yield (name,), line
            table = (name, counts.get(name, 0)) if header.group(1) else (name,)
            counts[name] = counts.get(name, 0) + 1
            yield table, line
        elif key := re.match(r'"?([\w -]+?)"?\s*=', content):
            yield (*table, key.group(1)), line
