"""The chat: open to everybody, because who is locked out cannot log in. It works without a script.

It stands twice: on our own site, and below /embed in the frames of others. No cookie arrives there, and an address
must hold no secret: each answer to a form is the next page itself, and its forms carry the token.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.bot.errors import ConversationClosed
from helpdesk.bot.forms import HandOverForm, MessageForm
from helpdesk.bot.presenters.chat import chat_page, confirmation_page
from helpdesk.bot.queries import find_conversation, find_conversation_to_change, find_progress, is_used_up
from helpdesk.bot.routes import pharmacies
from helpdesk.bot.routes.carrying import carry, carry_new, carry_ticket, forget_all, sent_token
from helpdesk.bot.routes.handed_over import LATEST, request_page
from helpdesk.bot.rules.clock_check import measured_skew
from helpdesk.bot.service import conversations, handing_over, talking
from helpdesk.bot.service.pharmacies import sites_to_choose_from
from helpdesk.bot.service.understanding import understand
from helpdesk.bot.types import Understood
from helpdesk.core import clock
from helpdesk.core.errors import DomainError, NotFound, RuleRefused, TooMany, Unavailable
from helpdesk.core.secret_text import make_token
from helpdesk.faq.service.library import current_library
from helpdesk.tickets.errors import CallBackBegun, SlotTaken
from helpdesk.tickets.presenters.known_issues import banner_of
from helpdesk.tickets.queries.known_issues import find_current_issue
from helpdesk.tickets.queries.slots import list_free_slots
from helpdesk.tickets.routes.news import news
from helpdesk.tickets.service.promise import answer_times_for
from helpdesk.tickets.service.unread import note_all_seen
from helpdesk.web.access import public
from helpdesk.web.errors import say_when_to_try_again, status_of
from helpdesk.web.forms import as_client_key
from helpdesk.web.framing import FRAME, FRAME_PATH, is_framed
from helpdesk.web.security import client_network
from helpdesk.web.transaction import commits

if TYPE_CHECKING:
    from helpdesk.bot.models import Turn
    from helpdesk.tickets.models import Ticket

blueprint = Blueprint("bot", "helpdesk.bot", template_folder="templates")


def init_app(app: Flask) -> None:
    """Add the chat's pages, and the same for frames."""
    app.register_blueprint(blueprint)
    app.register_blueprint(blueprint, name=FRAME, url_prefix=FRAME_PATH)
    app.register_blueprint(pharmacies.blueprint)


@blueprint.get("/", strict_slashes=False)
@public
def chat() -> ResponseReturnValue:
    """Get help. Nothing is kept until the first message; only the browser gets its token."""
    token = sent_token()
    progress = find_progress(token)  # before the page is made: what comes meanwhile may not be on it
    if progress:
        note_all_seen(progress)
    if not token or is_used_up(token):
        token = carry_new()
    return _chat_page(MessageForm(), token)


@blueprint.post("/chat/go")
@public
def go() -> ResponseReturnValue:
    """Another page of the chat: in a frame links cannot carry the token, so forms lead there."""
    match request.form.get("choice"):
        case "person":
            return _to_hand_over()
        case "confirmation":
            return _to_confirmation(sent_token())
    return _to_chat(sent_token())


@blueprint.get("/chat/events")
@public
def events() -> ResponseReturnValue:
    """What came on the request that the chat became; not there once the chat is closed."""
    progress = find_progress(sent_token())
    if progress is None:
        raise NotFound
    return news(progress)


@blueprint.post("/chat")
@public
def say() -> ResponseReturnValue:
    """Send a message."""
    form, token = MessageForm(request.form), sent_token() or make_token()
    if not form.validate():
        return _chat_page(form, token), 422
    try:
        conversations.ensure_may_write(network=client_network())
    except TooMany as error:
        return _not_said(form, token, error)
    # Before the transaction: reading a message takes the most time.
    return _say(form, token, understand(form.text.data or ""))


@commits
def _say(form: MessageForm, token: str, message: Understood) -> ResponseReturnValue:
    network, key = client_network(), _client_key()

    def reply() -> str:
        conversation = conversations.start_conversation(token, network=network)
        if conversation.ticket_id:
            talking.say_to_person(conversation, form.text.data or "", client_key=key)
            return LATEST
        return _place_of(talking.say(conversation, message, network=network, client_key=key))

    return _talk(form, token, reply)


@blueprint.post("/chat/choose")
@public
@commits
def choose() -> ResponseReturnValue:
    """Tap one of the offered answers, or "None of these"."""
    token = sent_token()
    conversation = find_conversation_to_change(token)
    if conversation is None or conversation.ticket_id:
        return _to_chat(token)
    option, key, skew = request.form.get("choice", ""), _client_key(), measured_skew(request.form.get("skew"))
    return _talk(
        MessageForm(),
        token,
        lambda: _place_of(talking.choose(conversation, option, network=client_network(), client_key=key, skew=skew)),
    )


@blueprint.get("/chat/time")
@public
def right_time() -> ResponseReturnValue:
    """The right time in milliseconds, for a browser to measure its device's clock by."""
    return jsonify(now=int(clock.now().timestamp() * 1000))


