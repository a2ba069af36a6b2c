"""Deadlines in words: why one is when it is, what is allowed, and how it would be with another target."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import url_for

from helpdesk.tickets.deadlines.counting import Count, Piece, PieceKind
from helpdesk.tickets.deadlines.policies import Policy, Promise, defaults_in_force
from helpdesk.tickets.presenters.words import amount_in_words
from helpdesk.tickets.types import PRIORITY_NAMES, KeptShare, Route
from helpdesk.web.filters import moment

if TYPE_CHECKING:
    from helpdesk.tickets.models.policies import DeadlinePolicy

PROMISE_NAMES = {
    Promise.FIRST_RESPONSE: "First reply",
    Promise.NEXT_RESPONSE: "Next reply",
    Promise.RESOLUTION: "Solved",
}
PIECE_WORDS = {
    PieceKind.COUNTED: "Yes",
    PieceKind.OUT_OF_HOURS: "No: outside working hours, or a day off",
    PieceKind.PAUSED: "No: waiting for somebody else",
    PieceKind.SOLVED: "No: it was solved",
}
ROUTE_WORDS = {Route.EMAIL: "by email", Route.PHONE: "by phone"}


@dataclass(frozen=True)
class Account:
    """One promise with every stretch of its time."""

    name: str
    # Such as 'by today at 1pm', 'done today at 11am': it goes on after the name.
    state: str
    is_late: bool
    # Such as '1 hour of working time is allowed.'.
    allowed: str
    # From, to, whether it counts, and how much.
    rows: list[tuple[str, str, str, str]]
    # The sum in a sentence.
    total: str


@dataclass(frozen=True)
class PolicyRow:
    """One policy in a list."""

    name: str
    # '' for a default, whose name says it.
    holds_for: str
    allowed: str
    # '' for a default, too: nobody can take it away, only put another in its place.
    edit_url: str
    remove_url: str
    replace_url: str


def accounts(counts: Mapping[Promise, Count], now: datetime) -> list[Account]:
    """Each deadline of a ticket, explained."""
    return [_account(counted, now) for counted in counts.values()]


def state_in_words(counted: Count, now: datetime) -> str:
    """Such as 'by today at 1pm', 'done today at 11am, late', or how much is left while the clock stands still."""
    if counted.kept_at is not None:
        return f"done {moment(counted.kept_at)}" + (", late" if counted.is_late else "")
    if counted.left_at_stop is not None:
        return f"paused, {working_time(counted.left_at_stop)} left"
    return f"{'overdue since' if counted.due < now else 'by'} {moment(counted.due)}"


def policy_rows(policies: Iterable["DeadlinePolicy"], values: Iterable[Policy]) -> list[PolicyRow]:
    """Those that were set, then the defaults that none of them replaces."""
    own = list(values)
    rows = [
        PolicyRow(
            name=policy.name,
            holds_for=_holds_for(policy),
            allowed=_allowed(policy),
            edit_url=url_for("tickets.deadlines.edit", policy_id=row.id),
            remove_url=url_for("tickets.deadlines.remove", policy_id=row.id),
            replace_url="",
        )
        for row, policy in zip(policies, own, strict=True)
    ]
    return rows + [_default_row(one) for one in defaults_in_force(own)]


def what_if_in_words(promise: Promise, target: timedelta, share: KeptShare, days: int) -> str:
    """How often a target would have been kept, with the numbers that it comes from."""
    what = {Promise.FIRST_RESPONSE: "a first reply", Promise.RESOLUTION: "solved"}[promise]
    if not share.of:
        return f"No request of the last {days} days got as far as that, so there is nothing to say yet."
    percent = round(100 * share.kept / share.of)
    return (
        f"With {working_time(target)}, {percent}% would have been in time: {share.kept:,} of the {share.of:,} requests "
        f"of the last {days} days that had {what}."
    )


def working_time(value: timedelta) -> str:
    """24 hours, 1 hour 30 minutes, 45 minutes: a day of working time would mean something else to each reader."""
    return amount_in_words(max(1, round(value / timedelta(minutes=1))))


def _default_row(policy: Policy) -> PolicyRow:
    replace_url = url_for("tickets.deadlines.ask_new", replaces=policy.priority)
    return PolicyRow(policy.name, "", _allowed(policy), "", "", replace_url)


def _account(counted: Count, now: datetime) -> Account:
    worked = sum((_length(piece, now) for piece in counted.pieces if piece.kind is PieceKind.COUNTED), timedelta(0))
    return Account(
        name=PROMISE_NAMES[counted.promise],
        state=state_in_words(counted, now),
        is_late=counted.is_late or (counted.kept_at is None and counted.left_at_stop is None and counted.due < now),
        allowed=_allowance(counted.target),
        rows=[_row(piece, now) for piece in counted.pieces],
        total=_total(counted, worked),
    )


def _allowance(target: timedelta) -> str:
    is_one = target in {timedelta(hours=1), timedelta(minutes=1)}
    return f"{working_time(target)} of working time {'is' if is_one else 'are'} allowed."


def _row(piece: Piece, now: datetime) -> tuple[str, str, str, str]:
    ends = _begun_large(moment(piece.ends)) if piece.ends else "Still going on"
    counts = working_time(_length(piece, now)) if piece.kind is PieceKind.COUNTED else "–"
    return _begun_large(moment(piece.starts)), ends, PIECE_WORDS[piece.kind], counts


def _length(piece: Piece, now: datetime) -> timedelta:
    return (piece.ends or now) - piece.starts


def _total(counted: Count, worked: timedelta) -> str:
    if counted.left_at_stop is None:
        return f"Together {working_time(worked)}: the deadline is {moment(counted.due)}."
    counts = (
        f"Together {working_time(worked)} of {working_time(counted.target)}" if worked else "Nothing has counted yet"
    )
    return f"{counts}: {working_time(counted.left_at_stop)} were left when the clock stopped."


def _holds_for(policy: Policy) -> str:
    said = [
        f"{PRIORITY_NAMES[policy.priority].lower()} priority" if policy.priority else "",
        ROUTE_WORDS[policy.route] if policy.route else "",
        {True: "a patient is waiting", False: "no patient is waiting", None: ""}[policy.patient_waiting],
    ]
    return _begun_large(", ".join(part for part in said if part)) or "Every request"


def _allowed(policy: Policy) -> str:
    first, following, end = policy.targets.first_response, policy.targets.next_response, policy.targets.resolution
    return f"First reply {working_time(first)}, next reply {working_time(following)}, solved {working_time(end)}"


def _begun_large(words: str) -> str:
    return words[:1].upper() + words[1:]
