"""Seal the audit rows that are there, in their order. How they are sealed is written out: later rules may differ."""

import hmac
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op

from helpdesk.settings import in_use

revision = "0015"
down_revision = "0014"

ROWS_AT_ONCE = 1_000

EVENTS = sa.table(
    "audit_event",
    sa.column("sequence", sa.BigInteger()),
    sa.column("id", sa.Uuid()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor_id", sa.Uuid()),
    sa.column("actor_role", sa.String()),
    sa.column("action", sa.String()),
    sa.column("target", sa.String()),
    sa.column("organisation_id", sa.Uuid()),
    sa.column("detail", sa.Text()),
    sa.column("previous_hash", sa.LargeBinary()),
    sa.column("hash", sa.LargeBinary()),
)
SAID = [column for column in EVENTS.columns if not column.name.endswith("hash")]


def upgrade() -> None:
    connection, last, follows = op.get_bind(), 0, bytes(32)
    while rows := _rows_after(connection, last):
        seals = []
        for row in rows:
            sealed = _seal(row._asdict(), follows)
            seals.append({"number": row.sequence, "before": follows, "own": sealed})
            last, follows = row.sequence, sealed
        connection.execute(_set_seal(), seals)


def downgrade() -> None:
    """The seals go with their columns."""


def _rows_after(connection: sa.Connection, last: int) -> list[sa.Row]:
    page = sa.select(*SAID).where(EVENTS.c.sequence > last).order_by(EVENTS.c.sequence).limit(ROWS_AT_ONCE)
    return list(connection.execute(page))


def _set_seal() -> sa.Update:
    values = {"previous_hash": sa.bindparam("before"), "hash": sa.bindparam("own")}
    return sa.update(EVENTS).where(EVENTS.c.sequence == sa.bindparam("number")).values(values)


def _seal(row: dict[str, object], follows: bytes) -> bytes:
    at = row["at"]
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)  # SQLite forgets the zone
    values = row | {"version": 1, "at": at.isoformat(timespec="microseconds")}
    canonical = json.dumps(values, sort_keys=True, separators=(",", ":"), default=str).encode()
    return hmac.digest(in_use().audit_chain_key, follows + canonical, "sha256")
