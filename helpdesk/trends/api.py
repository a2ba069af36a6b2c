"""The first figure for programs of people who may see it."""

from apiflask import APIBlueprint
from flask import Flask, request
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.wrappers import Response

from helpdesk.accounts.permissions import Permission
from helpdesk.trends import service
from helpdesk.trends.forms import FiguresForm
from helpdesk.trends.presenters.findings import finding
from helpdesk.trends.presenters.spreadsheet import TIME_ZONE
from helpdesk.trends.types import EscalationFigures, Grouping
from helpdesk.web.access import current_actor, requires
from helpdesk.web.errors import problem

blueprint = APIBlueprint("trends_api", __name__, url_prefix="/api/v1/trends", tag="Trends")

TOKEN = "person"  # noqa: S105  # the name of the scheme in the description
DAY = "2026-11-24"


class FiguresQuery(BaseModel):
    """Which figures. The form of the page reads the days, so that pages and programs are answered alike."""

    first: str = Field("", alias="from", description="a day of the first week; if missing, eight weeks", examples=[DAY])
    last: str = Field("", alias="to", description="a day of the last week; if missing, today", examples=[DAY])
    by: str = Field("topic", description="topic or organisation")


class SeriesAnswer(BaseModel):
    """One topic or organisation, with a count for each week."""

    name: str
    ods_code: str
    counts: list[int]
    total: int


class FiguresAnswer(BaseModel):
    """Escalations of each week, the largest topic or organisation first."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    by: Grouping
    first: str = Field(alias="from")
    last: str = Field(alias="to")
    time_zone: str
    organisations: list[str] = Field(description="whose figures these are; empty means everybody's")
    finding: str
    weeks: list[str] = Field(description="the Monday of each week")
    series: list[SeriesAnswer]
    week_totals: list[int]
    total: int
    total_before: int = Field(description="as many weeks earlier, up to the same hour of the week")
    by_email: int
    by_phone: int


def init_app(app: Flask) -> None:
    """Add the call."""
    scheme = {"type": "http", "scheme": "bearer", "description": "The API token of a person."}
    app.config["SECURITY_SCHEMES"] = {**(app.config.get("SECURITY_SCHEMES") or {}), TOKEN: scheme}
    app.register_blueprint(blueprint)


@blueprint.get("/escalations")
@blueprint.input(FiguresQuery, location="query")
@blueprint.output(FiguresAnswer, description="The figures")
@blueprint.doc(
    summary="Escalations of each week",
    description="By topic or by organisation, within the organisations of the person whose token it is.",
    security=TOKEN,
    responses=[401, 403],
)
@requires(Permission.TRENDS_SEE)
def escalations(query_data: FiguresQuery) -> FiguresAnswer | Response:  # noqa: ARG001  # the form reads the request
    form = FiguresForm(request.args)
    period = form.find_period(service.today())
    if period is None:
        return _problem(form)
    return _answer(service.escalation_figures(period, form.grouping, by=current_actor()))


def _problem(form: FiguresForm) -> Response:
    errors = {field.name: list(field.errors) for field in form if field.errors}
    return problem(422, " ".join(f"{name}: {messages[0]}." for name, messages in errors.items()), errors=errors)


def _answer(figures: EscalationFigures) -> FiguresAnswer:
    return FiguresAnswer(
        by=figures.grouping,
        first=f"{figures.period.first_day}",
        last=f"{figures.period.last_day}",
        time_zone=TIME_ZONE,
        organisations=list(figures.organisations),
        finding=finding(figures),
        weeks=[f"{week.monday}" for week in figures.period.weeks],
        series=[
            SeriesAnswer(name=one.name, ods_code=one.ods_code, counts=list(one.counts), total=one.total)
            for one in figures.series
        ],
        week_totals=list(figures.week_totals),
        total=figures.total,
        total_before=figures.total_before,
        by_email=figures.by_email,
        by_phone=figures.by_phone,
    )
