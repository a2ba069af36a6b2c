"""What a requester said about themselves in the chat, so that the form does not ask for it again.

Only what is plain is taken. Two different numbers, or a word that may be no name, are left for the person to fill in.
"""

import re
from collections.abc import Iterable

from helpdesk.accounts.email_rules import normalise_email
from helpdesk.accounts.errors import EmailRefused
from helpdesk.bot.types import AboutRequester

_EMAIL = re.compile(r"[\w.%+'-]+@[\w-]+(?:\.[\w-]+)+")
# Places and mobiles. Numbers of call centres, such as the helpdesk's own, begin with 03 or 08.
_PHONE = re.compile(r"(?<![\w+])(?:\+44[ -]?(?:\(0\)[ -]?)?|\(?0)[127](?:[ ()-]{0,2}[0-9]){8,9}(?![0-9])")
# A pharmacy's code is F and four more, of which one is a digit; after the words “ODS code” any code counts.
_PHARMACY_CODE = re.compile(r"\bF(?=[A-Z0-9]*[0-9])[A-Z0-9]{4}\b", re.IGNORECASE)
_NAMED_CODE = re.compile(r"\bODS(?: code)?(?: is|:)? (?=[A-Z0-9]*[0-9])([A-Z0-9]{3,8})\b", re.IGNORECASE)

_NAME = r"(?P<name>[A-Z][\w'’-]*[a-z](?: [A-Z][\w'’-]*[a-z]){0,2})"
_NAME_GIVEN = (
    re.compile(rf"\b[Mm]y name(?: is|['’]s) {_NAME}"),
    re.compile(rf"\b(?:I['’]?m|I am|[Tt]his is|[Ii]t['’]s) {_NAME},? (?:from|at|here)\b"),
    re.compile(rf"\b(?:I['’]?m|I am) {_NAME}, (?:a|an|the|your) "),
)
# Written with a capital after “I’m” or “This is”, and nobody's name.
_NO_NAMES = frozenset(
    "asda boots calling chemist day dispenser emailing jhoots locked locum lloyds manager morrisons new not on out "
    "paydens pharmacist pharmacy phoning responsible ringing rowlands stuck superdrug tesco the trying unable urgent "
    "well working writing".split()
)


def about_requester(messages: Iterable[str]) -> AboutRequester:
    """Name, email address, phone number and pharmacy as the requester wrote them; empty where that is not plain."""
    text = "\n".join(messages)
    without_emails = _EMAIL.sub(" ", text)
    return AboutRequester(
        name=_the_only_one(_names(text)),
        email=_the_only_one(_emails(text)),
        phone=_the_only_one(match[0] for match in _PHONE.finditer(without_emails)),
        pharmacy=_the_only_one(_codes(without_emails)),
    )


def _the_only_one(found: Iterable[str]) -> str:
    different = {re.sub(r"\W", "", one).casefold(): one for one in found}
    return next(iter(different.values())) if len(different) == 1 else ""


def _names(text: str) -> list[str]:
    names = [match["name"] for pattern in _NAME_GIVEN for match in pattern.finditer(text)]
    return [name for name in names if _NO_NAMES.isdisjoint(name.casefold().split())]


def _emails(text: str) -> list[str]:
    return [found for match in _EMAIL.finditer(text) if (found := match[0].strip("'.-")) and _is_usable(found)]


def _is_usable(email: str) -> bool:
    try:
        normalise_email(email)
    except EmailRefused:
        return False
    return True


def _codes(text: str) -> list[str]:
    named = [match[1] for match in _NAMED_CODE.finditer(text)]
    return [code.upper() for code in named or [match[0] for match in _PHARMACY_CODE.finditer(text)]]
