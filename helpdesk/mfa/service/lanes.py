"""Limits on wrong codes that slow a guesser down and cannot lock the owner out.

A try is counted before the code is looked at, in one statement that also decides how long the next one has to wait:
a thousand tries at once cannot all see the count of before. A browser in which the person logged in before has a count
of its own, and so have recovery codes.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Table, and_, bindparam, case, delete, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from helpdesk.accounts.models import Person
from helpdesk.core import clock
from helpdesk.core.errors import TooMany
from helpdesk.core.throttle import Limit, charge
from helpdesk.db import UTCDateTime, db
from helpdesk.mfa.errors import LaneClosed
from helpdesk.mfa.models.factors import CodeCount
from helpdesk.mfa.rules.factors import LANE_CLOSES_AFTER, WAITS
from helpdesk.mfa.types.factors import Claim, Lane

# Across accounts: an office shares one address, so this is far above what one person needs.
PER_NETWORK = Limit(
    "codes-network", most=60, per=timedelta(minutes=10), message="Too many codes were tried. Wait, then try again."
)
# Made once: it runs with every right code.
_COUNTS = cast(Table, CodeCount.__table__)
_CLEAR = (
    update(_COUNTS)
    .where(*(_COUNTS.c[name] == bindparam(f"claimed_{name}") for name in ("person_id", "lane", "epoch")))
    .values(failures=0, blocked_until=null())
)
_CLOSED_WAIT = timedelta(hours=1)
_CLOSED = (
    "Too many wrong codes were tried. Log in from a browser that you used before, or with a recovery code. "
    "Otherwise ask for a link by email, or call the helpdesk."
)
_CLOSED_TO_SESSIONS = (
    "Too many wrong codes were tried while you were logged in. "
    "Choose “Log out everywhere” under “Your account”, then log in again."
)
# A stranger has none of these, so an office's shared address does not count for them.
_OWN = frozenset({Lane.KNOWN_PLACE, Lane.STEP_UP})


def charge_try(claim: Claim, network: str) -> int:
    """Count one try and say how many there were in a row. TooMany while the lane is blocked or closed."""
    if claim.lane not in _OWN:
        charge(PER_NETWORK, network)
    now = clock.now()
    values = _key(claim) | {"id": uuid4(), "now": now}
    waits = {f"wait_{failures}": now + wait for failures, wait in WAITS.items()}
    failures = db.session.execute(_count_one_more(db.engine.dialect.name), values | waits).scalar_one_or_none()
    if failures is None:
        _refuse(claim, now)
    return cast(int, failures)


def clear(claim: Claim) -> None:
    """Start from nought in this lane: the right code was given."""
    db.session.execute(_CLEAR, {f"claimed_{name}": value for name, value in _key(claim).items()})


def has_closed(person_id: UUID, epoch: int) -> bool:
    """Whether any way to try codes is closed to this person."""
    return db.session.scalar(select(CodeCount.id).where(*_is_closed(person_id, epoch)).limit(1)) is not None


def reopen(person_id: UUID, epoch: int) -> None:
    """Start from nought wherever it is closed."""
    from_nought = update(CodeCount).where(*_is_closed(person_id, epoch))
    db.session.execute(from_nought.values(failures=0, blocked_until=None, closed_at=None))


def forget_old_counts() -> None:
    """Drop the counts of epochs that are over."""
    current = select(Person.session_epoch).where(Person.id == CodeCount.person_id).scalar_subquery()
    db.session.execute(delete(CodeCount).where(CodeCount.epoch != current).execution_options(synchronize_session=False))


def _refuse(claim: Claim, now: datetime) -> None:
    row = db.session.execute(select(CodeCount.blocked_until, CodeCount.closed_at).where(*_is(claim))).one()
    if row.closed_at is not None:
        words = _CLOSED_TO_SESSIONS if claim.lane is Lane.STEP_UP else _CLOSED
        raise LaneClosed(words, int(_CLOSED_WAIT.total_seconds()))
    seconds = max(1, int((row.blocked_until - now).total_seconds()))
    raise TooMany(f"Too many wrong codes were tried. Wait {_in_words(seconds)}, then try again.", seconds)


def _in_words(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} seconds" if seconds > 1 else "a second"
    return f"{(seconds + 59) // 60} minutes"


def _key(claim: Claim) -> dict[str, object]:
    return {"person_id": claim.person_id, "lane": claim.lane, "epoch": claim.epoch}


def _is(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    return CodeCount.person_id == claim.person_id, CodeCount.lane == claim.lane, CodeCount.epoch == claim.epoch


def _is_closed(person_id: UUID, epoch: int) -> tuple[ColumnElement[bool], ...]:
    return CodeCount.person_id == person_id, CodeCount.epoch == epoch, CodeCount.closed_at.is_not(None)


@cache
def _count_one_more(dialect: str) -> ReturningInsert[int]:
    """Made once for each kind of database: it runs with every code."""
    counts = _COUNTS
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    now, one_more = bindparam("now", type_=UTCDateTime()), counts.c.failures + 1
    is_free = or_(counts.c.blocked_until.is_(None), counts.c.blocked_until <= now)
    waits = [
        (one_more >= failures, bindparam(f"wait_{failures}", type_=UTCDateTime()))
        for failures in sorted(WAITS, reverse=True)
    ]
    first: dict[str, object] = {name: bindparam(name) for name in ("id", "person_id", "lane", "epoch")}
    first |= {"failures": 1, "blocked_until": null(), "closed_at": null()} | dict.fromkeys(
        ("created_at", "updated_at"), now
    )
    return (
        insert(counts)
        .values(first)
        .on_conflict_do_update(
            index_elements=["person_id", "lane", "epoch"],
            set_={
                "failures": one_more,
                "blocked_until": case(*waits, else_=null()),
                "closed_at": case((one_more >= LANE_CLOSES_AFTER, now), else_=null()),
                "updated_at": now,
            },
            where=and_(is_free, counts.c.closed_at.is_(None)),
        )
        .returning(counts.c.failures)
    )
