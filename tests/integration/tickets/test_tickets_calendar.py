"""Working hours and days off as a lead agent keeps them."""

from datetime import date

import pytest
from sqlalchemy import select

from helpdesk.db import db, write_transaction
from helpdesk.tickets.models.policies import DayOff
from helpdesk.tickets.queries.escalations import opening_calendar, working_calendar
from helpdesk.tickets.rules import DEFAULT_HOURS
from helpdesk.tickets.service.calendar import ensure_calendar

pytestmark = pytest.mark.usefixtures("app", "moved_clock")


@pytest.fixture
def lead(sign_in_as, cara):
    with write_transaction():
        ensure_calendar()
    return sign_in_as(cara)


def test_a_new_installation_knows_weekdays_and_the_bank_holidays_of_england(lead):
    page = lead.get("/admin/calendar")

    assert page.has("Friday 25 December 2026 Christmas Day")
    assert page.form("Save hours").values["monday"] == ["9am to 5:30pm"]
    assert date(2026, 12, 28) in working_calendar().days_off  # the substitute for Boxing Day


def test_hours_that_nobody_has_set_promise_nothing_until_they_are_saved(lead):
    page = lead.get("/admin/calendar")
    assert page.has("Nobody has set these hours yet, so no call-back times are offered.")
    assert opening_calendar() is None

    page = lead.follow(lead.submit(page, button="Save hours"))

    assert not page.has("Nobody has set these hours yet")
    assert opening_calendar() is not None


def test_making_the_calendar_again_changes_nothing(lead):
    with write_transaction():
        ensure_calendar()

    assert len(db.session.scalars(select(DayOff.day)).all()) == len(set(db.session.scalars(select(DayOff.day))))


def test_hours_with_a_lunch_break_are_kept(lead):
    page = lead.get("/admin/calendar")

    page = lead.follow(lead.submit(page, button="Save hours", monday="9 to 13, 14:00 to 17:30", friday=""))

    assert page.form("Save hours").values["monday"] == ["9am to 1pm, 2pm to 5:30pm"]
    assert 4 not in working_calendar().spans


@pytest.mark.parametrize(
    "typed", ["9am to 5:30pm", "09:00 to 17:30", "9 to 17.30", "9 AM to 5:30 PM", "9:00am - 5.30pm", "9am–5:30pm"]
)
def test_hours_are_read_as_people_write_them(lead, typed):
    page = lead.follow(lead.submit(lead.get("/admin/calendar"), button="Save hours", monday=typed))

    assert page.form("Save hours").values["monday"] == ["9am to 5:30pm"]


def test_noon_and_midnight_are_read_as_what_they_are(lead):
    page = lead.get("/admin/calendar")

    page = lead.follow(lead.submit(page, button="Save hours", sunday="12am to 12pm, 12:30pm to 11:59pm"))

    assert page.form("Save hours").values["sunday"] == ["12am to 12pm, 12:30pm to 11:59pm"]


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        ("nine to five", "Enter Monday’s hours like"),
        ("17:00 to 9:00", "must end after it starts"),
        ("9:00 to 13:00, 12:00 to 17:00", "overlap"),
        ("9:00 to 25:00", "Enter Monday’s hours like"),
        ("9:00 to", "Enter Monday’s hours like"),
        ("13am to 5pm", "Enter Monday’s hours like"),
        ("0am to 5pm", "Enter Monday’s hours like"),
        ("9am to 5:75pm", "Enter Monday’s hours like"),
        ("9am to 5pm to 6pm", "Enter Monday’s hours like"),
        ("٩am to 5pm", "Enter Monday’s hours like"),
        ("9am", "Enter Monday’s hours like"),
        ("9am to 5", "must end after it starts"),
        ("99999999999999999999 to 17", "Enter Monday’s hours like"),
    ],
)
def test_hours_that_make_no_sense_are_refused_and_stay_typed(lead, hours, message):
    answer = lead.submit(lead.get("/admin/calendar"), button="Save hours", monday=hours)

    assert answer.status_code == 422
    assert any(message in error for error in answer.errors), answer.errors
    assert answer.form("Save hours").values["monday"] == [hours]
    assert working_calendar().spans == DEFAULT_HOURS


def test_a_calendar_without_any_hours_is_refused(lead):
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")

    answer = lead.submit(lead.get("/admin/calendar"), button="Save hours", **dict.fromkeys(days, ""))

    assert answer.errors == ["Enter working hours for at least one day."]


def test_days_off_are_added_and_removed(lead):
    page = lead.follow(
        lead.submit(lead.get("/admin/calendar"), button="Add day off", day="2026-12-24", name="Christmas Eve")
    )
    assert page.has("Thursday 24 December 2026 Christmas Eve")

    page = lead.follow(lead.submit(page, button="Remove Christmas Eve"))
    assert not page.has("Christmas Eve")


def test_an_agent_may_not_change_the_hours(sign_in_as, ben):
    assert sign_in_as(ben).get("/admin/calendar").status_code == 403
