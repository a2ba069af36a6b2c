"""The chat: open to everybody, because who is locked out cannot log in. It works without a script.

It stands twice: on our own site, and below /embed in the frames of others. There no cookie arrives, so that an
address cannot lead to anybody's chat: each answer is the next page itself, and forms lead on.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.bot.forms import MessageForm
from helpdesk.bot.queries import find_conversation, find_conversation_to_change, find_progress, is_used_up
from helpdesk.bot.routes import hand_over, pharmacies
from helpdesk.bot.routes.carrying import carry, carry_new, forget_all, sent_token
from helpdesk.bot.routes.handed_over import LATEST
from helpdesk.bot.routes.showing import (
    chat_page_of,
    refused,
    to_chat,
    to_hand_over,
)
from helpdesk.bot.rules.clock_check import measured_skew
from helpdesk.bot.service import conversations, talking
from helpdesk.bot.service.understanding import understand
from helpdesk.bot.types import Understood
from helpdesk.core import clock
from helpdesk.core.errors import DomainError, NotFound, RuleRefused, TooMany, Unavailable
from helpdesk.core.secret_text import make_token
from helpdesk.tickets.routes.news import news
from helpdesk.tickets.service.unread import note_all_seen
from helpdesk.web.access import public
from helpdesk.web.forms import as_client_key
from helpdesk.web.framing import FRAME, FRAME_PATH
from helpdesk.web.security import client_network
from helpdesk.web.transaction import commits

if TYPE_CHECKING:
    from helpdesk.bot.models import Turn


blueprint = Blueprint("bot", "helpdesk.bot", template_folder="templates")
hand_over.add_to(blueprint)


def init_app(app: Flask) -> None:
    """Add the pages of chat and hand-over, and the same for frames."""
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
    return chat_page_of(MessageForm(), token)


@blueprint.post("/chat/go")
@public
def go() -> ResponseReturnValue:
    """Another page of the chat: in a frame links cannot carry the token, so forms lead there."""
    return to_hand_over() if request.form.get("choice") == "person" else to_chat(sent_token())


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
        return chat_page_of(form, token), 422
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
        return to_chat(token)
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
def feedback() -> ResponseReturnValue:
    """Say whether the answer fixed it, or ask for a person."""
    token, said = sent_token(), request.form.get("choice", "")
    if said == "person":
        return to_hand_over()
    asked = talking.asked_before(find_conversation(token)) if said == "no" else None
    return _feedback(token, said, asked)


@commits
def _feedback(token: str, said: str, asked: Understood | None) -> ResponseReturnValue:
    key, conversation = _client_key(), find_conversation_to_change(token)
    if conversation is None or conversation.ticket_id or said not in {"yes", "no"}:
        return to_chat(token)
    return _talk(
        MessageForm(),
        token,
        lambda: _place_of(
            talking.feedback(conversation, helped=said == "yes", asked=asked, network=client_network(), client_key=key)
        ),
    )


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
    return to_chat(carry(token), anchor=place)


def _place_of(turn: "Turn") -> str:
    return f"m-{turn.number}"


def _not_said(form: MessageForm, token: str, error: DomainError) -> Response:
    """The chat with the reason why, and what was typed still in the box."""
    form.text.errors = (error.message,)
    return refused(error, lambda: chat_page_of(form, token))


def _client_key() -> str | None:
    return as_client_key(request.form.get("client_key", ""))
