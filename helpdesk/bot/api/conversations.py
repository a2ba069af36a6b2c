"""The chat for programs: the same services as the pages, with a token for each conversation."""

from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from apiflask import APIBlueprint, HTTPError
from flask import Flask, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from helpdesk.bot.api import schemas
from helpdesk.bot.errors import NoConversation
from helpdesk.bot.forms import ProgramHandOverForm
from helpdesk.bot.presenters.programs import (
    acknowledgement_for_programs,
    events_for_programs,
    hand_over_for_programs,
    notice_on,
    reply_for_programs,
)
from helpdesk.bot.queries import (
    Marks,
    find_conversation,
    find_conversation_to_change,
    find_marks,
    has_anything_after,
    ticket_events_after,
    turns_after,
)
from helpdesk.bot.rules.clock_check import measured_skew
from helpdesk.bot.service import conversations, handing_over, talking
from helpdesk.bot.service.understanding import understand
from helpdesk.bot.types import Understood
from helpdesk.core.errors import NotFound
from helpdesk.core.plain_text import clean_text
from helpdesk.core.redaction import notice_to_writer
from helpdesk.core.secret_text import make_token
from helpdesk.extensions import csrf
from helpdesk.faq.service.library import current_library
from helpdesk.tickets.queries.requester import acknowledgement_of
from helpdesk.tickets.service.unread import note_seen
from helpdesk.web.access import public
from helpdesk.web.errors import problem
from helpdesk.web.forms import as_client_key
from helpdesk.web.json_bodies import ensure_strict_json
from helpdesk.web.security import client_network
from helpdesk.web.transaction import commits

if TYPE_CHECKING:
    from helpdesk.bot.models import Conversation

Own = TypeVar("Own", "Conversation", Marks)

TOKEN = "conversation"  # noqa: S105  # the name of the scheme in the description

blueprint = APIBlueprint("bot_api", __name__, url_prefix="/api/v1/conversations", tag="Chat")
blueprint.before_request(ensure_strict_json)


def init_app(app: Flask) -> None:
    """Add the calls."""
    csrf.exempt(blueprint)
    app.config.setdefault("SECURITY_SCHEMES", None)
    app.config["SECURITY_SCHEMES"] = {
        **(app.config["SECURITY_SCHEMES"] or {}),
        TOKEN: {"type": "http", "scheme": "bearer", "description": "The token of one conversation."},
    }
    app.register_blueprint(blueprint)


@blueprint.post("")
@blueprint.output(schemas.ConversationOut, status_code=201)
@blueprint.doc(summary="Start a conversation", responses=[429])
@public
@commits
def start() -> ResponseReturnValue:
    token = make_token()
    conversation = conversations.start_conversation(token, network=client_network())
    return jsonify(id=str(conversation.id), token=token), 201


@blueprint.post("/<uuid:conversation_id>/messages")
@blueprint.input(schemas.MessageIn)
@blueprint.output(schemas.ReplyOut)
@blueprint.doc(
    summary="Send a message and get the reply",
    security=TOKEN,
    responses=[400, 401, 404, 409, 413, 415, 429, 503],
)
@public
def say(conversation_id: UUID, json_data: schemas.MessageIn) -> ResponseReturnValue:
    text = clean_text(json_data.text)
    if not text:
        return problem(422, "Enter a message.", errors={"text": ["Enter a message."]})
    conversations.ensure_may_write(network=client_network())
    # Before the transaction: reading a message takes the most time.
    return _say(conversation_id, text, understand(text), measured_skew(json_data.skew_seconds))


@commits
def _say(conversation_id: UUID, text: str, message: Understood, skew: float | None) -> ResponseReturnValue:
    conversation = _to_change(conversation_id)
    key = as_client_key(request.headers.get("Idempotency-Key", ""))
    if conversation.ticket_id:
        sent = talking.say_to_person(conversation, text, client_key=key)
        reply = acknowledgement_for_programs(acknowledgement_of(sent))
        return jsonify(reply | {"notice": notice_to_writer(sent.text)})
    turn = talking.say(conversation, message, network=client_network(), client_key=key, skew=skew)
    return jsonify(reply_for_programs(current_library(), turn) | {"notice": notice_to_writer(message.text)})


