"""How a row of the audit log is sealed, and how a broken log is noticed. Pure: whoever has the key can check a copy."""

import hmac
import json
import re
from collections.abc import Iterable
from datetime import UTC

from helpdesk.audit.errors import HeadUnreadable
from helpdesk.audit.types import NOTHING_BEFORE, AuditRow, Examination, Head, SealedRow

# A head is read out and typed: 64 bits are enough to tell it from any other.
SHORTEST_HASH = 16

_HEAD = re.compile(rf"([0-9]{{1,18}}):([0-9a-f]{{{SHORTEST_HASH},64}})")


def seal(row: AuditRow, *, follows: bytes, key: bytes) -> bytes:
    """The seal of a row that follows the row with that seal."""
    return hmac.digest(key, follows + _canonical(row), "sha256")


def examine(rows: Iterable[SealedRow], *, key: bytes, expected: Head | None = None) -> Examination:
    """Read the log in order up to the first fault; `expected` is a head that was kept elsewhere."""
    count, last, follows = 0, 0, NOTHING_BEFORE
    head: Head | None = None
    for sealed in rows:
        fault = _fault_in(sealed, last=last, follows=follows, key=key)
        if fault:
            return Examination(count, head, fault)
        count, last, follows = count + 1, sealed.row.sequence, sealed.hash
        head = Head(last, follows.hex())
        if expected and expected.sequence == last and not head.hash.startswith(expected.hash):
            return Examination(count, head, f"Row {last} is not the one whose head was kept")
    if expected and expected.sequence > last:
        return Examination(count, head, f"Rows {last + 1} to {expected.sequence} are missing from the end")
    return Examination(count, head)


def read_head(text: str) -> Head:
    """The head that somebody kept, as it is printed. HeadUnreadable when it is none."""
    match = _HEAD.fullmatch(text.strip().lower())
    if match is None:
        raise HeadUnreadable
    return Head(int(match[1]), match[2])


def _canonical(row: AuditRow) -> bytes:
    """The same bytes for the same row on every database; the version says by which rule."""
    values = vars(row) | {"version": 1, "at": row.at.astimezone(UTC).isoformat(timespec="microseconds")}
    return json.dumps(values, sort_keys=True, separators=(",", ":"), default=str).encode()


def _fault_in(sealed: SealedRow, *, last: int, follows: bytes, key: bytes) -> str:
    number = sealed.row.sequence
    is_genuine = hmac.compare_digest(sealed.hash, seal(sealed.row, follows=sealed.previous_hash, key=key))
    if not is_genuine:
        return f"Row {number} was changed or added by hand"
    if sealed.previous_hash == follows:
        return ""
    if number > last + 1:
        return f"There is a gap at row {last + 1}"
    return f"Row {number} does not follow row {last}"
