"""The requester's own page: carry on anywhere with reference and PIN."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.core.actor import requester
from helpdesk.core.errors import NotFound, TooMany
from helpdesk.core.throttle import Limit, charge
from helpdesk.tickets.errors import TicketClosed, WrongPin
from helpdesk.tickets.forms import MessageForm, PinForm
from helpdesk.tickets.presenters.known_issues import banner_of
from helpdesk.tickets.presenters.requester import requester_page
from helpdesk.tickets.queries.known_issues import find_current_issue
from helpdesk.tickets.queries.tickets import own_ticket, own_ticket_to_change
from helpdesk.tickets.routes.access import (
    forget_requester,
    is_remembered,
    remember_requester,
)
from helpdesk.tickets.service.messages import requester_writes
from helpdesk.tickets.service.pins import ticket_opened_by
from helpdesk.web.access import public
from helpdesk.web.security import client_network
from helpdesk.web.transaction import commits

# Far more than anybody types; an agent's page must stay readable.
MESSAGES = Limit(
    "ticket:messages",
    20,
    timedelta(minutes=10),
    "You have sent many messages. Wait a few minutes, or phone the helpdesk.",
)

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
    answer = redirect(url_for("tickets.requester.carry_on", reference=ticket.reference), 303)
    remember_requester(answer, ticket.reference)
    return answer


@blueprint.get("/<reference>")
@public
def carry_on(reference: str) -> ResponseReturnValue:
    reference = reference.upper()
    if not is_remembered(reference):
        return _pin_page(PinForm(data={"reference": reference}))
    return _ticket_page(reference, MessageForm())


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
    ticket = own_ticket_to_change(reference)
    try:
        charge(MESSAGES, reference)
        requester_writes(ticket, by=requester(ticket.requester_name), text=form.text.data or "")
    except TicketClosed as error:
        form.text.errors = (error.message,)
        return _ticket_page(reference, form), 409
    except TooMany as error:
        form.text.errors = (error.message,)
        return _ticket_page(reference, form), 429, {"Retry-After": str(error.retry_after_seconds)}
    return redirect(url_for("tickets.requester.carry_on", reference=reference, _anchor="latest"), 303)


@blueprint.post("/close")
@public
def close() -> Response:
    answer = redirect(url_for("tickets.requester.ask_for_reference"), 303)
    forget_requester(answer)
    return answer


def _ticket_page(reference: str, form: MessageForm) -> str:
    page, banner = requester_page(own_ticket(reference)), banner_of(find_current_issue())
    return render_template("tickets/carry_on.html", page=page, form=form, known_issue=banner)


def _pin_page(form: PinForm) -> str:
    return render_template("tickets/pin.html", form=form, known_issue=banner_of(find_current_issue()))
