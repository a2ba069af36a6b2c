"""Reads a Markdown file with YAML front matter. Every value stays text: `no`, `404` and dates mean what they say."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from helpdesk.faq.loader.sources import Location, Source, Unreadable, read_text
from helpdesk.faq.types import Problem

_HANDLER = YAMLHandler()
QUOTES = "put quotes round text that holds : or # or starts with a sign"


class _TextLoader(yaml.SafeLoader):
    """SafeLoader without the guesses at types, and without aliases, anchors and tags: a small file stays small."""

    yaml_implicit_resolvers = {}  # noqa: RUF012  # the name is PyYAML's

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # Any: the stubs' own
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or event.anchor or event.tag:
            raise yaml.composer.ComposerError(None, None, "&, * and ! are signs here", event.start_mark)
        return super().compose_node(parent, index)


def read_document(path: Path) -> Source:
    """The front matter of a Markdown file with the line of each field, and the body. Unreadable when it has none."""
    text = read_text(path)
    if not text.startswith("---\n"):
        raise Unreadable(Problem(str(path), 1, "front matter", "the first line must be ---"))
    try:
        front, body = _HANDLER.split(text)
    except ValueError as error:
        raise Unreadable(Problem(str(path), 1, "front matter", "has no closing --- line")) from error
    opening = text.index(front)
    return _parsed(path, front, text.count("\n", 0, opening) + 1, body, text.count("\n", 0, len(text) - len(body)) + 1)


def _parsed(path: Path, front: str, front_line: int, body: str, body_line: int) -> Source:
    loader = _TextLoader(front)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise Unreadable(Problem(str(path), front_line, "front matter", "needs fields such as title: …"))
        lines = _lines_of(path, node, front_line)
        values = loader.construct_document(node)
    except (yaml.MarkedYAMLError, yaml.reader.ReaderError, RecursionError) as error:
        raise Unreadable(_problem(path, front_line, error)) from error
    finally:
        loader.dispose()
    return Source(str(path), values, lines, body, body_line)


def _problem(path: Path, front_line: int, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "cannot be understood"
    return Problem(str(path), front_line + (mark.line if mark else 0), "front matter", f"{what}; {QUOTES}")


def _lines_of(path: Path, root: yaml.Node, front_line: int) -> dict[Location, int]:
    """The line of each value; a field that is there twice is refused, where YAML would silently take the last."""
    lines: dict[Location, int] = {}
    for location, node in _walk(root, ()):
        line = front_line + node.start_mark.line
        if location in lines:
            raise Unreadable(Problem(str(path), line, ".".join(map(str, location)), "is there twice"))
        lines[location] = line
    return lines


def _walk(node: yaml.Node, location: Location) -> Iterator[tuple[Location, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = (*location, str(key.value))
            yield place, key
            yield from _walk(value, place)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield (*location, index), value
            yield from _walk(value, (*location, index))
