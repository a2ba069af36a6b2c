"""When a ticket must be answered and solved, counted from what happened to it, so that every minute can be shown.

Three things are promised: the first answer, the answer to each later message, and the end. Working time counts, and it
stands still while we wait for somebody else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from helpdesk.core.working_time import WorkingCalendar, add_working_time, stretches_from, working_time_between
from helpdesk.tickets.deadlines.policies import Promise, Targets
from helpdesk.tickets.rules import DONE, PAUSED
from helpdesk.tickets.types import EventKind, Status

NOTHING = timedelta(0)


class PieceKind(StrEnum):
    COUNTED = "counted"
    OUT_OF_HOURS = "out_of_hours"
    PAUSED = "paused"
    SOLVED = "solved"


@dataclass(frozen=True)
class Happening:
    """Something that happened to a ticket, and how the ticket stood from then on."""

    at: datetime
    kind: EventKind
    status: Status


@dataclass(frozen=True)
class Piece:
    """An unbroken stretch of a ticket's time, and whether it counted. It has no end while that is still to come."""

    starts: datetime
    ends: datetime | None
    kind: PieceKind


@dataclass(frozen=True)
class Count:
    """How one promise was counted, piece by piece from its beginning to its deadline or to what stopped the clock."""

    promise: Promise
    target: timedelta
    pieces: tuple[Piece, ...]
    # While the clock stands still: when it would be if it went on from the moment at which it stopped.
    due: datetime
    # Working time that was left when the clock stopped; None while it runs.
    left_at_stop: timedelta | None
    kept_at: datetime | None

    @property
    def is_late(self) -> bool:
        return self.kept_at is not None and self.kept_at > self.due


def count(
    happenings: Sequence[Happening], promise: Promise, target: timedelta, calendar: WorkingCalendar
) -> Count | None:
    """How a promise stands, or None where nothing is promised: nobody waits for a next answer.

    CalendarWithoutHours when the deadline would never come.
    """
    begun = _beginning(happenings, promise)
    if begun is None:
        return None
    kept_at = _kept_at(happenings, promise, begun)
    left, pieces = target, list[Piece]()
    phases = list(_phases(happenings, begun, kept_at))
    for phase in phases:
        for piece in _split(phase, calendar):
            length = piece.ends - piece.starts if piece.ends and piece.kind is PieceKind.COUNTED else NOTHING
            if piece.kind is PieceKind.COUNTED and length >= left:
                due = piece.starts + left
                pieces.append(Piece(piece.starts, due, PieceKind.COUNTED))
                return Count(promise, target, tuple(pieces), due, None, kept_at)
            left -= length
            pieces.append(piece)
    stopped_at = kept_at or phases[-1].starts
    return Count(promise, target, tuple(pieces), add_working_time(stopped_at, left, calendar), left, kept_at)


def counts_of(happenings: Sequence[Happening], targets: Targets, calendar: WorkingCalendar) -> dict[Promise, Count]:
    """Every promise that was made to the requester so far."""
    every = {one: count(happenings, one, targets.of(one), calendar) for one in Promise}
    return {promise: counted for promise, counted in every.items() if counted is not None}


def time_taken(happenings: Sequence[Happening], promise: Promise, calendar: WorkingCalendar) -> timedelta | None:
    """The working time until the promise was kept, without pauses; None while it is not kept."""
    begun = _beginning(happenings, promise)
    kept_at = _kept_at(happenings, promise, begun) if begun else None
    if begun is None or kept_at is None:
        return None
    running = (phase for phase in _phases(happenings, begun, kept_at) if phase.kind is PieceKind.COUNTED)
    return sum((working_time_between(one.starts, one.ends or kept_at, calendar) for one in running), NOTHING)


def next_due(counts: dict[Promise, Count]) -> datetime:
    """The deadline that counts now: the soonest of the promises that are not kept yet, else the last one of all."""
    open_ones = [counted.due for counted in counts.values() if counted.kept_at is None]
    return min(open_ones) if open_ones else max(counted.due for counted in counts.values())


