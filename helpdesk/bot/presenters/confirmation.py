"""What a requester is told after a person was asked to take over."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from flask import url_for
from markupsafe import Markup

from helpdesk.accounts.email_rules import normalise_email, shared_mailbox_reason
from helpdesk.bot.presenters.by_phone import ByPhone, by_phone, contact_for_requester
from helpdesk.bot.types import Wish
from helpdesk.core.redaction import notice_to_writer
from helpdesk.faq.presenters.pages import Link, answer_link
from helpdesk.faq.types import Library
from helpdesk.mail.links import absolute
from helpdesk.tickets.presenters.words import site_of, words_of_requester
from helpdesk.tickets.rules import AnswerTimes
from helpdesk.tickets.types import Route
from helpdesk.web.filters import duration
from helpdesk.web.qr import qr_code

if TYPE_CHECKING:
    from helpdesk.tickets.models.ticket import Ticket


@dataclass(frozen=True)
class ConfirmationPage:
    """What a requester needs to know after a person was asked to take over."""

    reference: str
    pin: str
    url: str
    rows: tuple[tuple[str, str], ...]
    # The page's address in full, as it is typed on another device, and as a picture for its camera.
    address: str
    qr: Markup
    # How soon we usually answer, where enough people have asked to say so.
    promise: str
    # The address that we write to, for the email route.
    email: str
    # What helps a patient who is waiting; None where nobody waits.
    patient_first: Link | None
    # For the phone route.
    by_phone: ByPhone | None
    # Says what was taken out of what was filled in.
    notice: str
    # Why others may read our answers, or nothing.
    shared_because: str


def confirmation_page(library: Library, ticket: "Ticket", pin: str, times: AnswerTimes | None) -> ConfirmationPage:
    """The confirmation of a hand-over; opened again it says the same."""
    is_by_phone = ticket.route is Route.PHONE
    address = absolute(f"/c/{ticket.reference}")
    return ConfirmationPage(
        reference=ticket.reference,
        pin=pin,
        url=url_for("tickets.requester.carry_on", reference=ticket.reference),
        rows=(
            ("Name", ticket.requester_name),
            ("Pharmacy", site_of(ticket)),
            ("How we will contact you", contact_for_requester(ticket)),
        ),
        address=address,
        qr=qr_code(address),
        promise=_promise(times) if times and not is_by_phone else "",
        email=ticket.requester_email,
        patient_first=_patient_first(library) if ticket.patient_waiting else None,
        by_phone=by_phone(library, ticket) if is_by_phone else None,
        notice=notice_to_writer(words_of_requester(ticket)),
        shared_because=shared_mailbox_reason(normalise_email(ticket.requester_email)) or "",
    )


def _patient_first(library: Library) -> Link | None:
    """The answer that the FAQ names for a patient who is waiting."""
    ids = [entry.answer_id for entry in library.safety if entry.id == Wish.PATIENT_WAITING]
    return next((answer_link(library.answers[one]) for one in ids if one in library.answers), None)


def _promise(times: AnswerTimes) -> str:
    return (
        f"Half of requests like yours had our first answer within {_working_time(times.median)}. "
        f"Nine in ten had it within {_working_time(times.nine_in_ten)}. "
        "This counts our working hours only."
    )


def _working_time(wait: timedelta) -> str:
    """Rounded up, and never in days: a working day has no 24 hours."""
    hours, minutes = divmod(ceil(wait / timedelta(minutes=1)), 60)
    parts = [duration(timedelta(minutes=minutes))] if minutes or not hours else []
    return " ".join([f"{hours} hour{'s' if hours > 1 else ''}", *parts] if hours else parts)
