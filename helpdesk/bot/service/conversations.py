"""A conversation begins with its first message, and ends when its requester closes it."""

from datetime import timedelta
from shutil import disk_usage
from uuid import uuid4

from sqlalchemy.dialects import postgresql, sqlite

from helpdesk.bot.errors import ChatTooLong, ConversationClosed, NoRoom
from helpdesk.bot.models import Conversation
from helpdesk.bot.queries import find_conversation_to_change
from helpdesk.bot.types import ConversationState
from helpdesk.core import clock
from helpdesk.core.secret_text import hash_token
from helpdesk.core.throttle import Limit, charge, ensure_not_used_up, give_back, is_allowed
from helpdesk.db import db
from helpdesk.settings import in_use

# Below this the chat takes nothing in: what is left is for requests to people, and for the database's own work.
FEWEST_FREE_BYTES = 500 * 1024 * 1024

# Every message makes the page and what is read under the lock longer.
MOST_TURNS = 400
_NO_MORE_CALLS = "We cannot promise more calls today. Choose another way, or phone us."


def start_conversation(token: str, *, network: str) -> Conversation:
    """The conversation of this token, held for a change; a new one when there is none.

    TooMany from a network that starts too many; ConversationClosed when the token was used up.
    The first message may be sent twice at once: the token's uniqueness makes both write into one conversation.
    """
    found = find_conversation_to_change(token)
    if found:
        return found
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    new = insert(Conversation).values(id=uuid4(), token_hash=hash_token(token))
    statement = new.on_conflict_do_nothing(index_elements=["token_hash"])
    is_new = db.session.scalar(statement.returning(Conversation.id)) is not None
    if is_new:
        charge(_new_conversations(), network)
        charge(_open_conversations(), network)
    started = find_conversation_to_change(token)
    if started is None:
        raise ConversationClosed
    return started


def close(conversation: Conversation, *, network: str) -> None:
    """Let nobody at a shared computer open the conversation again. One that was solved or handed over stays so."""
    give_back(_open_conversations(), network)
    if conversation.state is ConversationState.OPEN:
        conversation.state = ConversationState.CLOSED
    conversation.closed_at = clock.now()
    db.session.flush()


def ensure_may_write(*, network: str) -> None:
    """TooMany from a network that has sent too much. Ask before a message is read: that takes the most time."""
    ensure_not_used_up(_messages_of_network(), network)
    ensure_not_used_up(_messages_in_an_hour(), network)


def charge_message(conversation: Conversation, *, network: str) -> None:
    """Count one message of the conversation and of its network.

    TooMany when either sends too much; ChatTooLong when nobody could read the page any more; NoRoom while the disk is
    nearly full, so that people can still be asked.
    """
    _ensure_room()
    if conversation.last_turn_number >= MOST_TURNS:
        raise ChatTooLong
    charge(_messages_of_conversation(), str(conversation.id))
    charge(_messages_of_network(), network)
    charge(_messages_in_an_hour(), network)


def charge_hand_over(*, network: str) -> None:
    """Count one hand-over of the network. TooMany when it sends too many."""
    charge(_hand_overs_of_network(), network)


def charge_promised_call(*, network: str, phone: str) -> None:
    """Count one call that is promised to a number. TooMany when a network or a number takes the times of others."""
    charge(_promised_calls_of_network(), network)
    charge(_promised_calls_of_number(), "".join(filter(str.isdigit, phone)))


def may_search_sites(*, network: str) -> bool:
    """Count one search for a pharmacy, and say whether the network may have it: each shows sites that we know."""
    return is_allowed(_site_searches_of_network(), network)


def _ensure_room() -> None:
    """On SQLite; who runs PostgreSQL watches its disk there."""
    if db.engine.dialect.name == "sqlite" and disk_usage(in_use().data_dir).free < FEWEST_FREE_BYTES:
        raise NoRoom(in_use().escalation_phone)


# A pharmacy group shares one address, so a network may send what a hundred busy shops send.
def _messages_of_conversation() -> Limit:
    return Limit("chat:conversation", 30, timedelta(minutes=1), f"That was a lot at once. Wait a minute, {_or_ring()}")


def _messages_of_network() -> Limit:
    return Limit("chat:network", 4_000, timedelta(minutes=1), f"We are very busy. Wait a minute, {_or_ring()}")


# This bounds the disk: a message and its reply take 16 kB at most, so a network writes 320 MB an hour at most.
def _messages_in_an_hour() -> Limit:
    return Limit("chat:network-hour", 20_000, timedelta(hours=1), f"We are very busy. Wait an hour, {_or_ring()}")


# One closed chat makes room for another. A few more pass where one stretch of time ends and the next begins.
def _open_conversations() -> Limit:
    return Limit("chat:open", 1_000, timedelta(minutes=10), f"We are very busy. Wait ten minutes, {_or_ring()}")


def _new_conversations() -> Limit:
    return Limit("chat:new", 2_000, timedelta(hours=1), f"We are very busy. Try again in an hour, {_or_ring()}")


def _hand_overs_of_network() -> Limit:
    return Limit("chat:hand-over", 500, timedelta(hours=1), f"We are very busy. Try again in an hour, {_or_ring()}")


def _promised_calls_of_network() -> Limit:
    return Limit("chat:promised-call", 20, timedelta(days=1), _NO_MORE_CALLS)


def _promised_calls_of_number() -> Limit:
    return Limit("chat:promised-number", 4, timedelta(days=1), _NO_MORE_CALLS)


def _site_searches_of_network() -> Limit:
    return Limit("chat:site-search", 1_000, timedelta(hours=1), f"We are very busy. Try again in an hour, {_or_ring()}")


def _or_ring() -> str:
    return f"or phone the helpdesk on {in_use().escalation_phone}."