def _beginning(happenings: Sequence[Happening], promise: Promise) -> Happening | None:
    """What started the clock: the opening, or the first message after our last answer."""
    if promise is not Promise.NEXT_RESPONSE:
        return happenings[0]
    answered = [at for at, one in enumerate(happenings) if _is_answer(one)]
    if not answered:
        return None
    unanswered = happenings[answered[-1] + 1 :]
    return next((one for one in unanswered if one.kind is EventKind.REQUESTER_WROTE), None)


def _kept_at(happenings: Sequence[Happening], promise: Promise, begun: Happening) -> datetime | None:
    """When the promise was kept. The end is kept for as long as nobody takes the ticket up again."""
    since = happenings[happenings.index(begun) :]
    if promise is Promise.RESOLUTION:
        if since[-1].status not in DONE:
            return None
        return next(one.at for one in reversed(_turns(since)) if one.status in DONE)
    undone = _undone_at(since)
    answers = (one.at for at, one in enumerate(since) if _is_answer(one) and (at > undone or one.status not in DONE))
    return next(answers, None)


def _undone_at(happenings: Sequence[Happening]) -> int:
    """Where solving was last taken back as a mistake, which answered nobody; -1 when never.

    Whoever takes a ticket up again makes it open; only what is undone goes back to another status. Solving a ticket
    that was open and undoing it looks like taking it up again, and counts as an answer.
    """
    is_undone = (one.kind is EventKind.REOPENED and one.status is not Status.OPEN for one in happenings)
    return max((at for at, undone in enumerate(is_undone) if undone), default=-1)


def _is_answer(one: Happening) -> bool:
    """A solved ticket was answered, too: the requester is told what solved it."""
    return one.kind is EventKind.REPLIED or one.status in DONE


def _turns(happenings: Sequence[Happening]) -> list[Happening]:
    """Those happenings with which the clock starts, pauses or ends."""
    turns: list[Happening] = []
    for one in happenings:
        if not turns or _kind(one) is not _kind(turns[-1]):
            turns.append(one)
    return turns


def _kind(one: Happening) -> PieceKind:
    if one.status in DONE:
        return PieceKind.SOLVED
    return PieceKind.PAUSED if one.status in PAUSED else PieceKind.COUNTED


def _phases(happenings: Sequence[Happening], begun: Happening, until: datetime | None) -> Iterator[Piece]:
    """From the beginning on, without gaps: when the clock ran and when it stood still."""
    turns = _turns(happenings[happenings.index(begun) :])
    for at, one in enumerate(turns):
        if until is not None and one.at >= until:
            return
        ends = turns[at + 1].at if at + 1 < len(turns) else None
        if until is not None:
            ends = until if ends is None else min(ends, until)
        if ends != one.at:
            yield Piece(one.at, ends, _kind(one))


def _split(phase: Piece, calendar: WorkingCalendar) -> Iterator[Piece]:
    """The phase in pieces that count and pieces out of hours; one that does not count at all stays whole."""
    if phase.kind is not PieceKind.COUNTED:
        yield phase
        return
    reached = phase.starts
    for stretch in stretches_from(phase.starts, calendar):
        starts = stretch.starts if phase.ends is None else min(stretch.starts, phase.ends)
        if starts > reached:
            yield Piece(reached, starts, PieceKind.OUT_OF_HOURS)
        if phase.ends is not None and stretch.starts >= phase.ends:
            return
        reached = stretch.ends if phase.ends is None else min(stretch.ends, phase.ends)
        yield Piece(stretch.starts, reached, PieceKind.COUNTED)
        if reached == phase.ends:
            return
    if phase.ends is not None and phase.ends > reached:
        yield Piece(reached, phase.ends, PieceKind.OUT_OF_HOURS)
