"""A person takes over: the conversation becomes a ticket, and nobody has to repeat anything."""

from helpdesk.bot.models import Conversation, Turn
from helpdesk.bot.rules.about_requester import about_requester
from helpdesk.bot.rules.asking import told_in_check, told_so_far, ways_tapped
from helpdesk.bot.service.conversations import charge_hand_over, charge_promised_call
from helpdesk.bot.service.pharmacies import organisation_meant
from helpdesk.bot.service.turns import options_of
from helpdesk.bot.types import Author, ConversationState, HandOverDetails, HandOverStart, Outcome
from helpdesk.core import clock
from helpdesk.core.actor import requester
from helpdesk.core.secret_text import hash_token
from helpdesk.db import db
from helpdesk.faq.service.library import find_answer
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.service.opening import open_ticket
from helpdesk.tickets.service.pins import Pin, make_pin
from helpdesk.tickets.types import ASSISTANT_SPEAKS, REQUESTER_SPEAKS, HandOver, TranscriptLine

AUTHOR_NAMES = {Author.REQUESTER: REQUESTER_SPEAKS, Author.ASSISTANT: ASSISTANT_SPEAKS}


def pin_of(token: str) -> Pin:
    """The PIN of the hand-over of this token's conversation: the same each time, so that it can be shown again.

    Hashing takes some milliseconds: call this before the transaction begins.
    """
    return make_pin(_key_of(token))


def hand_over(conversation: Conversation, details: HandOverDetails, *, token: str, pin: Pin, network: str) -> Ticket:
    """Turn the conversation into a ticket. Handed over again, it gives the ticket that it already made."""
    charge_hand_over(network=network)
    if details.call_back_at:
        charge_promised_call(network=network, phone=details.phone)
    ticket = open_ticket(_hand_over_of(conversation, details, _key_of(token)), pin=pin, by=requester(details.name))
    if conversation.ticket_id is None:
        conversation.ticket_id = ticket.id
        conversation.turns_handed_over = conversation.last_turn_number
    conversation.state = ConversationState.HANDED_OVER
    conversation.is_patient_waiting = ticket.patient_waiting
    conversation.last_at = clock.now()
    db.session.flush()
    return ticket


def start_of_form(conversation: Conversation | None) -> HandOverStart:
    """What the requester has told in the chat, so that the form does not ask for it again."""
    if conversation is None:
        return HandOverStart()
    about = about_requester(turn.text for turn in conversation.turns if turn.author is Author.REQUESTER)
    told = told_so_far([(turn.author, turn.outcome, turn.text) for turn in conversation.turns])
    checked = told_in_check(ways_tapped((turn.text, options_of(turn)) for turn in conversation.turns))
    return HandOverStart(
        name=about.name,
        email=about.email,
        phone=about.phone,
        pharmacy=about.pharmacy,
        summary="\n".join(part for part in (told, checked) if part),
        patient_waiting=conversation.is_patient_waiting,
    )


def _key_of(token: str) -> str:
    return f"chat-{hash_token(token).hex()}"


def _hand_over_of(conversation: Conversation, details: HandOverDetails, key: str) -> HandOver:
    return HandOver(
        name=details.name,
        email=details.email,
        summary=details.summary,
        phone=details.phone,
        organisation=details.pharmacy,
        organisation_id=details.site_id or organisation_meant(details.pharmacy),
        route=details.route,
        rings_us=details.rings_us,
        call_back_at=details.call_back_at,
        topic=conversation.topic,
        patient_waiting=details.patient_waiting,
        transcript=[_line(turn) for turn in conversation.turns],
        idempotency_key=key,
    )


def _line(turn: Turn) -> TranscriptLine:
    titles = [answer.title for answer_id in turn.answer_ids if (answer := find_answer(answer_id))]
    offered = [option["title"] for option in turn.options if turn.outcome is Outcome.CLARIFY]
    text = "\n".join([turn.text, *titles, *offered])
    return TranscriptLine(AUTHOR_NAMES[turn.author], text, turn.at.isoformat(), tuple(turn.answer_ids))
