"""Importing people from a CSV file: a look at every line first, then all good ones together.

The file travels in the form of the second step, so nothing of it is kept until somebody says so.
"""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.errors import FileRefused
from helpdesk.accounts.forms import ImportForm
from helpdesk.accounts.loader import MOST_BYTES, MOST_LINES, decode
from helpdesk.accounts.permissions import Permission, manageable_roles
from helpdesk.accounts.presenters.importing import import_page, refused_lines_file
from helpdesk.accounts.service.importing import check_file, import_people
from helpdesk.accounts.types.directory import ROLE_NAMES
from helpdesk.core.errors import ChangedMeanwhile
from helpdesk.web.access import current_actor, freshly_proved, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("importing", __name__)


@blueprint.get("/import")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
def choose() -> ResponseReturnValue:
    return _choose(ImportForm(), 200)


@blueprint.post("/import")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
def look() -> ResponseReturnValue:
    """A dry run: nothing is saved."""
    form, sent = ImportForm(), request.files.get("file")
    content = sent.read(MOST_BYTES + 1) if sent else b""
    if not content:
        form.file.errors = ["Choose a CSV file that is not empty"]
        return _choose(form, 422)
    try:
        return _looked_at(decode(content), 200)
    except FileRefused as refusal:
        form.file.errors = [refusal.message]
        return _choose(form, 422)


@blueprint.post("/import/people")
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
@commits
def add() -> ResponseReturnValue:
    text, expected = request.form.get("text", ""), request.form.get("expected", "")
    try:
        count = import_people(text, expected=_number(expected), by=current_actor())
    except FileRefused as refusal:
        form = ImportForm()
        form.file.errors = [refusal.message]
        return _choose(form, 422)
    except ChangedMeanwhile:
        return _looked_at(text, 409, has_changed=True)
    return redirect(url_for("people.importing.done", count=count), 303)


@blueprint.post("/import/refused-lines")
@requires(Permission.PEOPLE_EDIT)
def refused_lines() -> ResponseReturnValue:
    checked = check_file(request.form.get("text", ""), by=current_actor())
    answer = Response(refused_lines_file(checked.refused), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=refused-lines.csv"
    return answer


@blueprint.get("/import/done/<int:count>")
@requires(Permission.PEOPLE_EDIT)
def done(count: int) -> ResponseReturnValue:
    return render_template("accounts/imported.html", count=count)


def _looked_at(text: str, status: int, *, has_changed: bool = False) -> ResponseReturnValue:
    checked = check_file(text, by=current_actor())
    page = import_page(len(checked.good), checked.refused)
    return render_template("accounts/import_check.html", page=page, text=text, has_changed=has_changed), status


def _choose(form: ImportForm, status: int) -> ResponseReturnValue:
    roles = [ROLE_NAMES[role] for role in manageable_roles(current_actor())]
    return render_template("accounts/import.html", form=form, roles=roles, most_lines=MOST_LINES), status


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
