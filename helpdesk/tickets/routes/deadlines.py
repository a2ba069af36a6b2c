"""Why a deadline is when it is, and the policies that deadlines follow."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts.permissions import Permission
from helpdesk.core import clock
from helpdesk.core.errors import DomainError
from helpdesk.tickets.deadlines.policies import Promise, find_default
from helpdesk.tickets.forms.deadlines import PolicyForm, WhatIfForm, policy_form
from helpdesk.tickets.presenters.deadlines import accounts, policy_rows, what_if_in_words
from helpdesk.tickets.queries.deadlines import (
    as_values,
    count_to_recount,
    kept_within,
    list_policies,
    policies_in_force,
    policy_to_change,
)
from helpdesk.tickets.queries.tickets import ticket_for
from helpdesk.tickets.service.deadlines import explain, policy_of
from helpdesk.tickets.service.policies import add_policy, change_policy, remove_policy
from helpdesk.tickets.types import Priority
from helpdesk.web.access import current_actor, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("deadlines", __name__)

QUARTER = timedelta(days=91)


@blueprint.get("/agent/tickets/<reference>/deadlines")
@requires(Permission.TICKET_SEE)
def why(reference: str) -> ResponseReturnValue:
    ticket = ticket_for(current_actor(), reference)
    return render_template(
        "tickets/why_deadline.html",
        reference=ticket.reference,
        summary=ticket.summary,
        policy=policy_of(ticket).name,
        accounts=accounts(explain(ticket), clock.now()),
    )


@blueprint.get("/admin/deadlines")
@requires(Permission.CALENDAR_EDIT)
def show() -> ResponseReturnValue:
    form = WhatIfForm(request.args) if "target" in request.args else WhatIfForm()
    is_asked = "target" in request.args
    is_answered = is_asked and form.validate()
    page = render_template(
        "tickets/deadlines.html",
        policies=policy_rows(list_policies(), policies_in_force()),
        to_recount=count_to_recount(),
        what_if=form,
        answer=_what_if(form) if is_answered else "",
    )
    return page, 422 if is_asked and not is_answered else 200


@blueprint.get("/admin/deadlines/new")
@requires(Permission.CALENDAR_EDIT)
def ask_new() -> ResponseReturnValue:
    replaced = find_default(request.args.get("replaces", ""))
    return _policy_page(policy_form(replaced) if replaced else PolicyForm(), "Add a policy")


@blueprint.post("/admin/deadlines/new")
@requires(Permission.CALENDAR_EDIT)
@commits
def add() -> ResponseReturnValue:
    form = PolicyForm(request.form)
    if not form.validate():
        return _policy_page(form, "Add a policy"), 422
    try:
        add_policy(form.policy, by=current_actor())
    except DomainError as error:
        form.name.errors = (error.message,)
        return _policy_page(form, "Add a policy"), 409
    return _back()


@blueprint.get("/admin/deadlines/<uuid:policy_id>")
@requires(Permission.CALENDAR_EDIT)
def edit(policy_id: UUID) -> ResponseReturnValue:
    return _policy_page(policy_form(as_values(policy_to_change(policy_id))), "Change a policy")


@blueprint.post("/admin/deadlines/<uuid:policy_id>")
@requires(Permission.CALENDAR_EDIT)
@commits
def change(policy_id: UUID) -> ResponseReturnValue:
    row, form = policy_to_change(policy_id), PolicyForm(request.form)
    if not form.validate():
        return _policy_page(form, "Change a policy"), 422
    try:
        change_policy(row, form.policy, by=current_actor())
    except DomainError as error:
        form.name.errors = (error.message,)
        return _policy_page(form, "Change a policy"), 409
    return _back()


@blueprint.post("/admin/deadlines/<uuid:policy_id>/remove")
@requires(Permission.CALENDAR_EDIT)
@commits
def remove(policy_id: UUID) -> Response:
    remove_policy(policy_to_change(policy_id), by=current_actor())
    return _back()


def _what_if(form: WhatIfForm) -> str:
    promise, priority = Promise(form.promise.data), form.priority.data
    since = clock.now() - QUARTER
    share = kept_within(promise, form.amount, since=since, priority=Priority(priority) if priority else None)
    return what_if_in_words(promise, form.amount, share, QUARTER.days)


def _policy_page(form: PolicyForm, title: str) -> str:
    return render_template("tickets/deadline_policy.html", form=form, title=title)


def _back() -> Response:
    return redirect(url_for("tickets.deadlines.show"), 303)
