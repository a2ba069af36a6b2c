"""What sample tickets are made from, and what one of them is."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from helpdesk.core.secret_text import REFERENCE_ALPHABET
from helpdesk.core.working_time import WorkingCalendar
from helpdesk.tickets.deadlines.policies import Policy
from helpdesk.tickets.escalating import EscalationRule

Row = dict[str, Any]  # Any: the values of one table's columns


@dataclass(frozen=True)
class World:
    """What every sample ticket is made from."""

    seed: int
    now: datetime
    pin_hash: str
    sites: Sequence[tuple[UUID, str]]
    codes: Mapping[UUID, str]
    agents: Sequence[tuple[UUID, str]]
    topics: Sequence[str]
    policies: Sequence[Policy]
    rules: Sequence[EscalationRule]
    calendar: WorkingCalendar
    # No ticket has one of these; made ones are added.
    references: set[str]
    # Where the tickets stand among all when they are searched: each has its own.
    places: set[int] = field(default_factory=set)


@dataclass
class Story:
    """One ticket with all that happened to it, as rows."""

    ticket: Row
    events: list[Row] = field(default_factory=list)
    escalations: list[Row] = field(default_factory=list)
    call_backs: list[Row] = field(default_factory=list)


def key_of(seed: int, number: int) -> str:
    """What tells that a sample ticket is there already."""
    return f"sample:{seed}:{number}"


def make_id(rng: random.Random) -> UUID:
    """An id like any other, but the same again from the same seed."""
    return UUID(int=rng.getrandbits(128), version=4)


def make_reference(rng: random.Random, used: set[str]) -> str:
    """A reference that no ticket has."""
    reference = "HD-" + "-".join("".join(rng.choices(REFERENCE_ALPHABET, k=4)) for _ in range(2))
    if reference in used:
        return make_reference(rng, used)
    used.add(reference)
    return reference
