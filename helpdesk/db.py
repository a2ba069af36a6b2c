"""The database: one base for every model, UTC times on both databases, and the one way to write."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from sqlite3 import Connection as SQLiteConnection
from typing import Any
from uuid import UUID, uuid4

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, Text, TypeDecorator, event
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import TypeEngine

from helpdesk.core import clock

# A writer waits this long for another process to finish before it gives up.
BUSY_TIMEOUT_SECONDS = 30
# PostgreSQL remembers so many places of one word in a text, up to that one.
MOST_PLACES, LAST_PLACE = 255, 16_383

# Constraints have names, so that a migration can drop them and an error can be told by them.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC: SQLite forgets the zone, so it goes in without and comes out with it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WordList(TypeDecorator[list[str]]):
    """Plain words in their order, to be searched: a tsvector on PostgreSQL, and a text for FTS5 on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:  # Any: of one or the other kind
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str:
        if dialect.name != "postgresql":
            return " ".join(value or ())
        places: dict[str, list[str]] = {}
        for place, word in enumerate(value or (), start=1):
            places.setdefault(word, []).append(str(min(place, LAST_PLACE)))
        return " ".join(f"'{word}':{','.join(found[:MOST_PLACES])}" for word, found in places.items())


class Base(DeclarativeBase):
    """What every table has: an unguessable id and when the row was made and last changed."""

    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map={datetime: UTCDateTime})

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)


db = SQLAlchemy(model_class=Base)


def closed_set(values: type[StrEnum]) -> SqlEnum:
    """A column that holds a member of the closed set, kept as its text and checked by the database."""
    return SqlEnum(
        values,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=re.sub(r"(?<!^)(?=[A-Z])", "_", values.__name__).lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def json_column() -> Any:  # Any: mapped_column's own way to fit every annotation
    """A column for a small structure that is only ever read whole."""
    return mapped_column(JSON, default=list)


def one_of(column: str, values: type[StrEnum]) -> str:
    """A CHECK that the column holds a member of the closed set."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


_writing: ContextVar[bool] = ContextVar("writing", default=False)
_write_lock = threading.Lock()


@contextmanager
def write_transaction() -> Iterator[None]:
    """Commit what happens inside as one change, or none of it.

    On SQLite the transaction takes the write lock at its first statement (a read that later turns into a write fails
    at once under WAL), and threads of this process queue on a lock of their own instead of polling the file's.
    """
    db.session.rollback()
    token = _writing.set(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _writing.reset(token)


@event.listens_for(Engine, "connect")
def _set_up_sqlite(connection: Any, _record: object) -> None:  # Any: a driver's own class, of two drivers
    if not isinstance(connection, SQLiteConnection):
        return
    connection.isolation_level = None  # this module begins transactions itself
    # SQLite's own knows ASCII only: nobody would find Siân by SIÂN.
    connection.create_function("lower", 1, lambda text: text and text.lower(), deterministic=True)
    for pragma in (
        "journal_mode = WAL",
        f"busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}",
        "synchronous = FULL",  # an acknowledged ticket survives a power cut
        "foreign_keys = ON",
        "recursive_triggers = ON",  # otherwise INSERT OR REPLACE deletes past a trigger that forbids it
        "secure_delete = ON",  # what is erased, such as a set-up link that was sent, leaves no trace in the file
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if not _writing.get():
        connection.exec_driver_sql("BEGIN")
        return
    if not _write_lock.acquire(timeout=BUSY_TIMEOUT_SECONDS):
        raise TimeoutError("another writer held the database for too long")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except BaseException:
        _write_lock.release()
        raise
    connection.info["holds_write_lock"] = True


@event.listens_for(Engine, "commit")
@event.listens_for(Engine, "rollback")
def _release_write_lock(connection: Connection) -> None:
    """Let the next writer start. A moment before COMMIT is on disk is fine: SQLite's own lock still orders the two."""
    if connection.info.pop("holds_write_lock", False):
        _write_lock.release()
