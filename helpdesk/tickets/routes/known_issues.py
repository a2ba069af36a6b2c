"""What is known to be broken: the public page, and the page on which lead agents write it."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts.permissions import Permission
from helpdesk.faq.service.library import current_library
from helpdesk.tickets.forms.known_issues import KnownIssueForm
from helpdesk.tickets.presenters.known_issues import IssuesPage, issues_page
from helpdesk.tickets.queries.known_issues import issue_to_change, list_closed_issues, list_open_issues
from helpdesk.tickets.service.known_issues import close_issue, open_issue
from helpdesk.web.access import current_actor, public, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("known_issues", __name__)


@blueprint.get("/status")
@public
def status() -> ResponseReturnValue:
    """What is broken now, and what was mended lately."""
    return render_template("tickets/status.html", page=_page())


@blueprint.get("/agent/known-issues")
@requires(Permission.KNOWN_ISSUE_EDIT)
def show() -> ResponseReturnValue:
    return _edit_page(_form())


@blueprint.post("/agent/known-issues")
@requires(Permission.KNOWN_ISSUE_EDIT)
@commits
def add() -> ResponseReturnValue:
    """Tell everybody about an issue."""
    form = _form()
    if not form.validate():
        return _edit_page(form), 422
    open_issue(form.title.data or "", form.what_to_do.data or "", form.topic.data or "", by=current_actor())
    return _back()


@blueprint.post("/agent/known-issues/<uuid:issue_id>/close")
@requires(Permission.KNOWN_ISSUE_EDIT)
@commits
def close(issue_id: UUID) -> Response:
    """Say that it is mended."""
    close_issue(issue_to_change(issue_id), by=current_actor())
    return _back()


def _form() -> KnownIssueForm:
    form = KnownIssueForm(request.form)
    form.offer(_topics().items())
    return form


def _topics() -> dict[str, str]:
    return {topic.id: topic.title for topic in current_library().topics}


def _page() -> IssuesPage:
    return issues_page(list_open_issues(), list_closed_issues(), _topics())


def _edit_page(form: KnownIssueForm) -> str:
    return render_template("tickets/known_issues.html", page=_page(), form=form)


def _back() -> Response:
    return redirect(url_for("tickets.known_issues.show"), 303)
