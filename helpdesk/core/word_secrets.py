"""Secrets made of letters and digits: set-up links and keys, activation codes, passwords."""

import re
from collections.abc import Iterator

from helpdesk.core.secret_spans import SecretKind, Span

# Between a name and its value; never across a marker that was set before.
SAYS = r"(?:[ \n]{0,2}(?:is|was|=|:|-|->|,|is:|below|here|follows|\(){1,2}){0,2}[ \n\"'“‘`(]{0,3}"

LINK_START = re.compile(r"otpauth(?:-migration)?(?::|%3A) ?(?:/|%2F)?", re.IGNORECASE)
SPACE = re.compile(r"\s")
AFTER_LINK = ".,;!?)>\"'"

# The authenticator's alphabet (base 32), in one piece or in groups of four.
KEY = r"(?<![A-Za-z0-9])(?:[A-Z2-7]{16,128}|[A-Z2-7]{4}(?:[ -][A-Z2-7]{4}){3,31})={0,6}(?![A-Za-z0-9])"
ANY_KEY = re.compile(KEY, re.IGNORECASE)
KEY_LABEL = re.compile(
    r"(?:\b(?:set-? ?up|secret|manual|serial|authenticator|private) (?:key|code|number)|\bsecret|\bkey)\b"
    r"[^\[\]0-9]{0,20}$",
    re.IGNORECASE,
)
SECRET_VALUE = re.compile(r"\bsecret ?[=:] ?([A-Z2-7]{8,128})(?![A-Za-z0-9])", re.IGNORECASE)
LABEL_CHARACTERS = 40

# Five groups of three, joined by dashes, as the letter or email gives it.
GROUPS = re.compile(r"(?<![A-Za-z0-9-])[A-Z0-9]{3}(?: ?- ?[A-Z0-9]{3}){4}(?![A-Za-z0-9-])", re.IGNORECASE)
LABELLED_CODE = re.compile(
    rf"\bactivation[ -]?(?:code|key|number)\b{SAYS}"
    r"([A-Z0-9]{3}(?:[ .,/_-]{1,3}[A-Z0-9]{3}){4}|[A-Z0-9]{15}|(?=[A-Z-]{0,20}[0-9])[A-Z0-9-]{6,40})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
DAYS_AND_MONTHS = frozenset("mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec".split())

PASSWORD = re.compile(
    r"\b(?:pass ?words?|passwd|pwd|passphrase|(?:secret|memorable) word)"
    r"(?: (?:for|to|on|i|we|use|used|have|had|tried|typed|set|of|mine|there|here|pharmoutcomes|nhsmail|now) ?){0,4}"
    r"(?P<says> ?(?:[:=]|->|=>)|,? (?:is|was|are|being)\b:?)\s{0,3}"
    r"(?P<value>\"[^\"\n]{1,80}\"|“[^”\n]{1,80}”|'[^'\n]{1,80}'|‘[^’\n]{1,80}’|[^\s\[\"“‘][^\s\[]{0,127})",
    re.IGNORECASE,
)
# What people say of a password without telling it.
ORDINARY = frozenset(
    """a about accepted again all also always an and apparently ask asking at available bad because been being blank
    but by case coming completely correct definitely different done due empty enough expired fine for forgotten from
    gone good hard hidden how i if in incorrect invalid it just kept known long lost maybe me mine missing my n/a
    never new no none nor not now of off ok okay old on only or our out over perfectly please probably really
    refused rejected required reset right safe same saved secret secure see sent set short shown so still strong
    stuck sure tbc temporary that the their then there they this to too try unavailable unclear unknown up use valid
    very weak well what when where which who why with working written wrong yes yet you your""".split()
)
ORDINARY_ENDING = re.compile(r"[a-z]{3,20}(?:ed|ing|n't|n’t)")
EDGES = " .,;:!?()*_-\"'“”‘’"


def setup_links(text: str) -> Iterator[Span]:
    """The link inside a QR code, up to the next space."""
    done = 0
    for match in LINK_START.finditer(text):
        if match.start() < done:
            continue
        end = SPACE.search(text, match.end())
        done = end.start() if end else len(text)
        yield Span(
            match.start(), match.start() + len(text[match.start() : done].rstrip(AFTER_LINK)), SecretKind.SETUP_LINK
        )


def setup_keys(text: str) -> Iterator[Span]:
    """The key that is typed where a QR code cannot be scanned."""
    for match in SECRET_VALUE.finditer(text):
        yield Span(match.start(1), match.end(1), SecretKind.SETUP_KEY)
    for match in ANY_KEY.finditer(text):
        label = KEY_LABEL.search(text[max(0, match.start() - LABEL_CHARACTERS) : match.start()])
        if _is_key(match[0], is_labelled=label is not None):
            yield Span(match.start(), match.end(), SecretKind.SETUP_KEY)


def activation_codes(text: str) -> Iterator[Span]:
    """Five groups of three letters and digits; called an activation code, also in another form."""
    for match in GROUPS.finditer(text):
        if _may_be_activation_code(match[0]):
            yield Span(match.start(), match.end(), SecretKind.ACTIVATION_CODE)
    for match in LABELLED_CODE.finditer(text):
        yield Span(match.start(1), match.end(1), SecretKind.ACTIVATION_CODE)


def passwords(text: str) -> Iterator[Span]:
    """What follows "password is" or "password:", unless it only says how it is with the password."""
    for match in PASSWORD.finditer(text):
        if not _is_ordinary(match["value"], is_sentence=match["says"].strip(" ,:").isalpha()):
            yield Span(match.start("value"), match.end("value"), SecretKind.PASSWORD)


def _is_key(text: str, *, is_labelled: bool) -> bool:
    """Words in capitals have no digits; a key of sixteen nearly always has one."""
    digits = sum(sign.isdigit() for sign in text)
    letters = sum(sign.isalpha() for sign in text)
    if not letters or (digits == 0 and not is_labelled):
        return False
    is_one_case = text.isupper() or text.islower()
    is_one_piece = text.isalnum()
    if digits == 0:
        return is_one_piece and text.isupper()
    return is_labelled or (is_one_case and (text.isupper() or digits > 1))


def _may_be_activation_code(text: str) -> bool:
    groups = [group.strip().lower() for group in text.split("-")]
    return any(sign.isalpha() for sign in text) and not DAYS_AND_MONTHS.issuperset(groups)


def _is_ordinary(value: str, *, is_sentence: bool) -> bool:
    word = value.strip(EDGES)
    if not word or value[0] in "\"'“‘":
        return not word
    is_plain = word.islower() or word.istitle() or word.isupper()
    return (is_plain and word.lower() in ORDINARY) or (is_sentence and ORDINARY_ENDING.fullmatch(word) is not None)
