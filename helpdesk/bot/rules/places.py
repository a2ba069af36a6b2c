"""The kinds of places that a check of what is wrong passes: questions, and the ends."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One thing to tap, and the place that it leads to."""

    key: str
    says: str
    told: str
    to: str
    # What it shows, said before whatever it leads to.
    shows: str = ""


@dataclass(frozen=True)
class Step:
    """A question."""

    asks: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class ClockCheck(Step):
    """Asks what the clock of the device with the app says; a browser on that device can measure it."""


@dataclass(frozen=True)
class Finding:
    """What is wrong, and the answer that mends it."""

    answer_id: str
    says: str
    # Where it leads when that did not help.
    otherwise: str
    # What is told when it did not help.
    tried: str = ""
    # Beyond doubt, or asked for: the answer is shown although it was shown before.
    is_certain: bool = False


@dataclass(frozen=True)
class Reset:
    """Only a reset helps: who can do it, and a request that is filled in from what was said."""

    says: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Person:
    """The cause is not the requester's own."""

    says: str


Place = Step | Finding | Reset | Person
