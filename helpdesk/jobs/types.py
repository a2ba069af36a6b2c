"""What background work is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Task:
    """Work that comes round again. `run` does what is due, keeps each item by itself, and says how many it did.

    A task that did something is looked at again at once, in case there was more than it takes in one go. When a worker
    is very slow, a second may run the same task beside it: each item is claimed, so that does no harm.
    """

    name: str
    every: timedelta
    run: Callable[[], int]


@dataclass(frozen=True)
class Outcome:
    """What came of running one task, or several."""

    done: int = 0
    # The kind of each fault and its place.
    faults: tuple[str, ...] = ()

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(self.done + other.done, self.faults + other.faults)
