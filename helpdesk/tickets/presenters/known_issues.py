"""What is broken, as the banner, the public page and the lead agents' page say it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from helpdesk.web.filters import moment

if TYPE_CHECKING:
    from helpdesk.tickets.models.known_issues import KnownIssue


@dataclass(frozen=True)
class ShownIssue:
    """One issue in words."""

    title: str
    what_to_do: str
    topic: str
    # "Since today at 9am", or "From 3 March 2026 at 9am to today at midday".
    when: str
    close_url: str
    # Whether it is the one on the banner.
    is_on_banner: bool = False


@dataclass(frozen=True)
class IssuesPage:
    """All that is broken now, and what was mended lately."""

    now: tuple[ShownIssue, ...]
    mended: tuple[ShownIssue, ...]


def banner_of(issue: "KnownIssue | None") -> ShownIssue | None:
    """The banner, or None when nothing is broken."""
    return _shown(issue, {}, is_on_banner=True) if issue else None


def issues_page(
    open_issues: "Iterable[KnownIssue]", closed: "Iterable[KnownIssue]", topics: Mapping[str, str]
) -> IssuesPage:
    """Both lists in words, the newest first."""
    return IssuesPage(
        now=tuple(_shown(issue, topics, is_on_banner=at == 0) for at, issue in enumerate(open_issues)),
        mended=tuple(_shown(issue, topics) for issue in closed),
    )


def _shown(issue: "KnownIssue", topics: Mapping[str, str], *, is_on_banner: bool = False) -> ShownIssue:
    return ShownIssue(
        title=issue.title,
        what_to_do=issue.what_to_do,
        topic=topics.get(issue.topic, ""),
        when=_when(issue),
        close_url=url_for("tickets.known_issues.close", issue_id=issue.id),
        is_on_banner=is_on_banner,
    )


def _when(issue: "KnownIssue") -> str:
    if issue.closed_at is None:
        return f"Since {moment(issue.opened_at)}"
    return f"From {moment(issue.opened_at)} to {moment(issue.closed_at)}"
