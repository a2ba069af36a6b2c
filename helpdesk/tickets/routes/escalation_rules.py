"""Rules by which tickets go further, for those who run the helpdesk."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts.permissions import Permission
from helpdesk.tickets.forms.escalation import RuleForm, rule_form
from helpdesk.tickets.presenters.escalation_rules import dry_run_page, rule_rows
from helpdesk.tickets.queries.escalation_rules import get_rule, is_kept, list_rules
from helpdesk.tickets.queries.tickets import list_agents
from helpdesk.tickets.service.escalation_rules import is_default, keep_rule, remove_rule, switch, try_on_last_month
from helpdesk.web.access import current_actor, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("escalation_rules", __name__, url_prefix="/admin/escalation")

NEW = ""


@blueprint.get("")
@requires(Permission.CALENDAR_EDIT)
def show() -> ResponseReturnValue:
    people = {agent.id: agent.name for agent in list_agents()}
    return render_template("tickets/escalation_rules.html", rules=rule_rows(list_rules(), people))


@blueprint.get("/new")
@requires(Permission.CALENDAR_EDIT)
def ask_new() -> ResponseReturnValue:
    return _page(RuleForm(), NEW)


@blueprint.post("/new")
@requires(Permission.CALENDAR_EDIT)
@commits
def add() -> ResponseReturnValue:
    form = _filled_form()
    if not form.validate():
        return _page(form, NEW), 422
    key = keep_rule(form.rule(NEW), by=current_actor())
    return redirect(url_for("tickets.escalation_rules.try_rule", key=key), 303)


@blueprint.get("/<key>")
@requires(Permission.CALENDAR_EDIT)
def edit(key: str) -> ResponseReturnValue:
    return _page(rule_form(get_rule(key)), key)


@blueprint.post("/<key>")
@requires(Permission.CALENDAR_EDIT)
@commits
def change(key: str) -> ResponseReturnValue:
    rule, form = get_rule(key), _filled_form()
    if not form.validate():
        return _page(form, key), 422
    keep_rule(form.rule(rule.key), by=current_actor())
    return _back()


@blueprint.post("/<key>/switch")
@requires(Permission.CALENDAR_EDIT)
@commits
def switch_rule(key: str) -> Response:
    switch(get_rule(key), by=current_actor())
    return _back()


@blueprint.post("/<key>/remove")
@requires(Permission.CALENDAR_EDIT)
@commits
def remove(key: str) -> Response:
    remove_rule(key, by=current_actor())
    return _back()


@blueprint.get("/<key>/last-month")
@requires(Permission.CALENDAR_EDIT)
def try_rule(key: str) -> ResponseReturnValue:
    rule = get_rule(key)
    return render_template("tickets/escalation_dry_run.html", page=dry_run_page(try_on_last_month(rule), rule))


def _filled_form() -> RuleForm:
    form = RuleForm(request.form)
    form.offer(list_agents())
    return form


def _page(form: RuleForm, key: str) -> str:
    form.offer(list_agents())
    return render_template(
        "tickets/escalation_rule.html",
        form=form,
        title="Change a rule" if key else "Add a rule",
        remove_url=url_for("tickets.escalation_rules.remove", key=key) if key and is_kept(key) else "",
        remove_text="Go back to the default" if is_default(key) else "Remove this rule",
    )


def _back() -> Response:
    return redirect(url_for("tickets.escalation_rules.show"), 303)
