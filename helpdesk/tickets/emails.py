"""The mails about a ticket, written in the transaction of the change they tell of."""

from collections.abc import Sequence
from datetime import timedelta

from helpdesk.core.throttle import Limit, is_allowed
from helpdesk.faq.service.library import find_answer
from helpdesk.mail.links import absolute
from helpdesk.mail.rendering import render
from helpdesk.mail.service import queue_mail
from helpdesk.mail.types import Mail
from helpdesk.settings import in_use
from helpdesk.tickets.models.ticket import Escalation, Ticket, TicketEvent
from helpdesk.tickets.types import PRIORITY_NAMES, REASON_NAMES, EventKind

# Anybody can type anybody's address: a stranger's mailbox must not be filled with our thanks. The tickets are kept.
ACKNOWLEDGEMENTS = Limit("acknowledgement", 3, timedelta(days=1), "Enough were sent today.")

# What the desk that takes over must know: what was said on the ticket, notes included.
SAID = frozenset({EventKind.REQUESTER_WROTE, EventKind.REPLIED, EventKind.NOTED, EventKind.CALL_BACK_TRIED})


def acknowledge(ticket: Ticket) -> None:
    """Tell the requester that we have their request. It repeats nothing that was typed: the address may be wrong."""
    if is_allowed(ACKNOWLEDGEMENTS, ticket.requester_email.lower()):
        _to_requester(ticket, "tickets/emails/acknowledgement")


def tell_address_changed(ticket: Ticket, address: str) -> None:
    """Tell the reader of the address that we wrote to so far that we write elsewhere now, and nothing else."""
    if is_allowed(ACKNOWLEDGEMENTS, address.lower()):
        rendered = render("tickets/emails/address_changed", ticket=ticket, phone=in_use().escalation_phone)
        queue_mail(
            Mail(to=address, subject=rendered.subject, text=rendered.text, html=rendered.html), about=ticket.reference
        )


def tell_replies(ticket: Ticket, replies: Sequence[TicketEvent]) -> None:
    """Send the agents' replies to the requester who has not read them, all in one mail."""
    _to_requester(ticket, "tickets/emails/reply", texts=[reply.text for reply in replies], is_automatic=False)


def tell_solved(ticket: Ticket, event: TicketEvent) -> None:
    """Tell the requester that the ticket is solved, and how to take it up again."""
    _to_requester(ticket, "tickets/emails/solved", texts=[event.text] if event.text else [])


def escalate(ticket: Ticket, escalation: Escalation, note: str) -> None:
    """Send the whole story to the helpdesk's address: who, where, what was tried, and how to reach the requester."""
    rendered = render(
        "tickets/emails/escalation",
        ticket=ticket,
        level=escalation.level,
        reason=REASON_NAMES[escalation.reason],
        priority=PRIORITY_NAMES[ticket.priority],
        note=note,
        site=_site(ticket),
        answers_tried=_answers_tried(ticket),
        said_since=[event for event in ticket.events if event.kind in SAID],
        link=absolute(f"/agent/tickets/{ticket.reference}"),
    )
    mail = Mail(to=in_use().escalation_email, subject=rendered.subject, text=rendered.text, html=rendered.html)
    queue_mail(mail, about=ticket.reference)


def _to_requester(ticket: Ticket, template: str, *, texts: Sequence[str] = (), is_automatic: bool = True) -> None:
    link = absolute(f"/c/{ticket.reference}")
    rendered = render(template, ticket=ticket, texts=texts, link=link, phone=in_use().escalation_phone)
    mail = Mail(
        to=ticket.requester_email,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        is_automatic=is_automatic,
    )
    queue_mail(mail, about=ticket.reference)


def _answers_tried(ticket: Ticket) -> list[str]:
    """Titles of the answers that the requester saw, each once, in order."""
    ids = dict.fromkeys(answer for line in ticket.transcript for answer in line["answer_ids"])
    return [answer.title for answer_id in ids if (answer := find_answer(answer_id))]


def _site(ticket: Ticket) -> str:
    """The pharmacy by its row where we know it, as it was typed otherwise."""
    if ticket.organisation is None:
        return ticket.organisation_name
    return f"{ticket.organisation.name} ({ticket.organisation.ods_code or 'no ODS code'})"
