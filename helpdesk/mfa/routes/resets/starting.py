"""Starting a reset, from a person's page or from a request for help."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.service.searching import count_search
from helpdesk.core.errors import NotFound
from helpdesk.mfa.forms import FindPersonForm, StartResetForm
from helpdesk.mfa.presenters.resets import person_facts
from helpdesk.mfa.queries.resets import find_open, find_person_to_reset, person_to_reset
from helpdesk.mfa.service.resets import requesting
from helpdesk.mfa.types.resets import ResetReason
from helpdesk.tickets.queries.tickets import ticket_for
from helpdesk.web.access import current_actor, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("starting", __name__)


@blueprint.get("/new")
@requires(Permission.RESET_REQUEST)
def ask() -> ResponseReturnValue:
    """Of somebody who has an open reset already, that one."""
    person = person_to_reset(current_actor(), _id_in(request.args.get("person", "")))
    reset = find_open(person.id)
    if reset is not None:
        return redirect(url_for("resets.steps.show", reset_id=reset.id), 303)
    requesting.ensure_may_request(person, by=current_actor())
    return _page(StartResetForm(data={"person": str(person.id), "ticket": _reference(request.args.get("ticket", ""))}))


@blueprint.post("")
@requires(Permission.RESET_REQUEST)
@commits
def start() -> ResponseReturnValue:
    form = StartResetForm(request.form)
    person_id = _id_in(form.person.data or "")
    if not form.validate():
        return _page(form, 422)
    reset = requesting.request(
        person_id,
        reason=ResetReason(form.reason.data),
        ticket_reference=_reference(form.ticket.data or ""),
        by=current_actor(),
    )
    return redirect(url_for("resets.steps.show", reset_id=reset.id), 303)


@blueprint.get("/find")
@requires(Permission.RESET_REQUEST)
def find() -> ResponseReturnValue:
    """By the whole address alone: nobody looks through the directory here."""
    form = FindPersonForm(request.args)
    if "email" not in request.args:
        return render_template("mfa/resets/find.html", form=form)
    if not form.validate():
        return render_template("mfa/resets/find.html", form=form), 422
    count_search(by=current_actor())
    person = find_person_to_reset(current_actor(), form.email.data or "")
    if person is None:
        form.email.errors = ["Nobody whom you look after has an account with this email address"]
        return render_template("mfa/resets/find.html", form=form), 422
    return redirect(url_for("resets.starting.ask", person=person.id, ticket=form.ticket.data or None), 303)


def _page(form: StartResetForm, status: int = 200) -> ResponseReturnValue:
    person = person_to_reset(current_actor(), _id_in(form.person.data or ""))
    return render_template("mfa/resets/new.html", form=form, name=person.name, facts=person_facts(person)), status


def _id_in(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _reference(text: str) -> str:
    """Of a request that the reader may see; '' where there is none."""
    if not text or not current_actor().may(Permission.TICKET_SEE):
        return ""
    return ticket_for(current_actor(), text).reference
