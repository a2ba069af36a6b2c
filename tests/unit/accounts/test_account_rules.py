"""Where one may go after signing in, how codes are written, and what belongs under what."""

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.accounts import rules
from helpdesk.accounts.types.directory import OrganisationKind

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/agent/tickets/HD-7K3M-2QXP",
        "/admin/people?search=a%20b&after=1",
        "/user@host",
        "/faq?next=//evil.example",
    ],
)
def test_our_own_pages_may_follow(path: str) -> None:
    assert rules.local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        *("", "agent", "//evil.example", "/\\evil.example", "\\\\evil.example", "///evil.example", "/\\/evil.example"),
        *("https:evil.example", "https://evil.example", "HTTPS://evil.example", "//user@evil.example"),
        *("%2f%2fevil.example", "/%2fevil.example", "/%5cevil.example", "/%09/evil.example", "/\t/evil.example"),
        *("javascript:alert(1)", "data:text/html,x", "/a\r\nSet-Cookie: x=1", "/a%0d%0aSet-Cookie:x=1", "/\x00", " /a"),
        *("/sign-in", "/sign-in?next=/sign-in", "/sign-out", f"/{'a' * 3_000}", "/a//evil.example"),
    ],
)
def test_nothing_else_may_follow(path: str) -> None:
    assert rules.local_path(path) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [("FA123", "FA123"), (" fa123 ", "FA123"), ("QAN", "QAN"), ("HELPDESK", "HELPDESK")],
)
def test_codes_are_kept_in_capitals(typed: str, code: str) -> None:
    assert rules.organisation_code(typed) == code


@pytest.mark.parametrize("typed", ["", "FA", "FA123-4", "FA 123", "FA1234567", "ＦＡ123", "FA123\x00"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert rules.organisation_code(typed) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("an1 2cd", "AN1 2CD"),
        (" AN12CD", "AN1 2CD"),
        ("SW1A  1AA", "SW1A 1AA"),
        ("AN1", None),
        ("", None),
        ("12345", None),
    ],
)
def test_postcodes_are_kept_in_one_way(typed: str, kept: str | None) -> None:
    assert rules.postcode(typed) == kept


@pytest.mark.parametrize("kind", OrganisationKind)
@pytest.mark.parametrize("parent", OrganisationKind)
def test_the_tree_grows_downwards(kind: OrganisationKind, parent: OrganisationKind) -> None:
    platform, commissioner, company, site = OrganisationKind
    parents = {
        platform: set(),
        commissioner: {platform},
        company: {platform, commissioner},
        site: {platform, commissioner, company},
    }
    assert rules.may_be_under(kind, parent) == (parent in parents[kind])


@pytest.mark.parametrize(
    ("scopes", "path", "reaches"),
    [
        ([""], "a/b/", True),
        (["a/"], "a/b/", True),
        (["a/"], "a/", True),
        (["a/b/"], "a/", False),
        (["a/"], "b/", False),
        (["a/", "b/"], "b/c/", True),
        ([], "a/", False),
        ([], "", False),
    ],
)
def test_scopes_reach_what_is_below_them(scopes: list[str], path: str, reaches: bool) -> None:
    assert rules.may_reach(scopes, path) == reaches


@pytest.mark.parametrize(("used_before", "renewed"), [(0, False), (59, False), (60, True), (3_000, True)])
def test_a_session_is_renewed_at_most_once_a_minute(used_before: int, renewed: bool) -> None:
    idle_until = NOW - timedelta(seconds=used_before) + rules.SESSION_IDLE_FOR
    assert rules.session_should_be_renewed(idle_until=idle_until, now=NOW) == renewed
