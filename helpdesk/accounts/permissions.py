"""What each role may do. Nothing is allowed that is not listed here."""

from collections.abc import Iterable
from enum import StrEnum

from helpdesk.accounts.types.directory import OrganisationKind, Role
from helpdesk.core.actor import Actor


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
    # Giving and ending a role, and all that changes the account of somebody who holds it.
    MANAGE_USERS = "people:manage-users"
    MANAGE_SITE_ADMINISTRATORS = "people:manage-site-administrators"
    MANAGE_COMMISSIONERS = "people:manage-commissioners"
    MANAGE_HELPDESK = "people:manage-helpdesk"
    # Asking for the reset of somebody's log-in, making sure who they are, deciding about it, and doing it for many.
    RESET_REQUEST = "reset:request"
    RESET_CHECK = "reset:check"
    RESET_APPROVE = "reset:approve"
    RESET_BULK = "reset:bulk"
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
        Permission.RESET_REQUEST,
        Permission.RESET_CHECK,
    }
)
# Who manages people decides about their resets; an agent, whom a caller talks to, only prepares them.
_RESETS = frozenset({Permission.RESET_REQUEST, Permission.RESET_CHECK, Permission.RESET_APPROVE})
_LEAD_AGENT = _AGENT | {
    Permission.CALENDAR_EDIT,
    Permission.KNOWN_ISSUE_EDIT,
    Permission.TRENDS_SEE,
    Permission.FAQ_EDIT,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    # Works at a pharmacy; has an account of their own and nobody else's.
    Role.USER: frozenset(),
    Role.AGENT: _AGENT,
    Role.LEAD_AGENT: _LEAD_AGENT,
    Role.SITE_ADMINISTRATOR: _RESETS | {Permission.PEOPLE_SEE, Permission.PEOPLE_EDIT, Permission.MANAGE_USERS},
    # A commissioner sees figures, and manages accounts of the own area; no ticket and no requester by any route.
    Role.COMMISSIONER: _RESETS
    | {
        Permission.TRENDS_SEE,
        Permission.PEOPLE_SEE,
        Permission.PEOPLE_EDIT,
        Permission.MANAGE_USERS,
        Permission.MANAGE_SITE_ADMINISTRATORS,
    },
    # Nobody is above them, so they manage each other; never themselves.
    Role.PLATFORM_ADMINISTRATOR: _LEAD_AGENT
    | _RESETS
    | {
        Permission.RESET_BULK,
        Permission.PEOPLE_SEE,
        Permission.PEOPLE_EDIT,
        Permission.MANAGE_USERS,
        Permission.MANAGE_SITE_ADMINISTRATORS,
        Permission.MANAGE_COMMISSIONERS,
        Permission.MANAGE_HELPDESK,
    },
}

# What it takes to give a role to somebody: always a role that ranks above it.
MANAGED_WITH: dict[Role, Permission] = {
    Role.USER: Permission.MANAGE_USERS,
    Role.SITE_ADMINISTRATOR: Permission.MANAGE_SITE_ADMINISTRATORS,
    Role.COMMISSIONER: Permission.MANAGE_COMMISSIONERS,
    Role.AGENT: Permission.MANAGE_HELPDESK,
    Role.LEAD_AGENT: Permission.MANAGE_HELPDESK,
    Role.PLATFORM_ADMINISTRATOR: Permission.MANAGE_HELPDESK,
}

# Where a role can be held: an agent of one pharmacy, or a commissioner of the platform, would see too much.
HOMES: dict[Role, frozenset[OrganisationKind]] = {
    Role.USER: frozenset({OrganisationKind.SITE}),
    Role.AGENT: frozenset({OrganisationKind.PLATFORM}),
    Role.LEAD_AGENT: frozenset({OrganisationKind.PLATFORM}),
    Role.PLATFORM_ADMINISTRATOR: frozenset({OrganisationKind.PLATFORM}),
    Role.COMMISSIONER: frozenset({OrganisationKind.COMMISSIONER}),
    Role.SITE_ADMINISTRATOR: frozenset({OrganisationKind.COMPANY, OrganisationKind.SITE}),
}

_RANK = [
    Role.USER,
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


def may_manage(actor: Actor, role: Role, path: str) -> bool:
    """Whether the actor may give and end that role at the organisation with that path."""
    return any(path.startswith(scope) for scope in actor.reach(MANAGED_WITH[role]))


def manageable_roles(actor: Actor) -> list[Role]:
    """The roles that the actor may give somewhere, the lowest first."""
    return [role for role in _RANK if actor.may(MANAGED_WITH[role])]


def may_be_held_at(role: Role, kind: OrganisationKind) -> bool:
    """Whether a role fits that kind of organisation."""
    return kind in HOMES[role]
