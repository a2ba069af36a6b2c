"""What a requester does in the chat: write, choose, say whether it helped. Each gives the assistant's reply."""

from helpdesk.bot.errors import NothingToChoose
from helpdesk.bot.models import Conversation, Turn
from helpdesk.bot.queries import ticket_to_change
from helpdesk.bot.rules.decisions import decide, decide_choice, decide_none_of_these, decide_not_helped, decide_question
from helpdesk.bot.rules.diagnosis import (
    option_measured,
    option_of_time,
    reply_at,
    starting_option,
    way_of,
    with_check,
)
from helpdesk.bot.rules.replies import WORDS, reply_to
from helpdesk.bot.rules.typed_choice import option_typed
from helpdesk.bot.service.conversations import charge_message
from helpdesk.bot.service.turns import (
    add_reply,
    add_requester_turn,
    find_reply,
    history_of,
    last_question,
    last_shown,
    options_of,
)
from helpdesk.bot.service.understanding import entries_of, understand
from helpdesk.bot.types import (
    HELPED,
    NONE_OF_THESE,
    NOT_HELPED,
    Because,
    ConversationState,
    Decision,
    Option,
    Outcome,
    Reply,
    Understood,
    Wish,
)
from helpdesk.core import clock
from helpdesk.core.redaction import without_markers
from helpdesk.faq.service.library import current_library
from helpdesk.tickets.models.ticket import TicketEvent
from helpdesk.tickets.service.messages import requester_sends


def say(
    conversation: Conversation,
    message: Understood,
    *,
    network: str,
    client_key: str | None = None,
    skew: float | None = None,
) -> Turn:
    """Keep the message and reply to it. Sent again with the same key, it gets the reply that it already got."""
    earlier = find_reply(conversation, message.text, client_key)
    if earlier:
        return earlier
    charge_message(conversation, network=network)
    option = _option_meant(conversation, message.text)
    if option:
        return _chosen(conversation, option_measured(option, skew), client_key=client_key)
    add_requester_turn(conversation, message.text, client_key=client_key)
    if message.recognised.wish is Wish.PATIENT_WAITING:
        conversation.is_patient_waiting = True
    decision = decide(message, history_of(conversation), entries_of(current_library()))
    asked_about = message.candidates[0].id if message.candidates else None
    return _reply(conversation, decision, asked_about=asked_about)


def say_to_person(conversation: Conversation, text: str, *, client_key: str | None = None) -> TicketEvent:
    """Add the message to the request that the conversation became: the helpdesk answers it, not the assistant."""
    conversation.last_at = clock.now()
    return requester_sends(ticket_to_change(conversation), text=text, client_key=client_key)


def choose(
    conversation: Conversation,
    option_id: str,
    *,
    network: str,
    client_key: str | None = None,
    skew: float | None = None,
) -> Turn:
    """Show the answer that was tapped, or take "None of these". NothingToChoose when it was never offered.

    `skew` is by how many seconds the device's clock was measured to be fast, for the tap that has it measured.
    """
    option = next((one for one in _offered(conversation) if one.id == option_id), None)
    earlier = find_reply(conversation, option.title, client_key) if option else None
    if earlier:
        return earlier
    charge_message(conversation, network=network)
    if option is None or conversation.ticket_id:
        raise NothingToChoose
    return _chosen(conversation, option_measured(option, skew), client_key=client_key)


def asked_before(conversation: Conversation | None) -> Understood | None:
    """What the requester asked last. Reading takes the most time: call this before the transaction."""
    question = last_question(conversation) if conversation else ""
    return understand(question) if question else None


def feedback(
    conversation: Conversation,
    *,
    helped: bool,
    asked: Understood | None,
    network: str,
    client_key: str | None = None,
) -> Turn:
    """Take whether the last answer helped: the end, or what to try next for what was `asked`."""
    said = HELPED if helped else NOT_HELPED
    earlier = find_reply(conversation, said, client_key)
    if earlier:
        return earlier
    charge_message(conversation, network=network)
    if conversation.ticket_id:
        raise NothingToChoose
    check = _check_instead(conversation)
    if check and not helped:
        return _chosen(conversation, check, client_key=client_key)
    shown = last_shown(conversation)
    add_requester_turn(conversation, said, client_key=client_key)
    if helped:
        reply = add_reply(conversation, Reply(Outcome.SMALLTALK, WORDS[Because.HELPED]))
        conversation.state = ConversationState.SOLVED
        return reply
    candidates = asked.candidates if asked else ()
    decision = decide_not_helped(shown, candidates, history_of(conversation), entries_of(current_library()))
    return _reply(conversation, decision, asked_about=shown)


def _chosen(conversation: Conversation, option: Option, *, client_key: str | None) -> Turn:
    add_requester_turn(conversation, option.title, client_key=client_key)
    history, library = history_of(conversation), current_library()
    way = way_of(option.id)
    if way:
        conversation.state = ConversationState.OPEN
        return add_reply(conversation, reply_at(way, history, library.answers))
    question = library.find_question(option.id)
    if question:
        return _reply(conversation, decide_question(question))
    if option.id == NONE_OF_THESE.id or option.id not in library.answers:
        return _reply(conversation, decide_none_of_these(history))
    return _reply(conversation, decide_choice(option.id, history, entries_of(library)), asked_about=option.id)


def _reply(conversation: Conversation, decision: Decision, *, asked_about: str | None = None) -> Turn:
    conversation.state = ConversationState.OPEN  # whoever writes again is not done
    reply = reply_to(decision, current_library(), asked_about=asked_about)
    return add_reply(conversation, with_check(reply, history_of(conversation)))


def _offered(conversation: Conversation) -> list[Option]:
    """Everything that could be tapped so far, the newest first: who goes back in the browser may tap an older one."""
    options = [option for turn in reversed(conversation.turns) for option in options_of(turn)]
    return [*options, NONE_OF_THESE] if options else []


def _option_meant(conversation: Conversation, text: str) -> Option | None:
    """The option whose words were typed or sent by a program."""
    text = without_markers(text)
    typed = text.strip().casefold()
    found = (one for one in _offered(conversation) if typed in {one.title.casefold(), one.id})
    offered = _just_offered(conversation)
    return (
        next(found, None)
        or starting_option(typed)
        or option_of_time(text, offered, clock.now())
        or option_typed(text, offered)
    )


def _just_offered(conversation: Conversation) -> list[Option]:
    """What the question offers that is to be answered now."""
    return options_of(conversation.turns[-1] if conversation.turns else None)


def _check_instead(conversation: Conversation) -> Option | None:
    """The check with which to go on when the answer that was just shown did not help."""
    turn = conversation.turns[-1] if conversation.turns else None
    options = options_of(turn) if turn and turn.outcome is Outcome.ANSWER else []
    return next((Option(one.id, NOT_HELPED) for one in options if way_of(one.id)), None)
