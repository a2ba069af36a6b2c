"""What the clock of a device says about its codes. Codes are made from the time, so a wrong clock makes wrong codes.

How far PharmOutcomes lets a clock be out is not known to us. RFC 6238 recommends one step of 30 seconds back and forth,
and counts 89 seconds as the most that a careful service lets pass: so up to half a minute is called right, beyond it we
say that codes may be refused, and from 90 seconds on that it can make all of them wrong.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

RIGHT_WITHIN_SECONDS = 30
ALL_MAY_BE_WRONG_FROM_SECONDS = 90
# What is further out was not measured but made up.
MOST_SECONDS = 366 * 24 * 60 * 60
# As long as reading a clock, typing what it says and sending it may take.
TYPED_WITHIN_SECONDS = 45
HALF_A_DAY, MINUTE = 12 * 60 * 60, 60

# 10:42, 10.42, 10:42:15, 2:42pm, 2.42 p.m.
_CLOCK = (
    r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d))?(?:\s?(?P<half>[ap])\.?m\.?)?[.!]?"
)
_SAYS = r"(?:(?:it(?:[’']?s)?|my|the|phone|computer|device|tablet|clock|time|is|says|shows)\s+){0,6}"
_TIME = re.compile(_CLOCK, re.ASCII | re.IGNORECASE)
_TIME_SAID = re.compile(f"{_SAYS}{_CLOCK}(?: now)?", re.ASCII | re.IGNORECASE)
_KEY = re.compile(r"(?P<about>about-)?(?P<way>fast|slow)-(?P<seconds>[0-9]{1,8})")
_UNITS = (("day", 24 * 60 * 60), ("hour", 60 * 60), ("minute", 60), ("second", 1))


@dataclass(frozen=True)
class ClockFound:
    """How far a clock is out."""

    seconds_fast: int
    in_words: str


def measured_skew(value: str | float | None) -> float | None:
    """By how many seconds a device is fast, as its browser or program says; None when that can be no measurement."""
    try:
        seconds = float("" if value is None else value)
    except ValueError:
        return None
    return seconds if abs(seconds) <= MOST_SECONDS else None  # nor is "not a number" within


def typed_skew(text: str, now: datetime) -> int | None:
    """By about how many seconds a clock that shows the typed time is fast, 0 when it may be right; None for no time.

    Reading and typing take a while, and most clocks show no seconds: where that alone explains the difference, the
    clock passes for right, so that nobody mends one that is.
    """
    found = _TIME_SAID.fullmatch(text.strip())
    if found is None:
        return None
    local = now.astimezone(LONDON)
    seconds = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second).seconds
    least = _short_way_round(found, seconds)
    most = least + TYPED_WITHIN_SECONDS + (0 if found["second"] else MINUTE - 1)
    if is_right(max(least, min(most, 0))):
        return 0
    return least if found["second"] else _short_way_round(found, seconds - seconds % MINUTE)


def is_time(text: str) -> bool:
    """Whether the text is a time and nothing else."""
    return _TIME.fullmatch(text.strip()) is not None


def is_right(seconds_fast: float) -> bool:
    """Whether codes should not suffer from a clock that is so much out."""
    return abs(seconds_fast) <= RIGHT_WITHIN_SECONDS


def clock_key(seconds_fast: float, *, is_typed: bool = False) -> str:
    """What a clock was found to be, as a word without spaces: fast-130, about-slow-60."""
    return f"{'about-' if is_typed else ''}{'fast' if seconds_fast > 0 else 'slow'}-{round(abs(seconds_fast))}"


def clock_found(key: str) -> ClockFound | None:
    """What such a word says, or None when it is none."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    seconds = int(found["seconds"]) * (1 if found["way"] == "fast" else -1)
    return ClockFound(seconds, f"{'about ' if found['about'] else ''}{how_far_out(seconds)}")


def how_far_out(seconds_fast: float) -> str:
    """2 minutes 10 seconds fast, 31 seconds slow, right: at most two units."""
    left = round(abs(seconds_fast))
    if left == 0:
        return "right"
    parts = []
    for name, size in _UNITS:
        count, left = divmod(left, size)
        parts.append(f"{count} {name}{'' if count == 1 else 's'}" if count else "")
    first = next(at for at, part in enumerate(parts) if part)
    words = " ".join(part for part in parts[first : first + 2] if part)
    return f"{words} {'fast' if seconds_fast > 0 else 'slow'}"


def what_it_does(seconds_fast: float) -> str:
    """What a clock that is so much out means for codes."""
    if abs(seconds_fast) >= ALL_MAY_BE_WRONG_FROM_SECONDS:
        return "That can make every code wrong."
    return "That can be enough for codes to be refused."


def _short_way_round(found: re.Match[str], ours: int) -> int:
    """The typed time less ours, in seconds, the short way round a dial of 12 hours, or of 24 where that is clear."""
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].casefold() == "p" else 0)
    typed = hour * 60 * MINUTE + int(found["minute"]) * MINUTE + int(found["second"] or 0)
    dial = HALF_A_DAY if not found["half"] and 1 <= hour <= 12 else 2 * HALF_A_DAY
    return (typed - ours + dial // 2) % dial - dial // 2
