"""Deadlines worked out by hand: clock changes, split days, days off, pauses, reopening, and other policies."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.core.working_time import CalendarWithoutHours, Span, WorkingCalendar, working_time_between
from helpdesk.tickets.deadlines.counting import Happening, Piece, PieceKind, count, counts_of, next_due, time_taken
from helpdesk.tickets.deadlines.policies import DEFAULT_POLICIES, Policy, Promise, Targets, policy_for
from helpdesk.tickets.rules import FIRST_RESPONSE_WITHIN
from helpdesk.tickets.types import EventKind, Priority, Route, Status

LONDON = ZoneInfo("Europe/London")
HOLIDAYS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})
OFFICE = WorkingCalendar({day: (Span(time(9), time(17, 30)),) for day in range(5)}, HOLIDAYS)
SPLIT = WorkingCalendar({day: (Span(time(9), time(12)), Span(time(14), time(18))) for day in range(5)})
WEDNESDAYS = WorkingCalendar({2: (Span(time(9), time(17)),)})
SUNDAY_NIGHTS = WorkingCalendar({6: (Span(time(0), time(6)),)})
TUESDAY_OFF = WorkingCalendar(OFFICE.spans, frozenset({date(2026, 11, 24)}))
FIRST, NEXT, END = Promise.FIRST_RESPONSE, Promise.NEXT_RESPONSE, Promise.RESOLUTION

WORDS = {
    "opened": (EventKind.OPENED, Status.NEW),
    "replied": (EventKind.REPLIED, Status.WAITING_FOR_REQUESTER),
    "wrote": (EventKind.REQUESTER_WROTE, Status.OPEN),
    "held": (EventKind.STATUS_CHANGED, Status.ON_HOLD),
    "went on": (EventKind.STATUS_CHANGED, Status.OPEN),
    "solved": (EventKind.RESOLVED, Status.SOLVED),
    "reopened": (EventKind.REOPENED, Status.OPEN),
    "undone": (EventKind.REOPENED, Status.NEW),
    "ranked anew": (EventKind.PRIORITY_CHANGED, Status.OPEN),
}


def at(text: str) -> datetime:
    """London time, or UTC where it ends with Z."""
    if text.endswith("Z"):
        return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def told(story: str) -> list[Happening]:
    """'11-24 09:00 opened, 10:00 replied': a day holds until the next one is named; October on is 2026."""
    happenings, day = [], ""
    for line in story.split(", "):
        words = line.split()
        if "-" in words[0]:
            day = words.pop(0)
        year = 2027 if day < "06" else 2026
        clock = words.pop(0)
        happenings.append(Happening(at(f"{year}-{day} {clock}").astimezone(UTC), *WORDS[" ".join(words)]))
    return happenings


CASES = [
    # Nights, week-ends, days off and both changes of the clocks.
    ("in the morning", OFFICE, FIRST, 4, "11-24 09:00 opened", "2026-11-24 13:00"),
    ("over night", OFFICE, FIRST, 4, "11-24 15:00 opened", "2026-11-25 10:30"),
    ("before opening", OFFICE, FIRST, 4, "11-24 03:00 opened", "2026-11-24 13:00"),
    ("in the evening", OFFICE, FIRST, 4, "11-24 20:00 opened", "2026-11-25 13:00"),
    ("over the week-end", OFFICE, FIRST, 4, "11-27 16:30 opened", "2026-11-30 12:00"),
    ("on Saturday", OFFICE, FIRST, 4, "11-28 12:00 opened", "2026-11-30 13:00"),
    ("over Christmas", OFFICE, FIRST, 4, "12-24 16:00 opened", "2026-12-29 11:30"),
    ("over New Year", OFFICE, FIRST, 4, "12-31 17:00 opened", "2027-01-04 12:30"),
    ("clocks go back over the week-end", OFFICE, FIRST, 4, "10-23 17:00 opened", "2026-10-26 12:30"),
    ("clocks go forward over the week-end", OFFICE, FIRST, 4, "03-26 17:00 opened", "2027-03-29 12:30"),
    ("over a day off", TUESDAY_OFF, FIRST, 4, "11-23 17:00 opened", "2026-11-25 12:30"),
    ("on a day off", TUESDAY_OFF, FIRST, 4, "11-24 11:00 opened", "2026-11-25 13:00"),
    ("split day from the start", SPLIT, FIRST, 4, "11-24 09:00 opened", "2026-11-24 15:00"),
    ("split day before lunch", SPLIT, FIRST, 4, "11-24 11:00 opened", "2026-11-24 17:00"),
    ("asked at lunch", SPLIT, FIRST, 4, "11-24 12:30 opened", "2026-11-24 18:00"),
    ("ends as lunch begins", SPLIT, FIRST, 4, "11-24 17:00 opened", "2026-11-25 12:00"),
    ("over night and lunch", SPLIT, FIRST, 4, "11-24 17:30 opened", "2026-11-25 14:30"),
    ("split day over the week-end", SPLIT, FIRST, 4, "11-27 16:00 opened", "2026-11-30 11:00"),
    ("one day a week, before it", WEDNESDAYS, FIRST, 4, "11-24 09:00 opened", "2026-11-25 13:00"),
    ("one day a week, at its end", WEDNESDAYS, FIRST, 4, "11-25 15:00 opened", "2026-12-02 11:00"),
    ("one day a week, three of them", WEDNESDAYS, FIRST, 20, "11-25 09:00 opened", "2026-12-09 13:00"),
    ("clocks go back at work", SUNDAY_NIGHTS, FIRST, 4, "10-25 00:00 opened", "2026-10-25 03:00"),
    ("the night of 7 hours whole", SUNDAY_NIGHTS, FIRST, 7, "10-25 00:00 opened", "2026-10-25 06:00"),
    ("longer than the night of 7 hours", SUNDAY_NIGHTS, FIRST, 8, "10-25 00:00 opened", "2026-11-01 01:00"),
    ("clocks go forward at work", SUNDAY_NIGHTS, FIRST, 4, "03-28 00:00 opened", "2027-03-28 05:00"),
    ("the night of 5 hours whole", SUNDAY_NIGHTS, FIRST, 5, "03-28 00:00 opened", "2027-03-28 06:00"),
    ("longer than the night of 5 hours", SUNDAY_NIGHTS, FIRST, 6, "03-28 00:00 opened", "2027-04-04 01:00"),
    ("in the hour that comes twice", SUNDAY_NIGHTS, FIRST, 1, "10-25 00:30Z opened", "2026-10-25 01:30Z"),
    ("a target of three days", OFFICE, END, 24, "11-24 09:00 opened", "2026-11-26 16:00"),
    ("a target of three days over Christmas", OFFICE, END, 24, "12-23 09:00 opened", "2026-12-29 16:00"),
    # While we wait for somebody else the clock stands still.
    ("a pause at work", OFFICE, END, 8, "11-24 09:00 opened, 10:00 replied, 12:00 wrote", "2026-11-25 10:30"),
    (
        "a pause out of hours counts for nothing",
        OFFICE, END, 10, "11-24 09:00 opened, 18:00 replied, 11-25 07:00 wrote", "2026-11-25 10:30",
    ),
    (
        "a pause begun out of hours",
        OFFICE, END, 10, "11-24 09:00 opened, 18:00 replied, 11-25 11:00 wrote", "2026-11-25 12:30",
    ),
    (
        "a pause ended out of hours",
        OFFICE, END, 10, "11-24 09:00 opened, 16:00 replied, 20:00 wrote", "2026-11-25 12:00",
    ),
    (
        "a pause into the week-end",
        OFFICE, END, 8, "11-27 15:00 opened, 16:00 replied, 11-28 10:00 wrote", "2026-11-30 16:00",
    ),
    (
        "a pause into Christmas",
        OFFICE, END, 8, "12-24 15:00 opened, 16:00 replied, 12-25 12:00 wrote", "2026-12-29 16:00",
    ),
    (
        "two pauses",
        OFFICE, END, 8, "11-24 09:00 opened, 10:00 replied, 11:00 wrote, 12:00 replied, 14:00 wrote",
        "2026-11-25 11:30",
    ),
    ("a pause of no time", OFFICE, END, 8, "11-24 09:00 opened, 10:00 replied, 10:00 wrote", "2026-11-24 17:00"),
    ("on hold", OFFICE, END, 8, "11-24 09:00 opened, 10:00 held, 12:00 went on", "2026-11-25 10:30"),
    (
        "from one pause into another",
        OFFICE, END, 8, "11-24 09:00 opened, 10:00 replied, 11:00 held, 12:00 went on", "2026-11-25 10:30",
    ),
    ("a pause over lunch", SPLIT, END, 4, "11-24 09:00 opened, 11:00 held, 15:00 went on", "2026-11-24 17:00"),
    ("a pause within lunch", SPLIT, END, 4, "11-24 09:00 opened, 12:10 held, 13:50 went on", "2026-11-24 15:00"),
    (
        "a pause while the clocks go back",
        SUNDAY_NIGHTS, END, 4, "10-25 00:00 opened, 00:30Z held, 01:30Z went on", "2026-10-25 04:00",
    ),
    ("still paused: from where it stopped", OFFICE, END, 8, "11-24 09:00 opened, 10:00 replied", "2026-11-24 17:00"),
    ("paused as soon as it was opened", OFFICE, END, 8, "11-24 09:00 opened, 09:00 held", "2026-11-24 17:00"),
    # Solved and taken up again: the time between does not count, the time before does.
    ("reopened", OFFICE, END, 8, "11-24 09:00 opened, 11:00 solved, 13:00 reopened", "2026-11-25 10:30"),
    ("by a message", OFFICE, END, 8, "11-24 09:00 opened, 11:00 solved, 11-25 09:00 wrote", "2026-11-25 15:00"),
    (
        "reopened twice",
        OFFICE, END, 8, "11-24 09:00 opened, 10:00 solved, 11:00 reopened, 12:00 solved, 13:00 reopened",
        "2026-11-25 10:30",
    ),
    (
        "solved while it was paused",
        OFFICE, END, 8, "11-24 09:00 opened, 10:00 replied, 11:00 solved, 12:00 reopened", "2026-11-25 10:30",
    ),
    (
        "solved out of hours",
        OFFICE, END, 10, "11-24 09:00 opened, 19:00 solved, 11-25 12:00 reopened", "2026-11-25 13:30",
    ),
    # The first answer.
    ("a pause after the first answer", OFFICE, FIRST, 4, "11-24 09:00 opened, 10:00 replied", "2026-11-24 13:00"),
    (
        "on hold before the first answer",
        OFFICE, FIRST, 4, "11-24 09:00 opened, 10:00 held, 11:00 went on", "2026-11-24 14:00",
    ),
    ("answered late", OFFICE, FIRST, 4, "11-24 09:00 opened, 14:00 replied", "2026-11-24 13:00"),
    ("answered on the minute", OFFICE, FIRST, 4, "11-24 09:00 opened, 13:00 replied", "2026-11-24 13:00"),
    ("solved without an answer", OFFICE, FIRST, 4, "11-24 09:00 opened, 12:00 solved", "2026-11-24 13:00"),
    ("solved by mistake", OFFICE, FIRST, 4, "11-24 09:00 opened, 10:00 solved, 11:00 undone", "2026-11-24 14:00"),
    ("reopened after it", OFFICE, FIRST, 4, "11-24 09:00 opened, 10:00 solved, 11:00 reopened", "2026-11-24 13:00"),
    # The next answer.
    ("a message", OFFICE, NEXT, 4, "11-24 09:00 opened, 10:00 replied, 11:00 wrote", "2026-11-24 15:00"),
    ("two of them", OFFICE, NEXT, 4, "11-24 09:00 opened, 10:00 replied, 11:00 wrote, 12:00 wrote", "2026-11-24 15:00"),
    (
        "a message, then on hold",
        OFFICE, NEXT, 4, "11-24 09:00 opened, 10:00 replied, 11:00 wrote, 12:00 held, 13:00 went on",
        "2026-11-24 16:00",
    ),
    ("a message at night", OFFICE, NEXT, 4, "11-24 09:00 opened, 10:00 replied, 20:00 wrote", "2026-11-25 13:00"),
    ("a message on Friday", OFFICE, NEXT, 4, "11-27 09:00 opened, 10:00 replied, 17:00 wrote", "2026-11-30 12:30"),
    ("after the end", OFFICE, NEXT, 4, "11-24 09:00 opened, 10:00 solved, 11-25 10:00 wrote", "2026-11-25 14:00"),
    # Another priority or another policy: the target is another, and counts from the opening.
    ("ranked urgent", OFFICE, END, 2, "11-24 09:00 opened, 10:00 ranked anew", "2026-11-24 11:00"),
    (
        "ranked urgent after a pause",
        OFFICE, END, 2, "11-24 09:00 opened, 10:00 replied, 12:00 wrote, 12:30 ranked anew", "2026-11-24 13:00",
    ),
    ("ranked urgent too late", OFFICE, END, 2, "11-24 09:00 opened, 12:00 ranked anew", "2026-11-24 11:00"),
    ("a policy that allows more", OFFICE, END, 12, "11-24 09:00 opened, 10:00 ranked anew", "2026-11-25 12:30"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("calendar", "promise", "hours", "story", "due"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_deadline_is_as_worked_out_by_hand(calendar, promise, hours, story, due):
    counted = count(told(story), promise, timedelta(hours=hours), calendar)

    assert counted is not None
    assert counted.due == at(due)


def test_there_are_sixty_of_them():
    assert len({case[0] for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize(
    "story",
    [
        "11-24 09:00 opened, 10:00 wrote",
        "11-24 09:00 opened, 10:00 replied, 11:00 wrote, 12:00 replied",
        "11-24 09:00 opened, 10:00 solved, 11:00 reopened",
    ],
)
def test_nobody_waits_for_a_next_answer(story):
    assert count(told(story), NEXT, timedelta(hours=4), OFFICE) is None


@pytest.mark.parametrize(
    ("story", "is_late"),
    [
        ("11-24 09:00 opened, 13:00 replied", False),
        ("11-24 09:00 opened, 13:01 replied", True),
        ("11-24 09:00 opened, 10:00 held, 13:00 went on, 16:00 replied", False),
        ("11-24 09:00 opened", False),
    ],
)
def test_an_answer_is_late_after_its_deadline_and_not_before(story, is_late):
    counted = count(told(story), FIRST, timedelta(hours=4), OFFICE)

    assert counted is not None
    assert counted.is_late is is_late


def test_while_paused_it_is_known_how_much_is_left():
    counted = count(told("11-24 09:00 opened, 10:00 replied"), END, timedelta(hours=8), OFFICE)

    assert counted is not None
    assert counted.left_at_stop == timedelta(hours=7)
    assert counted.pieces[-1] == Piece(at("2026-11-24 10:00"), None, PieceKind.PAUSED)


def test_pauses_are_not_in_the_time_it_took():
    story = told("11-24 09:00 opened, 10:00 replied, 12:00 wrote, 13:00 solved")

    assert time_taken(story, FIRST, OFFICE) == timedelta(hours=1)
    assert time_taken(story, END, OFFICE) == timedelta(hours=2)
    assert time_taken(story[:3], END, OFFICE) is None


def test_a_calendar_without_hours_is_refused():
    with pytest.raises(CalendarWithoutHours):
        count(told("11-24 09:00 opened"), FIRST, timedelta(hours=4), WorkingCalendar({}))


def test_the_soonest_open_promise_is_what_counts():
    hours = {one: timedelta(hours=h) for one, h in ((FIRST, 4), (NEXT, 1), (END, 8))}
    targets = Targets(hours[FIRST], hours[NEXT], hours[END])
    stories = {
        "11-24 09:00 opened": "2026-11-24 13:00",
        "11-24 09:00 opened, 10:00 replied, 11:00 wrote": "2026-11-24 12:00",
        "11-24 09:00 opened, 10:00 replied": "2026-11-24 17:00",
    }

    assert {story: next_due(counts_of(told(story), targets, OFFICE)) for story in stories} == {
        story: at(due) for story, due in stories.items()
    }


HOUR = timedelta(hours=1)
BY_PHONE = Policy("Phone", Targets(HOUR, HOUR, 2 * HOUR), route=Route.PHONE)
PATIENT = Policy("Patient waiting", Targets(HOUR / 4, HOUR / 4, HOUR), patient_waiting=True)
URGENT_BY_PHONE = Policy("Both", Targets(HOUR / 2, HOUR, HOUR), priority=Priority.URGENT, route=Route.PHONE)
ALL = (BY_PHONE, PATIENT, URGENT_BY_PHONE)


@pytest.mark.parametrize(
    ("priority", "route", "patient_waiting", "name"),
    [
        (Priority.NORMAL, Route.EMAIL, False, "Normal priority"),
        (Priority.URGENT, Route.PHONE, False, "Both"),
        (Priority.URGENT, Route.PHONE, True, "Both"),
        (Priority.LOW, Route.PHONE, False, "Phone"),
        (Priority.HIGH, Route.PHONE, True, "Patient waiting"),
    ],
)
def test_the_policy_that_says_most_holds_and_of_equals_the_stricter_one(priority, route, patient_waiting, name):
    assert policy_for(ALL, priority=priority, route=route, patient_waiting=patient_waiting).name == name


def test_a_policy_for_the_same_requests_replaces_the_default_also_when_it_allows_more():
    slower = Policy("Slower", Targets(8 * HOUR, 8 * HOUR, 24 * HOUR), priority=Priority.URGENT)

    assert policy_for([slower], priority=Priority.URGENT, route=Route.EMAIL, patient_waiting=False) is slower


def test_there_is_a_default_for_each_priority():
    assert {one.priority: one.targets.first_response for one in DEFAULT_POLICIES} == FIRST_RESPONSE_WITHIN


SPANS = st.lists(st.integers(0, 47), min_size=2, max_size=4, unique=True).map(
    lambda halves: tuple(
        Span(time(a // 2, a % 2 * 30), time(b // 2, b % 2 * 30))
        for a, b in zip(sorted(halves)[::2], sorted(halves)[1::2], strict=False)
    )
)
CALENDARS = st.builds(
    WorkingCalendar,
    st.dictionaries(st.integers(0, 6), SPANS, min_size=1),
    st.frozensets(st.dates(date(2026, 10, 20), date(2026, 11, 10)), max_size=4),
)
WHAT = [kind_and_status for word, kind_and_status in WORDS.items() if word != "opened"]
LATER = st.lists(st.tuples(st.integers(0, 60 * 24 * 9), st.sampled_from(WHAT)), max_size=8)


@given(CALENDARS, LATER, st.integers(1, 60 * 30), st.sampled_from(Promise))
def test_the_shown_stretches_always_add_up_in_any_order_of_events(calendar, later, minutes, promise):
    opened = at("2026-10-22 08:00").astimezone(UTC)
    story = [Happening(opened, EventKind.OPENED, Status.NEW)]
    story += [
        Happening(opened + timedelta(minutes=after), *what) for after, what in sorted(later, key=lambda one: one[0])
    ]

    counted = count(story, promise, timedelta(minutes=minutes), calendar)

    if counted is None:
        return
    pieces = counted.pieces
    lengths = {one: one.ends - one.starts for one in pieces if one.ends}
    worked = sum((length for one, length in lengths.items() if one.kind is PieceKind.COUNTED), timedelta(0))
    assert worked == counted.target - (counted.left_at_stop or timedelta(0))
    assert all(earlier.ends == following.starts for earlier, following in pairwise(pieces))
    assert all(length > timedelta(0) for length in lengths.values())
    for one, length in lengths.items():
        if one.kind in {PieceKind.COUNTED, PieceKind.OUT_OF_HOURS}:
            expected = length if one.kind is PieceKind.COUNTED else timedelta(0)
            assert working_time_between(one.starts, one.starts + length, calendar) == expected
    if counted.left_at_stop is None:
        assert pieces[-1].ends == counted.due
