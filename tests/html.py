"""A page as a tree, read strictly: a tag that is not closed where it should be is an error, not a guess."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSEEN = {"head", "script", "style", "template"}
BLOCKS = {
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "dt",
    "dd",
    "tr",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "label",
    "button",
    "option",
}
BLOCKS |= {
    "section",
    "header",
    "footer",
    "main",
    "nav",
    "form",
    "legend",
    "caption",
    "br",
    "figcaption",
    "summary",
    "a",
}


@dataclass(eq=False)
class Node:
    """One element with its attributes and what is inside it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parent: "Node | None" = None
    inside: "list[Node | str]" = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self.attributes

    def find_all(self, *tags: str) -> "Iterator[Node]":
        """Every element of these kinds below this one, in the page's order; without kinds, every element."""
        for child in self.inside:
            if isinstance(child, Node):
                if not tags or child.tag in tags:
                    yield child
                yield from child.find_all(*tags)

    def with_class(self, name: str) -> "Iterator[Node]":
        return (node for node in self.find_all() if name in node["class"].split())

    def is_inside(self, *tags: str) -> bool:
        return self.parent is not None and (self.parent.tag in tags or self.parent.is_inside(*tags))

    @property
    def text(self) -> str:
        """The words that a person can read here, spaces made single."""
        return single_spaced("".join(self._pieces()))

    def _pieces(self) -> Iterator[str]:
        for child in self.inside:
            if isinstance(child, str):
                yield child
            elif child.tag not in UNSEEN:
                edge = " " if child.tag in BLOCKS else ""
                yield edge
                yield from child._pieces()
                yield edge


def parse(markup: str) -> Node:
    """The tree of a page or of a part of one. AssertionError where it is not well formed."""
    parser = _Parser()
    parser.feed(markup)
    parser.close()
    assert parser.here is parser.root, f"<{parser.here.tag}> is never closed"
    return parser.root


def single_spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Node("document")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = self._add(tag, attrs)
        if tag not in VOID:
            self.here = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        line, _ = self.getpos()
        assert self.here.tag == tag, f"line {line}: </{tag}> closes <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.inside.append(data)

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> Node:
        names = [name for name, _ in attrs]
        line, _ = self.getpos()
        assert len(names) == len(set(names)), f"line {line}: <{tag}> has an attribute twice: {names}"
        node = Node(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.inside.append(node)
        return node
