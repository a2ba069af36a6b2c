"""Which figures somebody wants: two days and what to tell apart."""

from collections.abc import Sequence
from datetime import date

from wtforms import DateField, Form, SelectField
from wtforms.validators import Optional

from helpdesk.trends.errors import PeriodRefused
from helpdesk.trends.rules import period_between
from helpdesk.trends.types import Grouping, Period
from helpdesk.web.forms import choice

CHOICES = [choice(Grouping.TOPIC, "Topic"), choice(Grouping.ORGANISATION, "Organisation")]


class DayField(DateField):
    """A day as browsers and programs write it: 2026-11-24."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        try:
            super().process_formdata([value.strip() for value in valuelist if value.strip()])
        except ValueError as error:
            raise ValueError(f"Enter a real date, such as {date(2026, 11, 24)}") from error


class FiguresForm(Form):
    """The days need not be given: then they are the last eight weeks."""

    first = DayField("From", [Optional()], name="from")
    last = DayField("To", [Optional()], name="to")
    by = SelectField("By", choices=CHOICES, coerce=Grouping, default=Grouping.TOPIC)

    @property
    def grouping(self) -> Grouping:
        return Grouping(self.by.data)

    def find_period(self, today: date) -> Period | None:
        """The weeks that were asked for; or None, with the reason by the field."""
        if not self.validate():
            self.by.errors = ["Select topic or organisation"] if self.by.errors else []
            return None
        try:
            return period_between(self.first.data, self.last.data, today)
        except PeriodRefused as refusal:
            field = self.first if refusal.day == self.first.name else self.last
            field.errors = [refusal.message]
            return None

    def show(self, period: Period) -> None:
        """Show the days that the figures cover: whole weeks, whatever was typed."""
        self.first.raw_data = self.last.raw_data = None
        self.first.data, self.last.data = period.first_day, period.last_day
