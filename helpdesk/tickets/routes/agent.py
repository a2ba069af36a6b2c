"""What a helpdesk agent does with one ticket."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response
from wtforms import Form

from helpdesk.accounts.permissions import Permission
from helpdesk.core import clock
from helpdesk.core.errors import DomainError
from helpdesk.faq.service.library import current_library
from helpdesk.tickets.forms.agent import (
    AnswerForm,
    EscalateForm,
    FilingForm,
    ResolveForm,
    TicketForms,
)
from helpdesk.tickets.presenters.ticket import ticket_page
from helpdesk.tickets.queries.drafts import find_draft
from helpdesk.tickets.queries.tickets import (
    list_agents,
    other_open_tickets_of_site,
    ticket_for,
    ticket_to_change,
)
from helpdesk.tickets.routes.list_address import keep_way_back, way_back
from helpdesk.tickets.rules import statuses_to_offer
from helpdesk.tickets.service import escalation, lifecycle, messages
from helpdesk.tickets.service.drafts import drop_draft
from helpdesk.tickets.types import AnswerKind, EscalationReason
from helpdesk.web.access import current_actor, requires
from helpdesk.web.panels import Place, Subject, panels_of
from helpdesk.web.transaction import commits

blueprint = Blueprint("agent", __name__, url_prefix="/agent")
blueprint.url_defaults(keep_way_back)


@blueprint.get("/tickets/<reference>")
@requires(Permission.TICKET_SEE)
def ticket(reference: str) -> ResponseReturnValue:
    return _ticket_page(reference)


@blueprint.post("/tickets/<reference>/answer")
@requires(Permission.TICKET_REPLY)
@commits
def answer(reference: str) -> ResponseReturnValue:
    form = AnswerForm(request.form)
    if not form.validate():
        return _ticket_page(reference, form), 422
    actor = current_actor()
    ticket, text = ticket_to_change(actor, reference), form.text.data or ""
    drop_draft(ticket, by=actor)
    if form.kind.data == AnswerKind.NOTE:
        messages.note(ticket, by=actor, text=text)
        return _back_to(reference)
    try:
        messages.reply(ticket, by=actor, text=text, seen=form.seen.data or 0)
    except DomainError as error:
        form.text.errors = (error.message,)
        return _ticket_page(reference, form), 409
    return _back_to(reference)


@blueprint.post("/tickets/<reference>/file")
@requires(Permission.TICKET_ASSIGN)
@commits
def file(reference: str) -> ResponseReturnValue:
    actor = current_actor()
    ticket = ticket_to_change(actor, reference)
    form = FilingForm(request.form)
    form.offer(list_agents(), _topics(), statuses_to_offer(ticket.status))
    if not form.validate():
        return _ticket_page(reference, form), 422
    try:
        lifecycle.file(ticket, by=actor, filing=form.filing, seen=form.seen.data or 0)
    except DomainError as error:
        form.status.errors = (error.message,)
        return _ticket_page(reference, form), 409
    return _back_to(reference)


@blueprint.post("/tickets/<reference>/assign-to-me")
@requires(Permission.TICKET_ASSIGN)
@commits
def assign_to_me(reference: str) -> ResponseReturnValue:
    actor = current_actor()
    lifecycle.assign(ticket_to_change(actor, reference), by=actor, to=actor.person_id)
    return _back_to(reference)


@blueprint.post("/tickets/<reference>/resolve")
@requires(Permission.TICKET_RESOLVE)
@commits
def resolve(reference: str) -> ResponseReturnValue:
    form = ResolveForm(request.form)
    if not form.validate():
        return _ticket_page(reference, form), 422
    actor = current_actor()
    lifecycle.resolve(ticket_to_change(actor, reference), by=actor, note=form.solution.data or "")
    return _back_to(reference)


@blueprint.post("/tickets/<reference>/reopen")
@requires(Permission.TICKET_RESOLVE)
@commits
def reopen(reference: str) -> ResponseReturnValue:
    actor = current_actor()
    lifecycle.reopen(ticket_to_change(actor, reference), by=actor)
    return _back_to(reference)


@blueprint.post("/tickets/<reference>/escalate")
@requires(Permission.TICKET_ESCALATE)
@commits
def escalate(reference: str) -> ResponseReturnValue:
    form = EscalateForm(request.form)
    if not form.validate():
        return _ticket_page(reference, form), 422
    ticket, actor = ticket_to_change(current_actor(), reference), current_actor()
    note = form.note.data or ""
    try:
        escalation.ensure_level(ticket, form.level.data or 0)
        escalation.escalate(ticket, by=actor, route=form.route.data, reason=EscalationReason.AGENT, note=note)
    except DomainError as error:
        form.route.errors = (error.message,)
        return _ticket_page(reference, form), 409
    return _back_to(reference)


def _ticket_page(reference: str, *tried: Form) -> str:
    """The ticket with its forms; one that was tried and refused keeps what was typed."""
    actor, library = current_actor(), current_library()
    ticket = ticket_for(actor, reference)
    draft, others = find_draft(ticket, actor), other_open_tickets_of_site(ticket)
    page = ticket_page(ticket, library, others, draft, actor=actor, now=clock.now())
    forms = TicketForms.around(ticket, tried, draft=draft, agents=list_agents(), topics=_topics())
    panels = panels_of(Place.TICKET, Subject(ticket.reference, ticket.requester_email, ticket.is_done))
    return render_template(
        "tickets/ticket.html", page=page, forms=forms, panels=panels, back_url=way_back(), has_errors=bool(tried)
    )


def _back_to(reference: str) -> Response:
    return redirect(url_for("tickets.agent.ticket", reference=reference, _anchor="latest"), 303)


def _topics() -> list[tuple[str, str]]:
    return [(topic.id, topic.title) for topic in current_library().topics]