@blueprint.post("/chat/feedback")
@public
@commits
def feedback() -> ResponseReturnValue:
    """Say whether the answer fixed it, or ask for a person."""
    token, said, key = sent_token(), request.form.get("choice", ""), _client_key()
    if said == "person":
        return _to_hand_over()
    conversation = find_conversation_to_change(token)
    if conversation is None or conversation.ticket_id or said not in {"yes", "no"}:
        return _to_chat(token)
    return _talk(
        MessageForm(),
        token,
        lambda: _place_of(
            talking.feedback(conversation, helped=said == "yes", network=client_network(), client_key=key)
        ),
    )


@blueprint.get("/speak-to-a-person")
@public
def hand_over() -> ResponseReturnValue:
    """The form with which a person takes over, filled in from the chat as far as that goes."""
    conversation = find_conversation(sent_token())
    if conversation and conversation.ticket_id:
        return _to_confirmation(sent_token())
    form = HandOverForm(obj=handing_over.start_of_form(conversation))
    form.offer_times(list_free_slots(clock.now()))
    return _hand_over_page(form)


@blueprint.post("/speak-to-a-person")
@public
def send_hand_over() -> ResponseReturnValue:
    """Ask a person to take over."""
    form = HandOverForm(request.form)
    form.offer_times(list_free_slots(clock.now()))
    if suggested := request.form.get("take_email"):
        form.take_email(suggested)
        return _hand_over_page(form)
    # Before the transaction: a search takes a while, and nobody should wait for it.
    form.offer(sites_to_choose_from(form.pharmacy.data or "", network=client_network()))
    if not form.validate():
        return _hand_over_page(form), 422
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
        return _refused(error, lambda: _hand_over_page(form))
    except (TooMany, ConversationClosed, CallBackBegun) as error:
        form.form_errors.append(error.message)
        return _refused(error, lambda: _hand_over_page(form))
    answer = make_response(_to_confirmation(carry(token)))
    carry_ticket(answer, ticket.reference)
    return answer


@blueprint.get("/speak-to-a-person/done")
@public
def confirmation() -> ResponseReturnValue:
    """Reference, PIN and what happens next: the same each time this page is opened, until the chat is closed."""
    return _confirmation_page(sent_token())


@blueprint.post("/chat/close")
@public
@commits
def close() -> ResponseReturnValue:
    """Close the chat, so that a shared computer forgets it."""
    conversation = find_conversation_to_change(sent_token())
    if conversation:
        conversations.close(conversation, network=client_network())
    answer = redirect(url_for(".chat"), 303)
    forget_all(answer)
    return answer


def _talk(form: MessageForm, token: str, reply: Callable[[], str]) -> ResponseReturnValue:
    """Back to the chat at the reply; or the chat again with the reason why there is none."""
    try:
        place = reply()
    except (TooMany, RuleRefused, Unavailable) as error:
        return _not_said(form, token, error)
    return _to_chat(carry(token), anchor=place)


def _place_of(turn: "Turn") -> str:
    return f"m-{turn.number}"


def _not_said(form: MessageForm, token: str, error: DomainError) -> Response:
    """The chat with the reason why, and what was typed still in the box."""
    form.text.errors = (error.message,)
    return _refused(error, lambda: _chat_page(form, token))


def _refused(error: DomainError, page: Callable[[], str]) -> Response:
    """The page again. Who holds a token that is used up gets a new one, so that the next try works."""
    if isinstance(error, ConversationClosed):
        carry_new()
    answer = make_response(page(), status_of(error))
    say_when_to_try_again(answer, error)
    return answer


def _to_chat(token: str, *, anchor: str | None = None) -> ResponseReturnValue:
    return _chat_page(MessageForm(), token) if is_framed() else redirect(url_for(".chat", _anchor=anchor), 303)


def _to_hand_over() -> ResponseReturnValue:
    return hand_over() if is_framed() else redirect(url_for(".hand_over"), 303)


def _to_confirmation(token: str) -> ResponseReturnValue:
    return _confirmation_page(token) if is_framed() else redirect(url_for(".confirmation"), 303)


def _client_key() -> str | None:
    return as_client_key(request.form.get("client_key", ""))


def _chat_page(form: MessageForm, token: str) -> str:
    """The chat; once handed over, the request. A frame cannot ask for news, so it shows the way to the request."""
    conversation, issue = find_conversation(token), find_current_issue()
    if conversation and conversation.ticket:
        return (
            _confirmation(conversation.ticket, token) if is_framed() else request_page(conversation.ticket, form, issue)
        )
    page = chat_page(current_library(), conversation, issue)
    return render_template("bot/chat.html", page=page, form=form, client_key=make_token(), known_issue=banner_of(issue))


def _hand_over_page(form: HandOverForm) -> str:
    return render_template("bot/hand_over.html", form=form)


def _confirmation_page(token: str) -> ResponseReturnValue:
    conversation = find_conversation(token)
    if conversation is None or conversation.ticket is None:
        return _to_chat(token)
    return _confirmation(conversation.ticket, token)


def _confirmation(ticket: "Ticket", token: str) -> str:
    pin, times = handing_over.pin_of(token), answer_times_for(ticket)
    page = confirmation_page(current_library(), ticket, pin.digits, times)
    return render_template("bot/confirmation.html", page=page)
