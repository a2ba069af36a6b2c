"""The chat: open to everybody, because who is locked out cannot log in. It works without a script."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.bot.errors import ConversationClosed
from helpdesk.bot.forms import HandOverForm, MessageForm, as_client_key
from helpdesk.bot.presenters.chat import chat_page, confirmation_page
from helpdesk.bot.queries import find_conversation, find_conversation_to_change, is_used_up
from helpdesk.bot.rules.clock_check import measured_skew
from helpdesk.bot.service import conversations, handing_over, talking
from helpdesk.bot.service.understanding import understand
from helpdesk.core import clock
from helpdesk.core.errors import DomainError, RuleRefused, TooMany
from helpdesk.core.secret_text import is_token, make_token
from helpdesk.faq.service.library import current_library
from helpdesk.tickets.routes.access import forget_requester, remember_requester
from helpdesk.web.access import public
from helpdesk.web.security import client_network, delete_cookie, read_cookie, set_cookie
from helpdesk.web.transaction import commits

if TYPE_CHECKING:
    from helpdesk.bot.models import Turn

# Holds the conversation's token until the browser is closed.
COOKIE = "chat"

blueprint = Blueprint("bot", "helpdesk.bot", template_folder="templates")


def init_app(app: Flask) -> None:
    """Add the chat's pages."""
    app.register_blueprint(blueprint)


@blueprint.get("/")
@public
def chat() -> ResponseReturnValue:
    """Get help. Nothing is kept until the first message; only the browser gets its token."""
    token = _token()
    answer = make_response(_chat_page(MessageForm()))
    if not token or is_used_up(token):
        set_cookie(answer, COOKIE, make_token())
    return answer


@blueprint.post("/chat")
@public
@commits
def say() -> ResponseReturnValue:
    """Send a message."""
    form = MessageForm(request.form)
    if not form.validate():
        return _chat_page(form), 422
    network, token = client_network(), _token() or make_token()
    message = understand(form.text.data or "")  # before the transaction's first statement: it takes the most time

    def reply() -> "Turn":
        conversation = conversations.start_conversation(token, network=network)
        return talking.say(conversation, message, network=network, client_key=_client_key())

    return _talk(form, token, reply)


@blueprint.post("/chat/choose")
@public
@commits
def choose() -> ResponseReturnValue:
    """Tap one of the offered answers, or "None of these"."""
    token = _token()
    conversation = find_conversation_to_change(token)
    if conversation is None or conversation.ticket_id:
        return redirect(url_for("bot.chat"), 303)
    option, key, skew = request.form.get("choice", ""), _client_key(), measured_skew(request.form.get("skew"))
    return _talk(
        MessageForm(),
        token,
        lambda: talking.choose(conversation, option, network=client_network(), client_key=key, skew=skew),
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
    token, said, key = (
        _token(),
        request.form.get("choice", ""),
        _client_key(),
    )
    if said == "person":
        return redirect(url_for("bot.hand_over"), 303)
    conversation = find_conversation_to_change(token)
    if conversation is None or conversation.ticket_id or said not in {"yes", "no"}:
        return redirect(url_for("bot.chat"), 303)
    return _talk(
        MessageForm(),
        token,
        lambda: talking.feedback(conversation, helped=said == "yes", network=client_network(), client_key=key),
    )


@blueprint.get("/speak-to-a-person")
@public
def hand_over() -> ResponseReturnValue:
    """The form with which a person takes over, filled in from the chat as far as that goes."""
    conversation = find_conversation(_token())
    if conversation and conversation.ticket_id:
        return redirect(url_for("bot.confirmation"), 303)
    return _hand_over_page(HandOverForm(obj=handing_over.start_of_form(conversation)))


@blueprint.post("/speak-to-a-person")
@public
def send_hand_over() -> ResponseReturnValue:
    """Ask a person to take over."""
    form = HandOverForm(request.form)
    if suggested := request.form.get("take_email"):
        form.take_email(suggested)
        return _hand_over_page(form)
    # Before the transaction: a search takes a while, and nobody should wait for it.
    form.offer(handing_over.sites_to_choose_from(form.pharmacy.data or "", network=client_network()))
    if not form.validate():
        return _hand_over_page(form), 422
    return _hand_over(form)


@commits
def _hand_over(form: HandOverForm) -> ResponseReturnValue:
    network, token = client_network(), _token() or make_token()
    pin = handing_over.pin_of(token)  # before the transaction's first statement, too
    try:
        conversation = conversations.start_conversation(token, network=network)
        ticket = handing_over.hand_over(conversation, form.details(), token=token, pin=pin, network=network)
    except (TooMany, ConversationClosed) as error:
        form.form_errors.append(error.message)
        return _refused(_hand_over_page(form), error)
    answer = redirect(url_for("bot.confirmation"), 303)
    set_cookie(answer, COOKIE, token)
    remember_requester(answer, ticket.reference)
    return answer


@blueprint.get("/speak-to-a-person/done")
@public
def confirmation() -> ResponseReturnValue:
    """Reference, PIN and what happens next: the same each time this page is opened, until the chat is closed."""
    token = _token()
    conversation = find_conversation(token)
    if conversation is None or conversation.ticket is None:
        return redirect(url_for("bot.chat"), 303)
    page = confirmation_page(conversation.ticket, handing_over.pin_of(token).digits)
    return render_template("bot/confirmation.html", page=page)


@blueprint.post("/chat/close")
@public
@commits
def close() -> ResponseReturnValue:
    """Close the chat, so that a shared computer forgets it."""
    conversation = find_conversation_to_change(_token())
    if conversation:
        conversations.close(conversation)
    answer = redirect(url_for("bot.chat"), 303)
    delete_cookie(answer, COOKIE)
    forget_requester(answer)
    return answer


def _talk(form: MessageForm, token: str, reply: "Callable[[], Turn]") -> ResponseReturnValue:
    """Back to the chat at the reply; or the chat again with the reason why there is none."""
    try:
        turn = reply()
    except (TooMany, RuleRefused) as error:
        form.text.errors = (error.message,)
        return _refused(_chat_page(form), error)
    answer = redirect(url_for("bot.chat", _anchor=f"m-{turn.number}"), 303)
    set_cookie(answer, COOKIE, token)
    return answer


def _refused(page: str, error: DomainError) -> Response:
    """The page again. Who holds a token that is used up gets a new one, so that the next try works."""
    answer = make_response(page, 429 if isinstance(error, TooMany) else 409)
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, ConversationClosed):
        set_cookie(answer, COOKIE, make_token())
    return answer


def _token() -> str:
    """The browser's token, or nothing: what does not look like one of ours was made up, and could be guessed."""
    token = read_cookie(COOKIE)
    return token if is_token(token) else ""


def _client_key() -> str | None:
    return as_client_key(request.form.get("client_key", ""))


def _chat_page(form: MessageForm) -> str:
    conversation = find_conversation(_token())
    page = chat_page(current_library(), conversation)
    return render_template("bot/chat.html", page=page, form=form, client_key=make_token())


def _hand_over_page(form: HandOverForm) -> str:
    return render_template("bot/hand_over.html", form=form)
