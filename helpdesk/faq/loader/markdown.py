"""Turns the Markdown of an answer into safe HTML in NHS classes, and into plain text for programs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# Anything else, such as javascript: or data:, stays visible text.
SAFE_ADDRESS = re.compile(r"(https?://|mailto:|tel:|/(?!/)|#)", re.IGNORECASE)

CLASSES = {
    "ordered_list_open": "nhsuk-list nhsuk-list--number",
    "bullet_list_open": "nhsuk-list nhsuk-list--bullet",
    "heading_open": "nhsuk-heading-s",
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """One answer's body in the three forms that are shown."""

    html: Markup
    summary: str
    text: str


def render(body: str) -> Rendered:
    """Make the HTML, the gist (the first paragraph) and the plain text of an answer."""
    tokens = _MARKDOWN.parse(body)
    texts = [_words(token) for token in tokens if token.type == "inline"]
    return Rendered(Markup(_html(tokens)), texts[0] if texts else "", "\n".join(_lines(tokens)))  # noqa: S704


def _html(tokens: Sequence[Token]) -> str:
    for token in tokens:
        if token.type in CLASSES:
            token.attrSet("class", CLASSES[token.type])
        if token.type.startswith("heading_"):
            token.tag = "h3"  # the page has the h1, and what is around an answer the h2
        for child in token.children or ():
            if child.type == "link_open" and str(child.attrGet("href")).lower().startswith("http"):
                child.attrSet("rel", "noreferrer")
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    """Line by line, steps numbered, a blank line between blocks."""
    counters: list[_Counter] = []
    marker = gap = ""
    for token in tokens:
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            counters.append(_Counter(token))
            gap = gap if len(counters) > 1 else "\n"
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            counters.pop()
            marker, gap = ("   ", gap) if counters else ("", "\n")
        elif token.type == "list_item_open":
            marker = counters[-1].next_marker()
        elif words := _words(token):
            yield gap + "   " * (len(counters) - 1) + marker + words
            marker, gap = ("   ", "") if counters else ("", "\n")


class _Counter:
    """Numbers the items of one list, or gives each a dash."""

    def __init__(self, opening: Token) -> None:
        self.is_ordered = opening.type == "ordered_list_open"
        self.number = int(opening.attrGet("start") or 1)

    def next_marker(self) -> str:
        marker = f"{self.number}. " if self.is_ordered else "- "
        self.number += 1
        return marker


def _words(token: Token) -> str:
    """The words of one paragraph; a link to another site is followed by its address."""
    if not token.children:
        return token.content.strip()
    words, address = "", ""
    for child in token.children:
        words += child.content if child.type in {"text", "code_inline", "text_special"} else ""
        words += " " if child.type in {"softbreak", "hardbreak"} else ""
        if child.type == "link_open":
            address = str(child.attrGet("href"))
        if child.type == "link_close" and address.startswith("http") and not words.endswith(address):
            words += f" ({address})"
    return words.strip()


def _is_safe_address(address: str) -> bool:
    return SAFE_ADDRESS.match(address.strip()) is not None


def _renderer() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
    markdown.validateLink = _is_safe_address  # type: ignore[assignment, method-assign]
    return markdown


_MARKDOWN = _renderer()
