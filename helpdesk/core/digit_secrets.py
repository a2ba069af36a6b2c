"""Secrets made of digits: NHS numbers, card numbers, and the codes of an authenticator app."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from helpdesk.core.secret_spans import SecretKind, Span

CHUNK = re.compile(r"(?<![A-Za-z0-9@])[0-9]{1,24}(?![A-Za-z0-9@])")
JOINTS = {" ", "-", "."}

# How an NHS number is written: ten in a row, or in groups. Groups alone could be a date and a time.
NHS_SHAPES = {(10,), (3, 3, 4), (4, 3, 3), (3, 4, 3), (5, 5), (2, 2, 2, 2, 2), (3, 7), (1,) * 10}
NHS_LABEL = re.compile(r"\b(?:NHS|CHI)\b[^0-9\[\]]{0,20}$", re.IGNORECASE)
NHS_GLUED = re.compile(r"\bNHS(?:no|number|num)?[:#-]?([0-9]{10})(?![A-Za-z0-9@])", re.IGNORECASE)
ABROAD = re.compile(r"(?:\+|\b00)[0-9]{1,3}[ -]?(?:\(0\)[ -]?)?$")

CARD_SHAPES = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3)}
# By length, how the number of a payment card begins; the serial number of a phone (IMEI) has a Luhn digit, too.
CARD_STARTS = {
    14: re.compile(r"3[68]|30[0-5]"),
    15: re.compile(r"3[47]"),
    16: re.compile(r"4|5[0-9]|2[2-7]|6[0-9]|35"),
    19: re.compile(r"4|6[0-9]"),
}

CODE_SHAPES = {(6,), (3, 3), (2, 2, 2), (1,) * 6}
CODE_NEAR = re.compile(
    r"\b(?:codes?|otp|totp|passcodes?|2fa|mfa|token|pin|authenticator|verification)\b", re.IGNORECASE
)
CODE_TYPED = re.compile(
    r"\b(?:entered|typed|typing|entering|keyed in|put in|tried|shows?|showing)[ :]{1,2}$", re.IGNORECASE
)
# Numbers that are called something else, also where that is called a code.
OTHER_NAMES = (
    "area|batch|branch|claim|cost|dialling|drug|error|gphc|gtin|incident|invoice|licence|ods|order|pip|po|post|"
    "postal|prescription|ref|reference|registration|shop|site|snomed|sort|staff|status|store|tax|ticket|vat|version"
)
# These only with a word that says so: "the code on my phone is" leads to a secret.
OTHER_NUMBERS = (
    "account|asset|build|clinic|company|contract|customer|employee|ext|extension|item|membership|organisation|patient|"
    "payroll|phone|product|room|supplier|telephone"
)
# At the end: what comes after a stroke in a web address.
OTHER_BEFORE = re.compile(
    rf"\b(?:{OTHER_NAMES}|(?:{OTHER_NUMBERS}) (?:code|number|no|num|id))\b"
    r"(?:[ :#.=-]{1,3}(?:code|number|no|num|id|is|was|of)\b){0,3}[ :#.=-]{0,3}$|£ ?$|[.:/]\S{0,38}/$",
    re.IGNORECASE,
)
OTHER_AFTER = re.compile(rf"[ ,]{{0,2}}(?:is|was|as) (?:the|my|our|a|an)? ?(?:{OTHER_NAMES})\b", re.IGNORECASE)
NEAR_CHARACTERS = 40
# A context ends with its sentence, and never lies in a marker that was set before.
SENTENCE_END = re.compile(r"[\[\]!?]|\.(?: |$)")


@dataclass(frozen=True)
class Group:
    """Chunks of digits that one person wrote as one number."""

    chunks: Sequence[re.Match[str]]
    before: str
    after: str

    @property
    def start(self) -> int:
        return self.chunks[0].start()

    @property
    def end(self) -> int:
        return self.chunks[-1].end()

    @cached_property
    def digits(self) -> str:
        return "".join(chunk[0] for chunk in self.chunks)

    def span(self, kind: SecretKind) -> Span:
        return Span(self.start, self.end, kind)


def nhs_numbers(text: str) -> Iterator[Span]:
    """Ten digits of which the last is the right check digit, with spaces or hyphens or without."""
    for match in NHS_GLUED.finditer(text):
        if is_nhs_number(match[1]):
            yield Span(match.start(1), match.end(1), SecretKind.NHS_NUMBER)
    for group in _groups(text, NHS_SHAPES):
        is_phone = group.digits.startswith("0") and not NHS_LABEL.search(group.before)
        if not is_phone and not ABROAD.search(group.before) and is_nhs_number(group.digits):
            yield group.span(SecretKind.NHS_NUMBER)


def card_numbers(text: str) -> Iterator[Span]:
    """The number of a payment card, by its length, its beginning and its check digit."""
    for group in _groups(text, CARD_SHAPES | {(length,) for length in CARD_STARTS}):
        if is_card_number(group.digits):
            yield group.span(SecretKind.CARD_NUMBER)


def security_codes(text: str) -> Iterator[Span]:
    """Six digits near a word such as "code", unless they are called something else."""
    for group in _groups(text, CODE_SHAPES):
        if _is_called_code(group):
            yield group.span(SecretKind.SECURITY_CODE)


def is_nhs_number(digits: str) -> bool:
    """Whether the last of ten digits is their check digit (modulus 11)."""
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=False))
    return len(set(digits)) > 1 and (11 - total % 11) % 11 == int(digits[9])


def is_card_number(digits: str) -> bool:
    """Whether a payment card may have this number (Luhn)."""
    start = CARD_STARTS.get(len(digits))
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return bool(start and start.match(digits)) and sum(one - 9 * (one > 9) for one in doubled) % 10 == 0


def _is_called_code(group: Group) -> bool:
    before, after = SENTENCE_END.split(group.before)[-1], SENTENCE_END.split(group.after)[0]
    if OTHER_BEFORE.search(before) or OTHER_AFTER.match(after):
        return False
    return bool(CODE_NEAR.search(before) or CODE_TYPED.search(before) or CODE_NEAR.search(after))


def _groups(text: str, shapes: set[tuple[int, ...]]) -> Iterator[Group]:
    """Neighbouring chunks that together have one of the shapes, each chunk in one group only."""
    sizes = sorted({len(shape) for shape in shapes}, reverse=True)
    for run in _runs(text):
        at = 0
        while at < len(run):
            size = next((size for size in sizes if _fits(text, run, at, size, shapes)), 0)
            if size:
                start, end = run[at].start(), run[at + size - 1].end()
                before, after = text[max(0, start - NEAR_CHARACTERS) : start], text[end : end + NEAR_CHARACTERS]
                yield Group(run[at : at + size], before, after)
            at += size or 1


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Chunks with one joint between each and the next."""
    run: list[re.Match[str]] = []
    for chunk in CHUNK.finditer(text):
        if run and text[run[-1].end() : chunk.start()] not in JOINTS:
            yield run
            run = []
        run.append(chunk)
    yield run


def _fits(text: str, run: Sequence[re.Match[str]], at: int, size: int, shapes: set[tuple[int, ...]]) -> bool:
    chunks = run[at : at + size]
    shape = tuple(len(chunk[0]) for chunk in chunks)
    if len(chunks) < size or shape not in shapes:
        return False
    joints = {text[one.end()] for one in chunks[:-1]}
    is_date = shape == (2, 2, 2) and joints != {" "}
    return len(joints) <= 1 and not is_date and not _goes_on(run, at, size, shape)


def _goes_on(run: Sequence[re.Match[str]], at: int, size: int, shape: tuple[int, ...]) -> bool:
    """Whether the chunk before or after belongs to the same number, as in a phone number.

    Several of one shape after another are several numbers; one written in one piece needs no room.
    """
    if shape[0] >= 10 or shape in {(3, 3, 4), (4, 4, 4, 4)}:
        return at > 0 and shape[0] < 10 and len(run[at - 1][0]) <= 2
    neighbours = [len(chunk[0]) for chunk in (*run[max(0, at - 1) : at], *run[at + size : at + size + 1])]
    return any(length != shape[0] or len(shape) > 1 for length in neighbours)
