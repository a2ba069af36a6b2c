"""What each role may do, all of it: whoever gives a role something new changes this table."""

import pytest

from helpdesk.accounts.permissions import Permission, effective_role, may_be_held_at, permissions_of
from helpdesk.accounts.types.directory import OrganisationKind, Role

USER, AGENT, LEAD, SITE, COMMISSIONER, PLATFORM = (
    Role.USER,
    Role.AGENT,
    Role.LEAD_AGENT,
    Role.SITE_ADMINISTRATOR,
    Role.COMMISSIONER,
    Role.PLATFORM_ADMINISTRATOR,
)

HOLDERS = {
    Permission.TICKET_SEE: {AGENT, LEAD, PLATFORM},
    Permission.TICKET_REPLY: {AGENT, LEAD, PLATFORM},
    Permission.TICKET_ASSIGN: {AGENT, LEAD, PLATFORM},
    Permission.TICKET_RESOLVE: {AGENT, LEAD, PLATFORM},
    Permission.TICKET_ESCALATE: {AGENT, LEAD, PLATFORM},
    Permission.CALL_BACK_WORK: {AGENT, LEAD, PLATFORM},
    Permission.CALENDAR_EDIT: {LEAD, PLATFORM},
    Permission.KNOWN_ISSUE_EDIT: {LEAD, PLATFORM},
    Permission.TRENDS_SEE: {LEAD, COMMISSIONER, PLATFORM},
    Permission.PEOPLE_SEE: {SITE, COMMISSIONER, PLATFORM},
    Permission.PEOPLE_EDIT: {SITE, COMMISSIONER, PLATFORM},
    Permission.MANAGE_USERS: {SITE, COMMISSIONER, PLATFORM},
    Permission.MANAGE_SITE_ADMINISTRATORS: {COMMISSIONER, PLATFORM},
    Permission.MANAGE_COMMISSIONERS: {PLATFORM},
    Permission.MANAGE_HELPDESK: {PLATFORM},
    Permission.RESET_REQUEST: {AGENT, LEAD, SITE, COMMISSIONER, PLATFORM},
    Permission.RESET_CHECK: {AGENT, LEAD, SITE, COMMISSIONER, PLATFORM},
    Permission.RESET_APPROVE: {SITE, COMMISSIONER, PLATFORM},
    Permission.RESET_BULK: {PLATFORM},
    Permission.FAQ_EDIT: {LEAD, PLATFORM},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_brings_what_the_table_says(role: Role, permission: Permission) -> None:
    assert (permission in permissions_of([role])) == (role in HOLDERS[permission])


def test_no_role_brings_nothing() -> None:
    assert permissions_of([]) == frozenset()


def test_several_roles_bring_all_of_theirs() -> None:
    assert permissions_of([SITE, AGENT]) == permissions_of([SITE]) | permissions_of([AGENT])


@pytest.mark.parametrize(
    ("roles", "highest"),
    [
        ([SITE], SITE),
        ([SITE, USER], SITE),
        ([SITE, COMMISSIONER], COMMISSIONER),
        ([AGENT, COMMISSIONER], AGENT),
        ([LEAD, AGENT], LEAD),
        ([SITE, PLATFORM, LEAD], PLATFORM),
    ],
)
def test_the_highest_role_counts(roles: list[Role], highest: Role) -> None:
    assert effective_role(roles) == highest


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", OrganisationKind)
def test_a_role_is_held_where_it_belongs(role: Role, kind: OrganisationKind) -> None:
    homes = {
        OrganisationKind.PLATFORM: {AGENT, LEAD, PLATFORM},
        OrganisationKind.COMMISSIONER: {COMMISSIONER},
        OrganisationKind.COMPANY: {SITE},
        OrganisationKind.SITE: {SITE, USER},
    }
    assert may_be_held_at(role, kind) == (role in homes[kind])
