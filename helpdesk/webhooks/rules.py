"""How a message is written and signed, and when one that was not taken is offered again."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from helpdesk.webhooks.types import EVENT, PLAIN_VALUE, Value

# Decided with the receivers in mind: soon, for one that restarts; then rarely. Together just under 24 hours.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 480))
MOST_ATTEMPTS = len(WAITS) + 1
# Of all the time that one attempt takes: the name, the connection and the answer.
TIME_LIMIT = timedelta(seconds=5)
# A receiver that fails is left alone for so long, whatever else there is for it: the others are not held up.
REST = timedelta(minutes=1)
# An attempt that never reports its end (the process died) is over after this time.
LEASE = timedelta(minutes=2)


def write_body(event: str, *, event_id: UUID, at: datetime, data: Mapping[str, Value]) -> str:
    """The message as it is signed and posted. ValueError when it would tell more than ids and states."""
    values = {name: value if isinstance(value, int) else str(value) for name, value in data.items()}
    if not EVENT.fullmatch(event):
        raise ValueError("an event is named like mfa.reset.approved")
    if not all(isinstance(value, int) or PLAIN_VALUE.fullmatch(value) for value in values.values()):
        raise ValueError("a message to another system holds ids and states only")
    whole = {"data": values, "id": str(event_id), "timestamp": at.isoformat(), "type": event}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"))


def signed_headers(body: bytes, *, event_id: UUID, at: datetime, keys: Sequence[bytes]) -> dict[str, str]:
    """The headers of Standard Webhooks, with one signature for each key that receivers may have."""
    seconds = int(at.timestamp())
    content = f"{event_id}.{seconds}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys)
    return {
        "content-type": "application/json",
        "webhook-id": str(event_id),
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def next_attempt_at(attempts: int, *, now: datetime) -> datetime | None:
    """When to offer it again after so many attempts, or None when it is time to give up."""
    return None if attempts >= MOST_ATTEMPTS else now + WAITS[attempts - 1]
