"""Sample tickets look like real ones and leave the worker nothing to make good."""

import pytest
from sqlalchemy import func, select

from helpdesk.accounts.models import Organisation
from helpdesk.core import clock
from helpdesk.db import db
from helpdesk.faq.service.library import current_library
from helpdesk.mail.models import OutboxMessage
from helpdesk.sample_data.cli import sample_data
from helpdesk.settings import Environment, use
from helpdesk.tickets.models.ticket import Escalation, Ticket, TicketEvent
from helpdesk.tickets.queries.escalation_rules import references_to_escalate

pytestmark = pytest.mark.usefixtures("moved_clock")


@pytest.fixture
def make(app):
    """Runs the command as it is typed."""
    return lambda *words: app.test_cli_runner().invoke(sample_data, words)


def count(model, *conditions):
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


def test_tickets_are_open_done_and_escalated_in_fair_shares(make, pharmacy):
    answer = make("--tickets", "400", "--seed", "5", "--sites", "12")

    assert "400 sample tickets are there." in answer.output
    assert count(Ticket) == 400
    assert 100 < count(Ticket, Ticket.is_open) < 180
    assert 10 < count(Ticket, Ticket.is_open, Ticket.due_at < clock.now()) < 60
    assert 60 < count(Ticket, Ticket.escalation_level > 0) < 140
    assert count(Organisation, Organisation.kind == "site") == 12


def test_what_is_stored_agrees_with_itself(make):
    make("--tickets", "300", "--seed", "5")

    levels = (
        select(func.coalesce(func.max(Escalation.level), 0)).where(Escalation.ticket_id == Ticket.id).scalar_subquery()
    )
    events = select(func.max(TicketEvent.number)).where(TicketEvent.ticket_id == Ticket.id).scalar_subquery()
    assert count(Ticket, Ticket.escalation_level != levels) == 0
    assert count(Ticket, Ticket.last_event_number != events) == 0
    assert count(Ticket, Ticket.opened_at > clock.now()) == 0
    assert count(Escalation, Escalation.at > clock.now()) == 0
    assert set(db.session.scalars(select(Ticket.topic))) <= {topic.id for topic in current_library().topics}


def test_the_worker_finds_nothing_to_make_good_and_nobody_gets_mail(make):
    make("--tickets", "300", "--seed", "5")

    assert references_to_escalate(clock.now(), 10) == []
    assert count(OutboxMessage) == 0


def test_the_same_seed_makes_the_same_tickets_and_only_once(make, pharmacy):
    make("--tickets", "5", "--seed", "3", "--sites", "1")
    first = sorted(db.session.scalars(select(Ticket.reference)))
    again = make("--tickets", "5", "--seed", "3")
    make("--tickets", "5", "--seed", "4", "--sites", "1")

    assert first == sorted(
        db.session.scalars(select(Ticket.reference).where(Ticket.idempotency_key.like("sample:3:%")))
    )
    assert (again.exit_code, again.output) == (
        0,
        "The sample tickets of seed 3 are there already. Another --seed makes others.\n",
    )
    assert count(Ticket) == 10


def test_production_is_left_alone(make, settings):
    use(settings.model_copy(update={"env": Environment.PRODUCTION}))
    answer = make("--tickets", "5")
    use(settings)

    assert answer.exit_code == 1
    assert count(Ticket) == 0
