"""What stands about resets on the pages of requests for help."""

from flask import render_template, url_for

from helpdesk.accounts.permissions import Permission
from helpdesk.core.errors import DomainError
from helpdesk.mfa.presenters.reset_panels import ResetPanel, found_panel, open_panel, requester_words, unknown_panel
from helpdesk.mfa.queries.resets import find_latest_of_ticket, find_open, find_person_to_reset
from helpdesk.mfa.rules.resets import OPEN
from helpdesk.mfa.service.resets.offers import offers_for
from helpdesk.mfa.service.resets.requesting import ensure_may_request
from helpdesk.web.access import current_actor
from helpdesk.web.panels import Subject


def for_agents(subject: Subject) -> str:
    """Where the reset of the requester stands, and what is missing; or how to start one."""
    if not current_actor().may(Permission.RESET_REQUEST):
        return ""
    return render_template("mfa/resets/ticket_panel.html", panel=_panel(subject))


def for_requester(subject: Subject) -> str:
    """Where it stands, in plain words and without anybody's name."""
    reset = find_latest_of_ticket(subject.reference)
    words = requester_words(reset) if reset else None
    return render_template("mfa/resets/request_panel.html", words=words) if words else ""


def _panel(subject: Subject) -> ResetPanel:
    actor = current_actor()
    person = find_person_to_reset(actor, subject.email)
    reset = find_latest_of_ticket(subject.reference) or (find_open(person.id) if person else None)
    if reset is not None and (reset.state in OPEN or person is None):
        return open_panel(reset, offers_for(reset, by=actor))
    if person is None:
        return unknown_panel(url_for("resets.starting.find", ticket=subject.reference))
    try:
        ensure_may_request(person, by=actor)
    except DomainError as refusal:
        return found_panel(person, why_not=refusal.message)
    return found_panel(person, url=url_for("resets.starting.ask", person=person.id, ticket=subject.reference))
