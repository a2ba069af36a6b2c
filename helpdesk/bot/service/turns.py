"""How something gets into a conversation, and what a conversation has shown so far."""

from helpdesk.bot.models import Conversation, Turn
from helpdesk.bot.types import Author, History, Option, Outcome, Pick, Reply
from helpdesk.core import clock
from helpdesk.db import db

# Longer is cut; nobody types so much, and the box says so.
MOST_CHARACTERS = 2_000
# To ask, or to offer a person, is not to have understood: whoever was not before is not asked for other words again.
NOT_YET_UNDERSTOOD = {Outcome.CLARIFY, Outcome.HANDOVER}


def add_requester_turn(conversation: Conversation, text: str, *, client_key: str | None) -> Turn:
    """Keep what the requester said. A key that was used already came from a page that was gone back to."""
    client_key = None if _find_sent(conversation, client_key) else client_key
    return _add(conversation, Turn(author=Author.REQUESTER, text=text[:MOST_CHARACTERS], client_key=client_key))


def add_reply(conversation: Conversation, reply: Reply) -> Turn:
    """Keep what the assistant said, showed and offered, and what that means for the next message."""
    confidences = {pick.answer_id: pick.confidence for pick in reply.picks}
    shown = [{"id": answer_id, "confidence": confidences[answer_id]} for answer_id in reply.answer_ids]
    options = [{"id": one.id, "title": one.title, "confidence": confidences.get(one.id, 0.0)} for one in reply.options]
    if reply.picks:
        conversation.topic = reply.picks[-1].answer_id.split("/")[0]
    if reply.outcome is Outcome.UNKNOWN:
        conversation.unknown_in_a_row += 1
    elif reply.outcome not in NOT_YET_UNDERSTOOD:
        conversation.unknown_in_a_row = 0
    turn = Turn(author=Author.ASSISTANT, outcome=reply.outcome, text=reply.text, answers=shown, options=options)
    _add(conversation, turn)
    db.session.flush()  # with what the requester said, in one go
    return turn


def reply_of(turn: Turn) -> Reply:
    """The reply that a turn of the assistant keeps."""
    offered = turn.options if turn.outcome is Outcome.CLARIFY else turn.answers
    return Reply(
        outcome=turn.outcome or Outcome.UNKNOWN,
        text=turn.text,
        picks=tuple(Pick(one["id"], one["confidence"]) for one in offered),
        options=tuple(options_of(turn)),
    )


def history_of(conversation: Conversation) -> History:
    """What was shown and offered, and how often in a row the requester was not understood."""
    own = [turn for turn in conversation.turns if turn.author is Author.ASSISTANT]
    return History(
        shown=frozenset(answer_id for turn in own for answer_id in turn.answer_ids),
        offered=frozenset(option["id"] for turn in own for option in turn.options),
        unknown_in_a_row=conversation.unknown_in_a_row,
    )


def last_shown(conversation: Conversation) -> str | None:
    """The answer that was shown last, or None."""
    return next((turn.answer_ids[-1] for turn in reversed(conversation.turns) if turn.answers), None)


def last_question(conversation: Conversation) -> str:
    """What the requester wrote last, or nothing."""
    return next((turn.text for turn in reversed(conversation.turns) if turn.author is Author.REQUESTER), "")


def options_of(turn: Turn | None) -> list[Option]:
    """What the turn offers to tap."""
    return [Option(one["id"], one["title"]) for one in turn.options] if turn else []


def find_reply(conversation: Conversation, text: str, client_key: str | None) -> Turn | None:
    """The reply that these words already got when they were sent with this key, or None.

    Other words with the same key come from a page that was gone back to: they are a message of their own.
    """
    sent = _find_sent(conversation, client_key)
    if sent is None or sent.text != text:
        return None
    return next((turn for turn in conversation.turns if turn.number > sent.number), None)


def _find_sent(conversation: Conversation, client_key: str | None) -> Turn | None:
    return next((turn for turn in conversation.turns if client_key and turn.client_key == client_key), None)


def _add(conversation: Conversation, turn: Turn) -> Turn:
    conversation.last_turn_number += 1
    conversation.last_at = clock.now()
    turn.number = conversation.last_turn_number
    turn.at = conversation.last_at
    conversation.turns.append(turn)
    return turn
