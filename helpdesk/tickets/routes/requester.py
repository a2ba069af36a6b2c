"""The requester's own page: carry on anywhere with reference and PIN."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.core.errors import NotFound, TooMany
from helpdesk.core.secret_text import make_token
from helpdesk.faq.service.library import current_library
from helpdesk.tickets.errors import TicketClosed, WrongPin
from helpdesk.tickets.forms import MessageForm, PinForm
from helpdesk.tickets.presenters.known_issues import banner_of
from helpdesk.tickets.presenters.requester import Places, requester_page
from helpdesk.tickets.queries.known_issues import find_current_issue
from helpdesk.tickets.queries.requester import progress_of
from helpdesk.tickets.queries.tickets import own_ticket, own_ticket_to_change
from helpdesk.tickets.routes.access import is_remembered, remember_requester
from helpdesk.tickets.routes.news import news
from helpdesk.tickets.service.messages import requester_sends
from helpdesk.tickets.service.pins import ticket_opened_by
from helpdesk.tickets.service.unread import note_all_seen
from helpdesk.web.access import public
from helpdesk.web.forms import as_client_key
from helpdesk.web.panels import Place, Subject, panels_of
from helpdesk.web.security import client_network
from helpdesk.web.transaction import commits

blueprint = Blueprint("requester", __name__, url_prefix="/c")


@blueprint.get("")
@public
def ask_for_reference() -> ResponseReturnValue:
    return _pin_page(PinForm())


@blueprint.post("")
@public
def open_with_pin() -> ResponseReturnValue:
    form = PinForm(request.form)
    if not form.validate():
        return _pin_page(form), 422
    try:
        ticket = ticket_opened_by(form.reference.data or "", form.pin.data or "", network=client_network())
    except WrongPin as error:
        form.pin.errors = (error.message,)
        return _pin_page(form), 422
    except TooMany as error:
        form.pin.errors = (error.message,)
        return _pin_page(form), 429, {"Retry-After": str(error.retry_after_seconds)}
    answer = redirect(url_for("tickets.requester.carry_on", reference=ticket.reference, _anchor="latest"), 303)
    remember_requester(answer, ticket.reference)
    return answer


@blueprint.get("/<reference>")
@public
def carry_on(reference: str) -> ResponseReturnValue:
    reference = reference.upper()
    if not is_remembered(reference):
        return _pin_page(PinForm(data={"reference": reference}))
    progress = progress_of(reference)  # before the page is made: what comes meanwhile may not be on it
    page = _ticket_page(reference, MessageForm())
    note_all_seen(progress)
    return page


@blueprint.get("/<reference>/events")
@public
def events(reference: str) -> ResponseReturnValue:
    """What came since; not there for a browser that was closed meanwhile."""
    reference = reference.upper()
    if not is_remembered(reference):
        raise NotFound
    return news(progress_of(reference))


@blueprint.post("/<reference>/messages")
@public
@commits
def write(reference: str) -> ResponseReturnValue:
    reference = reference.upper()
    if not is_remembered(reference):
        raise NotFound
    form = MessageForm(request.form)
    if not form.validate():
        return _ticket_page(reference, form), 422
    key = as_client_key(request.form.get("client_key", ""))
    try:
        requester_sends(own_ticket_to_change(reference), text=form.text.data or "", client_key=key)
    except TicketClosed as error:
        form.text.errors = (error.message,)
        return _ticket_page(reference, form), 409
    except TooMany as error:
        form.text.errors = (error.message,)
        return _ticket_page(reference, form), 429, {"Retry-After": str(error.retry_after_seconds)}
    return redirect(url_for("tickets.requester.carry_on", reference=reference, _anchor="latest"), 303)


def _ticket_page(reference: str, form: MessageForm) -> str:
    places = Places(
        write=url_for("tickets.requester.write", reference=reference),
        news=url_for("tickets.requester.events", reference=reference),
        again=url_for("tickets.requester.carry_on", reference=reference),
    )
    ticket = own_ticket(reference)
    shown = {
        "page": requester_page(ticket, current_library(), places),
        "known_issue": banner_of(find_current_issue()),
        "panels": panels_of(Place.REQUEST, Subject(ticket.reference, ticket.requester_email, ticket.is_done)),
    }
    return render_template("tickets/carry_on.html", form=form, client_key=make_token(), **shown)


def _pin_page(form: PinForm) -> str:
    return render_template("tickets/pin.html", form=form, known_issue=banner_of(find_current_issue()))
