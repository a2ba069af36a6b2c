"""Limits on everything that can be guessed or flooded, counted in the database so that all processes agree."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import cast

from sqlalchemy import BigInteger, Integer, String, Table, UniqueConstraint, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import ReturningInsert

from helpdesk.core import clock
from helpdesk.core.errors import TooMany
from helpdesk.db import Base, db


class ThrottleCount(Base):
    """How often one key was used within one window of time. Keys are hashed: no address is kept."""

    __tablename__ = "throttle_count"
    __table_args__ = (UniqueConstraint("scope", "key_hash", "window"),)

    scope: Mapped[str] = mapped_column(String(40))
    key_hash: Mapped[str] = mapped_column(String(64))
    # Seconds since 1970 at which the window began.
    window: Mapped[int] = mapped_column(BigInteger, index=True)
    count: Mapped[int] = mapped_column(Integer, default=1)


_KEYS = ("scope", "key_hash", "window")
_table = cast(Table, ThrottleCount.__table__)
# Made once: it runs with every message.
_COUNT = select(_table.c.count).where(*(_table.c[name] == bindparam(name) for name in _KEYS))


@dataclass(frozen=True)
class Limit:
    """At most so many uses of one key in each window of time."""

    scope: str
    most: int
    per: timedelta
    # What a person reads when the limit is reached.
    message: str


def charge(limit: Limit, key: str) -> None:
    """Count one use before it is tried, in one statement: parallel tries cannot slip through. TooMany when over."""
    window, ends_in = _window(limit)
    values = {"scope": limit.scope, "key_hash": _hashed(key), "window": window}
    if db.session.execute(_count_one_more(db.engine.dialect.name), values).scalar_one() > limit.most:
        raise TooMany(limit.message, ends_in)


def ensure_not_used_up(limit: Limit, key: str) -> None:
    """TooMany when the limit is reached already. Counts nothing: a flood is turned away before it costs any work."""
    window, ends_in = _window(limit)
    count = db.session.execute(
        _COUNT, {"scope": limit.scope, "key_hash": _hashed(key), "window": window}
    ).scalar_one_or_none()
    if count is not None and count >= limit.most:
        raise TooMany(limit.message, ends_in)


def is_allowed(limit: Limit, key: str) -> bool:
    """Count one use and say whether it is within the limit, for what is then left undone rather than refused."""
    try:
        charge(limit, key)
    except TooMany:
        return False
    return True


def give_back(limit: Limit, key: str) -> None:
    """Take back one use: it does not count after all, or what was counted is over. An earlier window is forgotten."""
    window, _ = _window(limit)
    is_counted = (ThrottleCount.scope == limit.scope, ThrottleCount.key_hash == _hashed(key))
    one_less = update(ThrottleCount).where(*is_counted, ThrottleCount.window == window, ThrottleCount.count > 0)
    db.session.execute(one_less.values(count=ThrottleCount.count - 1))


def forgive(limit: Limit, key: str) -> None:
    """Forget the uses of this key: the right answer was given."""
    db.session.execute(
        delete(ThrottleCount).where(ThrottleCount.scope == limit.scope, ThrottleCount.key_hash == _hashed(key))
    )


def forget_old_counts() -> None:
    """Drop counts of windows that ended more than a day ago."""
    oldest = int((clock.now() - timedelta(days=1)).timestamp())
    db.session.execute(delete(ThrottleCount).where(ThrottleCount.window < oldest))


@cache
def _count_one_more(dialect: str) -> ReturningInsert[int]:
    """Made once for each kind of database: it runs with every message."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return (
        insert(_table)
        .values({name: bindparam(name) for name in _KEYS} | {"count": 1})
        .on_conflict_do_update(index_elements=_KEYS, set_={"count": _table.c.count + 1})
        .returning(_table.c.count)
    )


def _window(limit: Limit) -> tuple[int, int]:
    """When the present window began, and in how many seconds it ends."""
    now, length = int(clock.now().timestamp()), int(limit.per.total_seconds())
    return now - now % length, length - now % length


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