@blueprint.post("/<uuid:conversation_id>/feedback")
@blueprint.input(schemas.FeedbackIn)
@blueprint.output(schemas.ReplyOut)
@blueprint.doc(summary="Say whether the last answer helped", security=TOKEN, responses=[400, 401, 404, 409, 415, 429])
@public
def feedback(conversation_id: UUID, json_data: schemas.FeedbackIn) -> ResponseReturnValue:
    asked = None if json_data.helped else talking.asked_before(find_conversation(_bearer()))
    return _feedback(conversation_id, json_data.helped, asked)


@commits
def _feedback(conversation_id: UUID, helped: bool, asked: Understood | None) -> ResponseReturnValue:
    conversation = _to_change(conversation_id)
    key = as_client_key(request.headers.get("Idempotency-Key", ""))
    turn = talking.feedback(conversation, helped=helped, asked=asked, network=client_network(), client_key=key)
    return jsonify(reply_for_programs(current_library(), turn))


@blueprint.post("/<uuid:conversation_id>/handover")
@blueprint.input(schemas.HandoverIn)
@blueprint.output(schemas.HandoverOut, status_code=201)
@blueprint.doc(summary="Let a person take over", security=TOKEN, responses=[400, 401, 404, 415, 429])
@public
@commits
def hand_over(conversation_id: UUID, json_data: schemas.HandoverIn) -> ResponseReturnValue:
    form = ProgramHandOverForm(_as_form(json_data))
    if not form.validate():
        errors = {"organisation" if name == "pharmacy" else name: found for name, found in form.errors.items()}
        return problem(422, "Some fields are missing or wrong.", errors=errors)
    details, token, network = form.details(), _bearer(), client_network()
    pin = handing_over.pin_of(token)  # before the transaction's first statement, too
    conversation = _to_change(conversation_id)
    ticket = handing_over.hand_over(conversation, details, token=token, pin=pin, network=network)
    return jsonify(hand_over_for_programs(ticket, pin.digits) | {"notice": notice_on(details)}), 201


@blueprint.get("/<uuid:conversation_id>/events")
@blueprint.input(schemas.EventsQuery, location="query")
@blueprint.output(schemas.EventsOut)
@blueprint.doc(
    summary="What came since",
    description="Turns of the chat and, once a person took over, what they wrote. 204 when there is nothing new.",
    security=TOKEN,
    responses={204: "Nothing new", 401: "No such token", 404: "Not this token’s conversation"},
)
@public
def events(conversation_id: UUID, query_data: schemas.EventsQuery) -> ResponseReturnValue:
    marks = _own(find_marks(_bearer()), conversation_id)
    if marks.progress:
        note_seen(marks.progress, query_data.seen - marks.before_ticket)
    if not has_anything_after(marks, query_data.after):
        return make_response("", 204)
    conversation = _own(find_conversation(_bearer()), conversation_id)
    turns = turns_after(conversation, query_data.after)
    on_ticket = ticket_events_after(conversation, query_data.after)
    return jsonify(events=events_for_programs(current_library(), conversation, turns, on_ticket))


@blueprint.errorhandler(HTTPError)
def not_valid(error: HTTPError) -> Response:
    """What a field has wrong, without what was sent."""
    fields = error.detail if isinstance(error.detail, dict) else {}
    errors = {name: found for part in fields.values() if isinstance(part, dict) for name, found in part.items()}
    return problem(error.status_code, "Some fields are missing or wrong.", errors=errors)


@blueprint.after_request
def name_scheme(response: Response) -> Response:
    """Tell a program without a token which kind of token it needs."""
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _to_change(conversation_id: UUID) -> "Conversation":
    return _own(find_conversation_to_change(_bearer()), conversation_id)


def _own(conversation: Own | None, conversation_id: UUID) -> Own:
    """The token's conversation, or what is known of it; another one is not there, whether it exists or not."""
    if conversation is None:
        raise NoConversation
    if conversation.id != conversation_id:
        raise NotFound
    return conversation


def _bearer() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _as_form(sent: schemas.HandoverIn) -> "MultiDict[str, str]":
    """As the page's form would send it. A program cannot be asked back, so an address that looks odd passes."""
    values = {
        "name": sent.name,
        "email": sent.email,
        "doubted_email": sent.email,
        "pharmacy": sent.organisation,
        "phone": sent.phone,
        "route": sent.route,
        "summary": sent.summary,
    }
    return MultiDict(values | ({"patient_waiting": "y"} if sent.patient_waiting else {}))
