"""Working hours and days off as people type them."""

import re
from datetime import time
from typing import Any

from wtforms import DateField, Form, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from helpdesk.core.plain_text import clean_line
from helpdesk.core.working_time import WorkingCalendar
from helpdesk.tickets.service.calendar import WeekdaySpan

HOURS_OF_HALF_A_DAY = 12
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.ASCII)


class HoursForm(Form):
    """Working hours: for each weekday its stretches, such as "9am to 1pm, 2pm to 5:30pm", or nothing."""

    monday = StringField("Monday", [Length(max=100)])
    tuesday = StringField("Tuesday", [Length(max=100)])
    wednesday = StringField("Wednesday", [Length(max=100)])
    thursday = StringField("Thursday", [Length(max=100)])
    friday = StringField("Friday", [Length(max=100)])
    saturday = StringField("Saturday", [Length(max=100)])
    sunday = StringField("Sunday", [Length(max=100)])

    @property
    def spans(self) -> list[WeekdaySpan]:
        """The stretches of all days; only after a successful validate()."""
        return [span for weekday, field in enumerate(self) for span in _read_spans(weekday, field.data or "")]

    def validate(self, extra_validators: Any = None) -> bool:  # Any: WTForms' own signature
        is_valid = super().validate(extra_validators)
        for weekday, field in enumerate(self):
            try:
                _read_spans(weekday, field.data or "")
            except ValueError:
                field.errors = (*field.errors, f"Enter {field.label.text}’s hours like 9am to 1pm, 2pm to 5:30pm")
                is_valid = False
        return is_valid


class DayOffForm(Form):
    """A day on which the helpdesk does not work."""

    day = DateField("Date", [InputRequired("Enter a date, such as 25 December 2026")])
    name = StringField(
        "Name", [DataRequired("Enter a name, such as Christmas Day"), Length(max=80)], filters=[clean_line]
    )


def hours_form(calendar: WorkingCalendar) -> HoursForm:
    """The form filled with the hours in force."""
    form = HoursForm()
    for weekday, field in enumerate(form):
        spans = calendar.spans.get(weekday, ())
        field.data = ", ".join(f"{_typed(span.starts)} to {_typed(span.ends)}" for span in spans)
    return form


def _read_spans(weekday: int, text: str) -> list[WeekdaySpan]:
    """The stretches that a line names. ValueError when it cannot be read."""
    return [_read_span(weekday, part) for part in text.split(",") if part.strip()]


def _read_span(weekday: int, text: str) -> WeekdaySpan:
    starts, ends = re.split(r"to|[-–]", text)
    return WeekdaySpan(weekday, _read_time(starts), _read_time(ends))


def _read_time(text: str) -> time:
    """A time of day, as 9am, 5:30pm, 5.30 pm, 09:00 or 9. ValueError when it is none."""
    found = _TIME.fullmatch(text.strip().lower())
    if not found:
        raise ValueError("no time of day")
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if not half:
        return time(hour, minute)
    if not 1 <= hour <= HOURS_OF_HALF_A_DAY:
        raise ValueError("no hour of half a day")
    return time(hour % HOURS_OF_HALF_A_DAY + (HOURS_OF_HALF_A_DAY if half == "pm" else 0), minute)


def _typed(at: time) -> str:
    minutes = f":{at.minute:02}" if at.minute else ""
    half = "am" if at.hour < HOURS_OF_HALF_A_DAY else "pm"
    return f"{at.hour % HOURS_OF_HALF_A_DAY or HOURS_OF_HALF_A_DAY}{minutes}{half}"
