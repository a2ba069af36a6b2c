"""How much working time is allowed, and for which tickets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from helpdesk.tickets.rules import FIRST_RESPONSE_WITHIN, RESOLVED_WITHIN
from helpdesk.tickets.types import Priority, Route


class Promise(StrEnum):
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


@dataclass(frozen=True)
class Targets:
    """Working time that is allowed for each promise."""

    first_response: timedelta
    next_response: timedelta
    resolution: timedelta

    def of(self, promise: Promise) -> timedelta:
        return {
            Promise.FIRST_RESPONSE: self.first_response,
            Promise.NEXT_RESPONSE: self.next_response,
            Promise.RESOLUTION: self.resolution,
        }[promise]


@dataclass(frozen=True)
class Policy:
    """Targets for the tickets that fit: a condition that is None fits all."""

    name: str
    targets: Targets
    priority: Priority | None = None
    route: Route | None = None
    patient_waiting: bool | None = None

    @property
    def conditions(self) -> tuple[object, ...]:
        return self.priority, self.route, self.patient_waiting

    def fits(self, *facts: object) -> bool:
        return all(wanted in (None, is_so) for wanted, is_so in zip(self.conditions, facts, strict=True))


# In force until an administrator sets others, and again when those are taken away. Lead agents decide them.
DEFAULT_POLICIES = tuple(
    Policy(
        name=f"{priority.value.capitalize()} priority",
        targets=Targets(FIRST_RESPONSE_WITHIN[priority], FIRST_RESPONSE_WITHIN[priority], RESOLVED_WITHIN[priority]),
        priority=priority,
    )
    for priority in Priority
)


def policy_for(policies: Iterable[Policy], *, priority: Priority, route: Route, patient_waiting: bool) -> Policy:
    """The policy that says most about such a ticket; of two that say as much, the stricter one.

    The default of the priority holds where none fits.
    """
    own = list(policies)
    every = (*own, *defaults_in_force(own))
    return min((one for one in every if one.fits(priority, route, patient_waiting)), key=_weight)


def defaults_in_force(policies: Iterable[Policy]) -> list[Policy]:
    """The defaults that no policy replaces: one for the very same tickets does, also when it allows more time."""
    replaced = {one.conditions for one in policies}
    return [one for one in DEFAULT_POLICIES if one.conditions not in replaced]


def find_default(priority: str) -> Policy | None:
    """The default of that priority, or None where the word means none."""
    return next((one for one in DEFAULT_POLICIES if one.priority == priority), None)


def _weight(policy: Policy) -> tuple[int, timedelta, timedelta]:
    said = sum(condition is not None for condition in policy.conditions)
    return -said, policy.targets.first_response, policy.targets.resolution
