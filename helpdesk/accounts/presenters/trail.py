"""The trail of an account in words."""

from dataclasses import dataclass

from flask import url_for

from helpdesk.accounts.queries.trail import Trail
from helpdesk.accounts.types.directory import ROLE_NAMES, Role
from helpdesk.audit.types import AuditEntry
from helpdesk.web.filters import moment

WORDS = {
    "people:imported": "Imported people from a file",
    "person:act-refused": "An act on this account was refused",
    "person:added": "Account added",
    "person:email-change-asked": "New email address asked for",
    "person:email-change-undone": "Change of email address taken back",
    "person:email-change-withdrawn": "Change of email address withdrawn",
    "person:email-changed": "Email address changed",
    "person:erased": "Account erased",
    "person:frozen": "Account frozen",
    "person:invitation-corrected": "Invitation sent to another address",
    "person:link-refused": "Something wrong was entered behind a mailed link",
    "person:left": "Marked as left",
    "person:password-link-sent": "Link for a new password sent",
    "person:password-set": "Password chosen",
    "person:phone-changed": "Phone number on record changed",
    "person:proof-refused": "Wrong password before a dangerous act",
    "person:proved-again": "Confirmed with a new code who it is",
    "person:release-link-sent": "Link to try codes again sent",
    "person:role-added": "Role given",
    "person:role-ended": "Role ended",
    "person:searched-too-often": "Searched for people too often",
    "person:second-email-asked": "Second email address asked for",
    "person:second-email-changed": "Second email address changed",
    "person:session-ended": "Logged out of one browser",
    "person:sessions-ended": "Logged out everywhere",
    "person:set-up-link-made": "Set-up link sent",
    "person:signed-in": "Logged in",
    "person:signed-out": "Logged out",
    "person:unfrozen": "Account unfrozen",
    "provider:step-done": "Changed at the provider of sign-in",
    "provider:step-failed": "Could not be changed at the provider of sign-in",
    "recovery-code:refused": "Wrong recovery code",
    "recovery-code:used": "Recovery code used to log in",
    "recovery-codes:renewed": "New recovery codes made",
    "reset:approved": "Reset of the log-in approved",
    "reset:bulk-approved": "Reset approved for many at once",
    "reset:bulk-stopped-entry": "Authenticator stopped for many at once",
    "reset:cancelled": "Reset of the log-in cancelled",
    "reset:check-failed": "Could not be confirmed for a reset",
    "reset:check-failed-again": "Could not be confirmed for a reset, again",
    "reset:checked": "Confirmed for a reset who it is",
    "reset:completed": "Log-in reset: a new authenticator counts",
    "reset:dispute-refused": "A link that stops a reset was wrong",
    "reset:disputed": "Reset stopped from the person’s mail",
    "reset:expired": "Reset ran out",
    "reset:first-approved": "Reset approved by the first of two people",
    "reset:issued": "Link of the reset sent",
    "reset:link-renewed": "New link of the reset sent",
    "reset:number-shown": "Phone number on record shown, to ring it",
    "reset:old-entry-used": "A stopped authenticator was tried",
    "reset:rejected": "Reset rejected",
    "reset:requested": "Reset of the log-in asked for",
    "reset:spoken-code-shown": "Spoken code shown, to read it out",
    "token:added": "API token made",
    "totp:lanes-reopened": "Codes can be tried again after a link by email",
    "totp:refused": "Wrong code of an authenticator",
    "totp:replay": "A code that was used before was refused",
    "totp:set-up": "Authenticator set up",
    "totp:set-up-started": "Set-up of an authenticator started",
    "totp:unreadable": "Codes could not be checked",
}
# Who did it, where the reader may not know the name.
ROLES = {str(role): f"{name}, not of your organisations" for role, name in ROLE_NAMES.items()} | {
    "anybody": "Somebody not logged in",
    "system": "The service itself",
}


@dataclass(frozen=True)
class TrailPage:
    """A page of the trail, newest first."""

    title: str
    # When, what, and who did it.
    rows: list[tuple[str, str, str]]
    first_url: str
    next_url: str


def trail_page(trail: Trail, person_id: str, *, is_first: bool) -> TrailPage:
    """What was done to one account, for whoever manages it."""
    newest = url_for("people.person.trail", person_id=person_id)
    return TrailPage(
        title=f"What happened to the account of {trail.person_name}",
        rows=[_row(entry, trail) for entry in trail.entries],
        first_url="" if is_first else newest,
        next_url=url_for("people.person.trail", person_id=person_id, before=trail.before) if trail.before else "",
    )


def _row(entry: AuditEntry, trail: Trail) -> tuple[str, str, str]:
    when = moment(entry.at)
    return when[:1].upper() + when[1:], _what(entry, trail), _who(entry, trail)


def _what(entry: AuditEntry, trail: Trail) -> str:
    """Of an action that has no words here, its name: an investigator must not miss it."""
    words, role = WORDS.get(entry.action, entry.action), str(entry.detail.get("role", ""))
    if role in set(Role):
        words += f": {ROLE_NAMES[Role(role)]}"
    place = trail.organisations.get(entry.organisation_id) if entry.organisation_id else None
    return f"{words} at {place}" if place else words


def _who(entry: AuditEntry, trail: Trail) -> str:
    if entry.actor_id and entry.actor_id in trail.people:
        return trail.people[entry.actor_id]
    return ROLES.get(entry.actor_role, entry.actor_role)
