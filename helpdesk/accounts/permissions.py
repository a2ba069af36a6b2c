"""What each role may do. Nothing is allowed that is not listed here."""

from collections.abc import Iterable
from enum import StrEnum

from helpdesk.accounts.types import OrganisationKind, Role


class Permission(StrEnum):
    TICKET_SEE = "ticket:see"
    TICKET_REPLY = "ticket:reply"
    TICKET_ASSIGN = "ticket:assign"
    TICKET_RESOLVE = "ticket:resolve"
    TICKET_ESCALATE = "ticket:escalate"
    CALL_BACK_WORK = "call-back:work"
    CALENDAR_EDIT = "calendar:edit"
    KNOWN_ISSUE_EDIT = "known-issue:edit"
    PEOPLE_SEE = "people:see"
    PEOPLE_EDIT = "people:edit"
    TRENDS_SEE = "trends:see"
    FAQ_EDIT = "faq:edit"


_AGENT = frozenset(
    {
        Permission.TICKET_SEE,
        Permission.TICKET_REPLY,
        Permission.TICKET_ASSIGN,
        Permission.TICKET_RESOLVE,
        Permission.TICKET_ESCALATE,
        Permission.CALL_BACK_WORK,
    }
)
_LEAD_AGENT = _AGENT | {
    Permission.CALENDAR_EDIT,
    Permission.KNOWN_ISSUE_EDIT,
    Permission.TRENDS_SEE,
    Permission.FAQ_EDIT,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.AGENT: _AGENT,
    Role.LEAD_AGENT: _LEAD_AGENT,
    Role.SITE_ADMINISTRATOR: frozenset({Permission.PEOPLE_SEE}),
    # A commissioner sees figures, and the staff accounts of the own area; no ticket and no requester by any route.
    Role.COMMISSIONER: frozenset({Permission.TRENDS_SEE, Permission.PEOPLE_SEE}),
    Role.PLATFORM_ADMINISTRATOR: _LEAD_AGENT | {Permission.PEOPLE_SEE, Permission.PEOPLE_EDIT},
}

# Where a role can be held: an agent of one pharmacy, or a commissioner of the platform, would see too much.
HOMES: dict[Role, frozenset[OrganisationKind]] = {
    Role.AGENT: frozenset({OrganisationKind.PLATFORM}),
    Role.LEAD_AGENT: frozenset({OrganisationKind.PLATFORM}),
    Role.PLATFORM_ADMINISTRATOR: frozenset({OrganisationKind.PLATFORM}),
    Role.COMMISSIONER: frozenset({OrganisationKind.COMMISSIONER}),
    Role.SITE_ADMINISTRATOR: frozenset({OrganisationKind.COMPANY, OrganisationKind.SITE}),
}

_RANK = [
    Role.SITE_ADMINISTRATOR,
    Role.COMMISSIONER,
    Role.AGENT,
    Role.LEAD_AGENT,
    Role.PLATFORM_ADMINISTRATOR,
]


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything that holding these roles brings."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))


def effective_role(roles: Iterable[Role]) -> Role:
    """The highest of the roles that one person holds, whichever organisation it is for. ValueError when none."""
    return max(roles, key=_RANK.index)


def may_be_held_at(role: Role, kind: OrganisationKind) -> bool:
    """Whether a role fits that kind of organisation."""
    return kind in HOMES[role]
