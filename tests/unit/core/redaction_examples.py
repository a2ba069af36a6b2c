"""Reads the examples of what people type: which part of each is a secret, and which must stay."""

import re
from dataclasses import dataclass
from pathlib import Path

from helpdesk.core.redaction import MARKERS
from helpdesk.core.secret_spans import SecretKind

FILE = Path(__file__).with_name("redaction_examples.txt")
SECRET = re.compile("«([^»]*)»")
HARMLESS = "harmless"


@dataclass(frozen=True)
class Example:
    """A text, and what must be left of it."""

    section: str
    typed: str
    kept: str
    secrets: tuple[str, ...]


def read_examples() -> list[Example]:
    """All examples, in the order of the file."""
    examples, section = [], ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif line and not line.startswith("# "):
            examples.append(_example(section, _unescaped(line)))
    return examples


def _example(section: str, line: str) -> Example:
    marker = "" if section == HARMLESS else MARKERS[SecretKind(section)]
    secrets = tuple(SECRET.findall(line))
    return Example(section, SECRET.sub(r"\1", line), SECRET.sub(marker, line), secrets)


def _unescaped(line: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), line).replace(r"\n", "\n")
