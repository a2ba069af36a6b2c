"""Where the chat leads: a redirect on our own site, and in a frame the page itself."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.bot.errors import ConversationClosed
from helpdesk.bot.forms import HandOverForm, MessageForm
from helpdesk.bot.presenters.chat import chat_page
from helpdesk.bot.presenters.confirmation import confirmation_page
from helpdesk.bot.queries import find_conversation
from helpdesk.bot.routes.carrying import carry_new, sent_token
from helpdesk.bot.routes.handed_over import request_page
from helpdesk.bot.service import handing_over
from helpdesk.core import clock
from helpdesk.core.errors import DomainError
from helpdesk.core.secret_text import make_token
from helpdesk.faq.service.library import current_library
from helpdesk.tickets.presenters.known_issues import banner_of
from helpdesk.tickets.queries.known_issues import find_current_issue
from helpdesk.tickets.queries.slots import list_free_slots
from helpdesk.tickets.service.promise import answer_times_for
from helpdesk.web.errors import say_when_to_try_again, status_of
from helpdesk.web.framing import is_framed

if TYPE_CHECKING:
    from helpdesk.tickets.models.ticket import Ticket


def to_chat(token: str, *, anchor: str | None = None) -> ResponseReturnValue:
    """The chat as it stands."""
    return chat_page_of(MessageForm(), token) if is_framed() else redirect(url_for(".chat", _anchor=anchor), 303)


def to_hand_over() -> ResponseReturnValue:
    """The form with which a person takes over."""
    return hand_over_page(sent_token()) if is_framed() else redirect(url_for(".hand_over"), 303)


def to_confirmation(token: str) -> ResponseReturnValue:
    """Reference and PIN of the request."""
    return confirmation_page_of(token) if is_framed() else redirect(url_for(".confirmation"), 303)


def refused(error: DomainError, page: Callable[[], str]) -> Response:
    """The page again. Who holds a token that is used up gets a new one, so that the next try works."""
    if isinstance(error, ConversationClosed):
        carry_new()
    answer = make_response(page(), status_of(error))
    say_when_to_try_again(answer, error)
    return answer


def chat_page_of(form: MessageForm, token: str) -> str:
    """The chat; once handed over, the request. A frame cannot ask for news, so it shows the way to the request."""
    conversation, issue = find_conversation(token), find_current_issue()
    if conversation and conversation.ticket and is_framed():
        return confirmation_of(conversation.ticket, token)
    if conversation and conversation.ticket:
        return request_page(conversation.ticket, form, issue)
    page = chat_page(current_library(), conversation, issue)
    return render_template("bot/chat.html", page=page, form=form, client_key=make_token(), known_issue=banner_of(issue))


def hand_over_page(token: str) -> ResponseReturnValue:
    """The form with which a person takes over, filled in from the chat as far as that goes."""
    conversation = find_conversation(token)
    if conversation and conversation.ticket_id:
        return to_confirmation(token)
    form = HandOverForm(obj=handing_over.start_of_form(conversation))
    form.offer_times(list_free_slots(clock.now()))
    return render_template("bot/hand_over.html", form=form)


def confirmation_page_of(token: str) -> ResponseReturnValue:
    """Reference, PIN and what happens next; the chat where nothing was handed over."""
    conversation = find_conversation(token)
    if conversation is None or conversation.ticket is None:
        return to_chat(token)
    return confirmation_of(conversation.ticket, token)


def confirmation_of(ticket: "Ticket", token: str) -> str:
    """Reference, PIN and what happens next."""
    pin, times = handing_over.pin_of(token), answer_times_for(ticket)
    page = confirmation_page(current_library(), ticket, pin.digits, times)
    return render_template("bot/confirmation.html", page=page)
