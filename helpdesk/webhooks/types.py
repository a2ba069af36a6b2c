"""Plain values of messages to other systems."""

import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

# Such as 'mfa.reset.approved'.
EVENT = re.compile(r"[a-z]+(\.[a-z_]+)+")
# An id, a state, a reference or a hash. No address has this shape, and no sentence that somebody typed.
PLAIN_VALUE = re.compile(r"[A-Za-z0-9._:-]{1,100}")

Value = str | int | UUID


class DeliveryState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    # Given up; somebody may offer it again.
    DEAD = "dead"


@dataclass(frozen=True)
class Message:
    """What is posted: who signs it, and the very bytes that are signed."""

    url: str
    headers: dict[str, str]
    body: bytes
