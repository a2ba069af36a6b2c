"""Working hours and days off, for those who run the helpdesk."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts.permissions import Permission
from helpdesk.core import clock
from helpdesk.core.errors import DomainError, NotFound
from helpdesk.tickets.forms.calendar import DayOffForm, HoursForm, hours_form
from helpdesk.tickets.presenters.calendar import day_off_rows
from helpdesk.tickets.queries.escalations import list_days_off, opening_calendar, working_calendar
from helpdesk.tickets.service.calendar import add_day_off, remove_day_off, set_hours
from helpdesk.web.access import current_actor, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("calendar", __name__, url_prefix="/admin/calendar")


@blueprint.get("")
@requires(Permission.CALENDAR_EDIT)
def show() -> ResponseReturnValue:
    return _page()


@blueprint.post("/hours")
@requires(Permission.CALENDAR_EDIT)
@commits
def change_hours() -> ResponseReturnValue:
    form = HoursForm(request.form)
    if not form.validate():
        return _page(hours=form), 422
    try:
        set_hours(form.spans, by=current_actor())
    except DomainError as error:
        form.monday.errors = (error.message,)
        return _page(hours=form), 422
    return _back()


@blueprint.post("/days-off")
@requires(Permission.CALENDAR_EDIT)
@commits
def add() -> ResponseReturnValue:
    form = DayOffForm(request.form)
    if not form.validate() or form.day.data is None:
        return _page(day_off=form), 422
    add_day_off(form.day.data, form.name.data or "", by=current_actor())
    return _back()


@blueprint.post("/days-off/<day>/remove")
@requires(Permission.CALENDAR_EDIT)
@commits
def remove(day: str) -> Response:
    try:
        remove_day_off(date.fromisoformat(day), by=current_actor())
    except ValueError as error:
        raise NotFound from error
    return _back()


def _page(*, hours: HoursForm | None = None, day_off: DayOffForm | None = None) -> str:
    return render_template(
        "tickets/calendar.html",
        hours=hours or hours_form(working_calendar()),
        are_set=opening_calendar() is not None,
        day_off=day_off or DayOffForm(),
        days_off=day_off_rows(list_days_off(clock.now().date())),
        has_errors=bool(hours or day_off),
    )


def _back() -> Response:
    return redirect(url_for("tickets.calendar.show"), 303)
