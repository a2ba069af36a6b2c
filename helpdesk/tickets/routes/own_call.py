"""The call that a requester was promised: another time, or no call after all."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.core import clock
from helpdesk.core.actor import requester
from helpdesk.core.errors import NotFound, TooMany
from helpdesk.core.throttle import charge
from helpdesk.tickets.errors import CallBackBegun, SlotTaken
from helpdesk.tickets.forms.requester import CallTimeForm
from helpdesk.tickets.presenters.slots import promise_in_words, promised_call
from helpdesk.tickets.queries.slots import list_free_slots
from helpdesk.tickets.queries.tickets import own_ticket, own_ticket_to_change
from helpdesk.tickets.routes.access import is_remembered
from helpdesk.tickets.service.messages import MESSAGES
from helpdesk.tickets.service.slots import cancel_call, change_call
from helpdesk.web.access import public
from helpdesk.web.transaction import commits

blueprint = Blueprint("own_call", __name__, url_prefix="/c/<reference>/call")


@blueprint.get("")
@public
def show(reference: str) -> ResponseReturnValue:
    """Change or cancel the call. Where no call is to come any more, back to the request."""
    ensure_remembered(reference)
    if promised_call(own_ticket(reference)) is None:
        return _back(reference)
    return _page(reference, _form())


@blueprint.post("")
@public
@commits
def change(reference: str) -> ResponseReturnValue:
    """Be phoned at another time."""
    ensure_remembered(reference)
    form, ticket = _form(), own_ticket_to_change(reference)
    if not form.validate():
        return _page(reference, form), 422
    by = requester(ticket.requester_name)
    return _try(reference, form, lambda: change_call(ticket, form.starts_at, by=by))


@blueprint.post("/cancel")
@public
@commits
def cancel(reference: str) -> ResponseReturnValue:
    """Not be phoned after all."""
    ensure_remembered(reference)
    ticket = own_ticket_to_change(reference)
    if promised_call(ticket) is None:
        return _back(reference)
    by = requester(ticket.requester_name)
    return _try(reference, _form(), lambda: cancel_call(ticket, by=by))


def ensure_remembered(reference: str) -> None:
    """Only the browser that proved the PIN; for all others the page is not there."""
    if not is_remembered(reference.upper()):
        raise NotFound


def _try(reference: str, form: CallTimeForm, act: Callable[[], None]) -> ResponseReturnValue:
    """Back to the request when it is done; or the page again with the reason why it is not."""
    try:
        charge(MESSAGES, reference.upper())
        act()
    except (SlotTaken, CallBackBegun) as error:
        form.slot.errors = (error.message,)
        return _page(reference, form), 409
    except TooMany as error:
        form.slot.errors = (error.message,)
        return _page(reference, form), 429, {"Retry-After": str(error.retry_after_seconds)}
    return _back(reference)


def _form() -> CallTimeForm:
    form = CallTimeForm(request.form)
    form.offer(list_free_slots(clock.now()))
    return form


def _page(reference: str, form: CallTimeForm) -> str:
    ticket = own_ticket(reference)
    promise = promise_in_words(promised_call(ticket))
    return render_template("tickets/own_call.html", reference=ticket.reference, promise=promise, form=form)


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for("tickets.requester.carry_on", reference=reference.upper()), 303)
