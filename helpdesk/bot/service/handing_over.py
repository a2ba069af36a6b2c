"""A person takes over: the conversation becomes a ticket, and nobody has to repeat anything."""

from uuid import UUID

from helpdesk.accounts.queries.organisations import organisation_for_code, suggest_organisations
from helpdesk.accounts.types import OrganisationEntry
from helpdesk.bot.models import Conversation, Turn
from helpdesk.bot.rules.about_requester import about_requester
from helpdesk.bot.rules.asking import told_so_far
from helpdesk.bot.service.conversations import charge_hand_over, may_search_sites
from helpdesk.bot.types import Author, ConversationState, HandOverDetails, HandOverStart
from helpdesk.core import clock
from helpdesk.core.actor import requester
from helpdesk.core.secret_text import hash_token
from helpdesk.db import db, write_transaction
from helpdesk.faq.service.library import find_answer
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.service.opening import open_ticket
from helpdesk.tickets.service.pins import Pin, make_pin
from helpdesk.tickets.types import HandOver, TranscriptLine

AUTHOR_NAMES = {Author.REQUESTER: "Requester", Author.ASSISTANT: "Assistant"}


def pin_of(token: str) -> Pin:
    """The PIN of the hand-over of this token's conversation: the same each time, so that it can be shown again.

    Hashing takes some milliseconds: call this before the transaction begins.
    """
    return make_pin(_key_of(token))


def hand_over(conversation: Conversation, details: HandOverDetails, *, token: str, pin: Pin, network: str) -> Ticket:
    """Turn the conversation into a ticket. Handed over again, it gives the ticket that it already made."""
    if conversation.ticket_id is None:
        charge_hand_over(network=network)
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
    return HandOverStart(
        name=about.name,
        email=about.email,
        phone=about.phone,
        pharmacy=about.pharmacy,
        summary=told_so_far([(turn.author, turn.outcome, turn.text) for turn in conversation.turns]),
        patient_waiting=conversation.is_patient_waiting,
    )


def sites_to_choose_from(pharmacy: str, *, network: str) -> list[OrganisationEntry]:
    """The pharmacies that the words may mean; none when they mean one beyond doubt, or none that we know.

    None either for a network that searches too much: the words are then kept as they are.
    """
    with write_transaction():
        is_allowed = may_search_sites(network=network)
    if not is_allowed:
        return []
    return [] if _organisation_meant(pharmacy) else suggest_organisations(pharmacy)


def _key_of(token: str) -> str:
    return f"chat-{hash_token(token).hex()}"


def _hand_over_of(conversation: Conversation, details: HandOverDetails, key: str) -> HandOver:
    return HandOver(
        name=details.name,
        email=details.email,
        summary=details.summary,
        phone=details.phone,
        organisation=details.pharmacy,
        organisation_id=details.site_id or _organisation_meant(details.pharmacy),
        route=details.route,
        topic=conversation.topic,
        patient_waiting=details.patient_waiting,
        transcript=[_line(turn) for turn in conversation.turns],
        idempotency_key=key,
    )


def _line(turn: Turn) -> TranscriptLine:
    titles = [answer.title for answer_id in turn.answer_ids if (answer := find_answer(answer_id))]
    offered = [option["title"] for option in turn.options]
    text = "\n".join([turn.text, *titles, *offered])
    return TranscriptLine(AUTHOR_NAMES[turn.author], text, turn.at.isoformat(), tuple(turn.answer_ids))


def _organisation_meant(text: str) -> UUID | None:
    """The organisation that the words name beyond doubt: by its code, or by a name or postcode that only it has."""
    by_code = organisation_for_code(text)
    if by_code:
        return by_code.id
    words = " ".join(text.split()).casefold()
    exact = [one for one in suggest_organisations(text) if words in {one.name.casefold(), one.postcode.casefold()}]
    return exact[0].id if len(exact) == 1 else None
