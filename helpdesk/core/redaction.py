"""Secrets that people type although nobody asked: taken out before anything is kept, and told calmly."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk.core.digit_secrets import card_numbers, nhs_numbers, security_codes
from helpdesk.core.secret_spans import SecretKind, Span
from helpdesk.core.seen_text import SeenText
from helpdesk.core.word_secrets import activation_codes, passwords, setup_keys, setup_links

NAMES = {
    SecretKind.SETUP_LINK: "a set-up link",
    SecretKind.SETUP_KEY: "a set-up key",
    SecretKind.ACTIVATION_CODE: "an activation code",
    SecretKind.CARD_NUMBER: "a card number",
    SecretKind.NHS_NUMBER: "an NHS number",
    SecretKind.PASSWORD: "a password",
    SecretKind.SECURITY_CODE: "a security code",
}
# They stand in the text in the place of what was there, so the text itself says later what was taken out.
MARKERS = {kind: f"[{name.partition(' ')[2]} removed]" for kind, name in NAMES.items()}
_ANY_MARKER = re.compile("|".join(map(re.escape, MARKERS.values())))

# The surest first: where two overlap, the earlier gives the name.
FINDERS = (setup_links, activation_codes, setup_keys, card_numbers, nhs_numbers, passwords, security_codes)


@dataclass(frozen=True)
class Redacted:
    """A text without its secrets, and which kinds were in it."""

    text: str
    kinds: tuple[SecretKind, ...] = ()


def redact(text: str) -> Redacted:
    """The text with a marker for each secret in it. Done twice, it changes nothing more."""
    seen = SeenText.of(text)
    spans = list(_apart([span for find in FINDERS for span in find(seen.text)]))
    found = {span.kind for span in spans}
    return Redacted(_marked(text, seen, spans), tuple(kind for kind in SecretKind if kind in found))


def without_secrets(text: str, most: int | None = None) -> str:
    """The text with markers, cut to what its column holds: a marker may be longer than the secret."""
    return redact(text).text[:most]


def without_markers(text: str) -> str:
    """Only what the person said: a marker is made of our words, and tells nothing of what they ask."""
    if _ANY_MARKER.search(text) is None:
        return text
    return " ".join(part.strip(" \t") for part in _ANY_MARKER.split(text)).strip()


def notice_to_writer(text: str) -> str:
    """What the person who wrote this text is told, in one calm sentence or two; nothing where nothing was removed."""
    names = _removed_from(text)
    it = "it" if len(names) == 1 else "them"
    return f"We removed {_listed(names)} from your message. You do not need to send {it} to us." if names else ""


def notice_to_helpdesk(text: str) -> str:
    """The same for an agent who reads or wrote it."""
    names = _removed_from(text)
    return f"We removed {_listed(names)} from this message." if names else ""


def _removed_from(text: str) -> list[str]:
    return [NAMES[kind] for kind in SecretKind if MARKERS[kind] in text]


def _listed(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _apart(spans: list[Span]) -> Iterator[Span]:
    """Spans that overlap become one, so that no piece of a secret stays."""
    current: Span | None = None
    for span in sorted(spans, key=lambda one: one.start):  # stable: of two at one place, the surer is first
        if current and span.start < current.end:
            current = Span(current.start, max(current.end, span.end), current.kind)
            continue
        if current:
            yield current
        current = span
    if current:
        yield current


def _marked(text: str, seen: SeenText, spans: list[Span]) -> str:
    parts, done = [], 0
    for span in spans:
        start, end = seen.place_of(span.start), seen.place_of(span.end - 1) + 1
        parts += [text[done:start], MARKERS[span.kind]]
        done = end
    return "".join([*parts, text[done:]])
