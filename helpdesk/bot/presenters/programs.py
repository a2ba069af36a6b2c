"""The chat for programs: the same replies as plain values, ready to be JSON."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from helpdesk.bot.rules.diagnosis import is_clock_asked
from helpdesk.bot.service.turns import reply_of
from helpdesk.bot.types import NONE_OF_THESE, Author, HandOverDetails, Outcome, Pick, Reply
from helpdesk.core.redaction import notice_to_writer, without_secrets
from helpdesk.faq.types import Answer, Library
from helpdesk.mail.links import absolute
from helpdesk.settings import in_use
from helpdesk.tickets.presenters.conversation import change_in_words
from helpdesk.tickets.types import EventKind, Route
from helpdesk.web.filters import time_with_seconds

if TYPE_CHECKING:
    from helpdesk.bot.models import Conversation, Turn
    from helpdesk.tickets.models.ticket import Ticket, TicketEvent
# What an agent did or wrote comes from the helpdesk.
AUTHORS_OF_EVENTS = {
    EventKind.OPENED: Author.REQUESTER,
    EventKind.REQUESTER_WROTE: Author.REQUESTER,
    EventKind.ACKNOWLEDGED: Author.ASSISTANT,
}


def answer_object(library: Library, reply: Reply) -> dict[str, object]:
    """A reply as the command line prints it."""
    answers = [
        {"id": pick.answer_id, "title": library.answers[pick.answer_id].title, "confidence": round(pick.confidence, 4)}
        for pick in _known(library, reply)
    ]
    return {"outcome": reply.outcome, "answers": answers, "text": _text(library, reply)}


def reply_for_programs(library: Library, turn: "Turn") -> dict[str, object]:
    """A reply with what a program needs to show it: the answers whole, and what can be tapped next."""
    reply = reply_of(turn)
    asks_for_clock = reply.outcome is Outcome.CLARIFY and is_clock_asked(option.id for option in reply.options)
    text = f"{reply.text} It is {time_with_seconds(turn.at)} here." if asks_for_clock else reply.text
    return {
        "outcome": reply.outcome,
        "text": text,
        "answers": [_answer(library.answers[pick.answer_id], pick) for pick in _known(library, reply)],
        "options": _options(reply),
    }


def acknowledgement_for_programs(text: str) -> dict[str, object]:
    """A reply that is no more than that the message went to the helpdesk; without words once an agent has joined."""
    return {"outcome": Outcome.HANDOVER, "text": text, "answers": [], "options": []}


def hand_over_for_programs(ticket: "Ticket", pin: str) -> dict[str, object]:
    """What a requester needs to know after a person was asked to take over."""
    by_phone = f"Ring {in_use().escalation_phone} and say your reference, or wait for our call."
    by_email = f"We will email you at {ticket.requester_email}. Keep your reference and PIN."
    return {
        "reference": ticket.reference,
        "pin": pin,
        "status_url": absolute(f"/c/{ticket.reference}"),
        "next": by_phone if ticket.route is Route.PHONE else by_email,
    }


def notice_on(details: HandOverDetails) -> str:
    """What the person is told when something was taken out of what they filled in."""
    return notice_to_writer(without_secrets(f"{details.name}\n{details.pharmacy}\n{details.summary}"))


def events_for_programs(
    library: Library, conversation: "Conversation", turns: "Iterable[Turn]", on_ticket: "Iterable[TicketEvent]"
) -> list[dict[str, object]]:
    """Turns, then what came on the ticket; its events count on from the turns."""
    before = conversation.turns_handed_over or 0
    return [*(_turn(library, turn) for turn in turns), *(_ticket_event(event, before) for event in on_ticket)]


def _turn(library: Library, turn: "Turn") -> dict[str, object]:
    event: dict[str, object] = {"number": turn.number, "at": turn.at.isoformat(), "author": turn.author}
    if turn.author is Author.REQUESTER:
        return event | {"kind": "message", "text": turn.text}
    reply = reply_for_programs(library, turn)
    return event | {"kind": turn.outcome} | {key: reply[key] for key in ("text", "answers", "options")}


def _ticket_event(event: "TicketEvent", before: int) -> dict[str, object]:
    return {
        "number": before + event.number,
        "at": event.at.isoformat(),
        "author": AUTHORS_OF_EVENTS.get(event.kind, "helpdesk"),
        "kind": event.kind,
        "text": change_in_words(event) or event.text,
    }


def _known(library: Library, reply: Reply) -> list[Pick]:
    """What the reply shows or offers, without answers that are no longer there."""
    return [pick for pick in reply.picks if pick.answer_id in library.answers]


def _answer(answer: Answer, pick: Pick) -> dict[str, object]:
    return {
        "id": answer.id,
        "title": answer.title,
        "confidence": round(pick.confidence, 4),
        "html": str(answer.html),
        "url": absolute(f"/faq/{answer.id}"),
    }


def _options(reply: Reply) -> list[dict[str, str]]:
    refuses_all = [NONE_OF_THESE] if reply.options and reply.outcome is Outcome.CLARIFY else []
    return [{"id": option.id, "title": option.title} for option in (*reply.options, *refuses_all)]


def _text(library: Library, reply: Reply) -> str:
    """The reply in words alone: the answers that it shows follow their titles."""
    shown = [library.answers[answer_id] for answer_id in reply.answer_ids if answer_id in library.answers]
    offered = [f"- {option.title}" for option in reply.options]
    return "\n\n".join([reply.text, *(f"{one.title}\n\n{one.steps_text}" for one in shown), *offered])
