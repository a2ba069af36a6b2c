"""The chat once it was handed over: the request that it became, as it is shown everywhere."""

from typing import TYPE_CHECKING

from flask import render_template, url_for

from helpdesk.bot.forms import MessageForm
from helpdesk.core.secret_text import make_token
from helpdesk.faq.service.library import current_library
from helpdesk.tickets.presenters.known_issues import banner_of
from helpdesk.tickets.presenters.requester import Places, requester_page
from helpdesk.web.panels import Place, Subject, panels_of

if TYPE_CHECKING:
    from helpdesk.tickets.models.known_issues import KnownIssue
    from helpdesk.tickets.models.ticket import Ticket

# Where the page's last line is.
LATEST = "latest"


def request_page(ticket: "Ticket", form: MessageForm, issue: "KnownIssue | None") -> str:
    """The request in the browser in which it began: it knows the way back to reference and PIN."""
    places = Places(
        write=url_for("bot.say"),
        news=url_for("bot.events"),
        again=url_for("bot.chat"),
        confirmation=url_for("bot.confirmation"),
    )
    shown = {
        "page": requester_page(ticket, current_library(), places),
        "known_issue": banner_of(issue),
        "panels": panels_of(Place.REQUEST, Subject(ticket.reference, ticket.requester_email, ticket.is_done)),
    }
    return render_template("tickets/carry_on.html", form=form, client_key=make_token(), **shown)
