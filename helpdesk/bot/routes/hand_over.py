"""A person takes over: the form, and the confirmation with reference and PIN."""

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.bot.errors import ConversationClosed
from helpdesk.bot.forms import HandOverForm
from helpdesk.bot.routes.carrying import carry, carry_ticket, sent_token
from helpdesk.bot.routes.showing import confirmation_page_of, hand_over_page, refused, to_confirmation
from helpdesk.bot.service import conversations, handing_over
from helpdesk.bot.service.pharmacies import sites_to_choose_from
from helpdesk.core import clock
from helpdesk.core.errors import TooMany
from helpdesk.core.secret_text import make_token
from helpdesk.tickets.errors import CallBackBegun, SlotTaken, TicketClosed
from helpdesk.tickets.queries.slots import list_free_slots
from helpdesk.web.access import public
from helpdesk.web.security import client_network
from helpdesk.web.transaction import commits


def add_to(blueprint: Blueprint) -> None:
    """Add these pages to those of the chat."""
    blueprint.add_url_rule("/speak-to-a-person", view_func=hand_over)
    blueprint.add_url_rule("/speak-to-a-person", view_func=send_hand_over, methods=["POST"])
    blueprint.add_url_rule("/speak-to-a-person/done", view_func=confirmation)


@public
def hand_over() -> ResponseReturnValue:
    """The form with which a person takes over, filled in from the chat as far as that goes."""
    return hand_over_page(sent_token())


@public
def send_hand_over() -> ResponseReturnValue:
    """Ask a person to take over."""
    form = HandOverForm(request.form)
    form.offer_times(list_free_slots(clock.now()))
    if suggested := request.form.get("take_email"):
        form.take_email(suggested)
        return _form_page(form)
    # Before the transaction: a search takes a while, and nobody should wait for it.
    form.offer(sites_to_choose_from(form.pharmacy.data or "", network=client_network()))
    if not form.validate():
        return _form_page(form), 422
    return _hand_over(form)


@commits
def _hand_over(form: HandOverForm) -> ResponseReturnValue:
    network, token = client_network(), sent_token() or make_token()
    pin = handing_over.pin_of(token)  # before the transaction's first statement, too
    try:
        conversation = conversations.start_conversation(token, network=network)
        ticket = handing_over.hand_over(conversation, form.details(), token=token, pin=pin, network=network)
    except SlotTaken as error:
        form.offer_times(list_free_slots(clock.now()))
        form.slot.errors = (error.message,)
        return refused(error, lambda: _form_page(form))
    except ConversationClosed as error:
        emptied = _emptied(error)
        return refused(error, lambda: _form_page(emptied))
    except (TooMany, CallBackBegun, TicketClosed) as error:
        form.form_errors.append(error.message)
        return refused(error, lambda: _form_page(form))
    answer = make_response(to_confirmation(carry(token)))
    carry_ticket(answer, ticket.reference)
    return answer


@public
def confirmation() -> ResponseReturnValue:
    """Reference, PIN and what happens next: the same each time this page is opened, until the chat is closed."""
    return confirmation_page_of(sent_token())


def _emptied(error: ConversationClosed) -> HandOverForm:
    """A new form: what comes for a chat that was closed may be another person's."""
    form = HandOverForm()
    form.offer_times(list_free_slots(clock.now()))
    form.form_errors.append(error.message)
    return form


def _form_page(form: HandOverForm) -> str:
    return render_template("bot/hand_over.html", form=form)
