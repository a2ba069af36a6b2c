"""The first figure for people: as a page and as a spreadsheet."""

from flask import Blueprint, Flask, make_response, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.service.cool_down import ensure_not_restricted
from helpdesk.trends import api, service
from helpdesk.trends.forms import FiguresForm
from helpdesk.trends.presenters.page import escalations_page
from helpdesk.trends.presenters.spreadsheet import file_name, spreadsheet
from helpdesk.web.access import current_actor, requires

blueprint = Blueprint("trends", __name__, template_folder="templates", url_prefix="/trends")


@blueprint.get("")
@requires(Permission.TRENDS_SEE)
def escalations() -> ResponseReturnValue:
    """Escalations of each week, in words, as a chart and as a table."""
    form = FiguresForm(request.args)
    period = form.find_period(service.today())
    if period is None:
        return _page_with_errors(form)
    figures = service.escalation_figures(period, form.grouping, by=current_actor())
    form.show(period)
    return render_template("trends/escalations.html", form=form, page=escalations_page(figures))


@blueprint.get("/escalations.csv")
@requires(Permission.TRENDS_SEE)
def download() -> ResponseReturnValue:
    """The same figures for a spreadsheet, every topic or organisation included."""
    ensure_not_restricted(by=current_actor())
    form = FiguresForm(request.args)
    period = form.find_period(service.today())
    if period is None:
        return _page_with_errors(form)
    figures = service.escalation_figures(period, form.grouping, by=current_actor())
    response = make_response(spreadsheet(figures))
    response.content_type = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(figures)}"'
    return response


def init_app(app: Flask) -> None:
    """Add the pages, and the calls for programs."""
    app.register_blueprint(blueprint)
    api.init_app(app)


def _page_with_errors(form: FiguresForm) -> ResponseReturnValue:
    return render_template("trends/escalations.html", form=form, page=None), 422
