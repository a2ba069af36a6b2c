"""When two email addresses are the same, when one belongs to a team, and what a mistyped one was meant to be."""

import re
from collections.abc import Iterable
from pathlib import Path

from email_validator import EmailNotValidError, validate_email
from rapidfuzz.distance import OSA

from helpdesk.accounts.errors import EmailNotPlain, EmailRefused, EmailTooLong
from helpdesk.accounts.types.directory import EmailAddress

MAX_LENGTH = 254
NHSMAIL = "nhs.net"
GMAIL = frozenset({"gmail.com", "googlemail.com"})

# Two slips of the fingers; more is another domain.
MOST_SLIPS = 2
# What comes after the same first name may differ wholly: nhs.co was meant to be nhs.net.
MOST_SLIPS_IN_ENDING = 3

# NHSmail names every community pharmacy's shared mailbox in one of these ways.
_NHSMAIL_PHARMACY = re.compile(r"pharmacy\.f[a-z0-9]{4}@nhs\.net|nhspharmacy\.[^@]*@nhs\.net")
# A pharmacy's ODS code has at least one digit; without that, faith@ would be one.
_ODS_CODE = re.compile(r"f(?=[a-z0-9]*[0-9])[a-z0-9]{4}")
# Nobody is called so: these words mark a mailbox of a team at the head or the tail of an address, too.
_DATA = Path(__file__).parent / "data"
_TEAM_WORDS = frozenset((_DATA / "team_mailbox_words.txt").read_text(encoding="ascii").split())
# These are a team's when they stand alone; beside a name they may be initials, as in it.hughes@.
_TEAM_WORDS_ALONE = frozenset(
    ["all", "bookings", "clinic", "everyone", "finance", "help", "hr", "it", "mail", "no-reply", "post", "root"]
)


def normalise_email(text: str) -> EmailAddress:
    """The address in its comparable forms. EmailRefused with the sentence when it cannot be used.

    Only ASCII passes, before and after normalising: that ends every look-alike letter, whichever alphabet it is from.
    """
    typed = text.strip(" \t")
    if len(typed) > MAX_LENGTH:
        raise EmailTooLong
    if not typed.isascii():
        raise EmailNotPlain
    display = _checked(typed)
    _local, _, domain = display.rpartition("@")
    if not display.isascii() or any(label.startswith("xn--") for label in domain.lower().split(".")):
        raise EmailNotPlain
    key = display.lower()
    return EmailAddress(display=display, key=key, collision=_mailbox(key))


def shared_mailbox_reason(address: EmailAddress) -> str | None:
    """Why several people probably read this mailbox, in a few words, or None."""
    if is_surely_shared(address):
        return "NHSmail gives this kind of address to a whole pharmacy"
    local = address.collision.rpartition("@")[0]
    words = re.split(r"[._-]+", local)
    team_word = _team_word(local, words)
    if team_word:
        return f"“{team_word}” names a job or a place, not a person"
    code = next((word for word in words if _ODS_CODE.fullmatch(word)), None)
    return f"“{code.upper()}” is like the code of a pharmacy" if code else None


def is_surely_shared(address: EmailAddress) -> bool:
    """Whether it is a pharmacy's own NHSmail: no reason makes that one person's address."""
    return _NHSMAIL_PHARMACY.fullmatch(address.collision) is not None


def domain_suggestion(address: EmailAddress, known_domains: Iterable[str]) -> str | None:
    """The domain that was probably meant, such as nhs.net for nhs.nett. Ask; never change it silently."""
    known = sorted({NHSMAIL, *known_domains})
    if address.domain in known:
        return None
    near = [(OSA.distance(address.domain, domain), domain) for domain in known if _is_near(address.domain, domain)]
    return min(near)[1] if near else None


def look_of(address: EmailAddress) -> str:
    """What the address looks like at a glance: 1 is like l, 0 like o, rn like m."""
    local, _, domain = address.key.rpartition("@")
    return f"{local.replace('1', 'l').replace('0', 'o').replace('rn', 'm')}@{domain}"


def _checked(typed: str) -> str:
    try:
        checked = validate_email(
            typed,
            check_deliverability=False,  # the default asks the DNS and may wait for 15 seconds
            allow_smtputf8=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
            strict=True,
        )
    except EmailNotValidError as error:
        raise EmailRefused from error
    return checked.normalized


def _mailbox(key: str) -> str:
    """The mailbox behind the address: what follows a plus sign, and Gmail's dots, make no difference."""
    local, _, domain = key.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in GMAIL:
        return f"{local.replace('.', '') or local}@gmail.com"
    return f"{local}@{domain}"


def _team_word(local: str, words: list[str]) -> str | None:
    bare = [word.rstrip("0123456789") for word in words]
    alone = local.rstrip("0123456789")
    if alone in _TEAM_WORDS_ALONE:
        return alone
    return next((word for word in (bare[0], bare[-1]) if word in _TEAM_WORDS), None)


def _is_near(domain: str, known: str) -> bool:
    if OSA.distance(domain, known) <= MOST_SLIPS:
        return True
    name, _, ending = domain.partition(".")
    known_name, _, known_ending = known.partition(".")
    return name == known_name and OSA.distance(ending, known_ending) <= MOST_SLIPS_IN_ENDING
