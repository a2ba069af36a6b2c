"""What holds for sessions, links and the tree of organisations. Pure decisions on plain values."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import unquote

from helpdesk.accounts.types.directory import OrganisationKind, PersonStatus

# mfa.md asks for 15 minutes. An agent who is on the phone, with a half-written reply, would lose it many times a day;
# their screens lock by themselves. An hour is our choice until replies are kept as drafts.
SESSION_IDLE_FOR = timedelta(minutes=60)
# A shift. After it password and code are asked for again, however busy the session was.
SESSION_LASTS = timedelta(hours=8)
# Between the password and the code.
PASSWORD_PROOF_LASTS = timedelta(minutes=5)
MOST_CODES_FOR_A_PASSWORD_PROOF = 5
# Time to install an app, too.
SET_UP_LASTS = timedelta(minutes=15)
# Writing at every request would make each page view a write.
SESSION_RENEWED_EVERY = timedelta(minutes=1)
# NIST's limit for a secret that travels by email.
SETUP_LINK_LASTS = timedelta(hours=24)
# It is asked for when it is needed, so it need not lie in a mailbox for longer.
ACCOUNT_LINK_LASTS = timedelta(minutes=60)
# A new address is confirmed within a day, as a set-up link is used.
EMAIL_CONFIRMED_WITHIN = timedelta(hours=24)
# A long weekend: the reader of the old address sees the notice and can take the change back.
EMAIL_UNDONE_WITHIN = timedelta(hours=72)
MOST_WRONG_TRIES_OF_A_LINK = 10
MOST_OPENINGS_OF_A_LINK = 3

# Who may still set up an account; whoever has an authenticator changes it from the own account.
MAY_SET_UP = frozenset({PersonStatus.INVITED, PersonStatus.ACTIVE})

_PARENTS: dict[OrganisationKind, frozenset[OrganisationKind]] = {
    OrganisationKind.PLATFORM: frozenset(),
    OrganisationKind.COMMISSIONER: frozenset({OrganisationKind.PLATFORM}),
    OrganisationKind.COMPANY: frozenset({OrganisationKind.PLATFORM, OrganisationKind.COMMISSIONER}),
    OrganisationKind.SITE: frozenset(
        {OrganisationKind.PLATFORM, OrganisationKind.COMMISSIONER, OrganisationKind.COMPANY}
    ),
}

_ORGANISATION_CODE = re.compile(r"[A-Z0-9]{3,8}")
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})")
# A browser drops control characters and reads a backslash as a slash before it looks for the host.
_NEVER_IN_A_PATH = re.compile(r"[\\\x00-\x1f\x7f]")
_LOOPS = frozenset({"/sign-in", "/sign-in/code", "/sign-in/recovery-code", "/sign-in/release", "/sign-out"})
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip
_LONGEST_PATH = 2_000


def may_be_under(kind: OrganisationKind, parent: OrganisationKind) -> bool:
    """Whether an organisation of that kind can belong to one of the other kind."""
    return parent in _PARENTS[kind]


def may_reach(scopes: Iterable[str], path: str) -> bool:
    """Whether an organisation lies within one of these parts of the tree."""
    return any(path.startswith(scope) for scope in scopes)


def organisation_code(text: str) -> str | None:
    """An ODS code as it is kept, or None when the text cannot be one. Unknown codes are nobody's mistake."""
    code = text.strip().upper()
    return code if _ORGANISATION_CODE.fullmatch(code) else None


def postcode(text: str) -> str | None:
    """A postcode as it is kept, AN1 2CD, or None when the text cannot be one."""
    match = _POSTCODE.fullmatch(" ".join(text.upper().split()))
    return f"{match[1]} {match[2]}" if match else None


def session_should_be_renewed(*, idle_until: datetime, now: datetime) -> bool:
    """Whether enough time went by since the session was last marked as used."""
    return idle_until - now <= SESSION_IDLE_FOR - SESSION_RENEWED_EVERY


def browser_name(user_agent: str) -> str:
    """What a person calls the browser: 'Chrome on Windows'. Good enough to know one's own from a stranger's."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "A browser")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "an unknown system")
    return f"{browser} on {system}"


def local_path(text: str) -> str | None:
    """Where to go after signing in: one of our own pages, or None for what a browser could take for another host."""
    path = unquote(text.partition("?")[0])
    if not text.startswith("/") or len(text) > _LONGEST_PATH or path in _LOOPS:
        return None
    if "//" in path or _NEVER_IN_A_PATH.search(path) or _NEVER_IN_A_PATH.search(text):
        return None
    return text
