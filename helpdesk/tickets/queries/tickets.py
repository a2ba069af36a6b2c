"""Tickets that an actor may see."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import joinedload, selectinload

from helpdesk.accounts.models import Membership, Organisation, Person
from helpdesk.accounts.permissions import Permission, permissions_of
from helpdesk.accounts.queries.organisations import within_reach
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.core.secret_text import read_reference
from helpdesk.db import db
from helpdesk.tickets.models.ticket import CallBack, Ticket

# How many other open tickets of the same site a ticket's page lists.
MOST_SITE_TICKETS = 5

# What a requester's own page shows.
OWN_PAGE = (selectinload(Ticket.events), selectinload(Ticket.call_backs).joinedload(CallBack.slot))


def sees_all(actor: Actor) -> bool:
    """Whether no ticket is hidden from this actor."""
    return "" in actor.reach(Permission.TICKET_SEE)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Tickets of the organisations that the actor looks after; the platform's people see all."""
    if sees_all(actor):
        return true()
    return Ticket.organisation_id.in_(select(Organisation.id).where(within_reach(actor, Permission.TICKET_SEE)))


def ticket_for(actor: Actor, reference: str) -> Ticket:
    """The ticket with everything its page shows. NotFound both when there is none and when it is not theirs."""
    ticket = db.session.scalar(
        _by_reference(reference)
        .where(visible_to(actor))
        .options(
            selectinload(Ticket.events),
            selectinload(Ticket.escalations),
            selectinload(Ticket.call_backs).joinedload(CallBack.slot),
            joinedload(Ticket.assignee),
            joinedload(Ticket.organisation),
        )
    )
    if ticket is None:
        raise NotFound
    return ticket


def ticket_to_change(actor: Actor, reference: str) -> Ticket:
    """The ticket, held so that nobody else changes it until the end of the transaction. NotFound as above."""
    ticket = db.session.scalar(_held(_by_reference(reference).where(visible_to(actor))))
    if ticket is None:
        raise NotFound
    return ticket


def find_ticket(reference: str) -> Ticket | None:
    """The ticket of a requester, who proves with a PIN that it is theirs."""
    return db.session.scalar(_by_reference(reference))


def own_ticket(reference: str) -> Ticket:
    """The ticket of a requester who has proved its PIN. NotFound when it is gone."""
    ticket = db.session.scalar(_by_reference(reference).options(*OWN_PAGE))
    if ticket is None:
        raise NotFound
    return ticket


def own_ticket_to_change(reference: str) -> Ticket:
    """The same, held until the end of the transaction."""
    ticket = db.session.scalar(_held(_by_reference(reference)))
    if ticket is None:
        raise NotFound
    return ticket


def find_handed_over(idempotency_key: str) -> Ticket | None:
    """The ticket that this hand-over already made."""
    return db.session.scalar(select(Ticket).where(Ticket.idempotency_key == idempotency_key))


def other_open_tickets_of_site(ticket: Ticket) -> list[Ticket]:
    """What else is open for the same pharmacy, newest first."""
    if ticket.organisation_id is None:
        return []
    same_site = select(Ticket).where(
        Ticket.organisation_id == ticket.organisation_id, Ticket.is_open.is_(True), Ticket.id != ticket.id
    )
    return list(db.session.scalars(same_site.order_by(Ticket.opened_at.desc()).limit(MOST_SITE_TICKETS)))


def list_agents() -> list[Person]:
    """Everybody to whom a ticket can be assigned, by name."""
    roles = [role for role in Role if Permission.TICKET_REPLY in permissions_of([role])]
    holders = select(Membership.person_id).where(Membership.role.in_(roles), Membership.ended_at.is_(None))
    agents = select(Person).where(Person.id.in_(holders), Person.status == PersonStatus.ACTIVE)
    return list(db.session.scalars(agents.order_by(Person.name)))


def find_agent(person_id: UUID) -> Person | None:
    """The agent with that id, or None when there is none to whom a ticket can be assigned."""
    return next((agent for agent in list_agents() if agent.id == person_id), None)


def _by_reference(reference: str) -> Select[Ticket]:
    return select(Ticket).where(Ticket.reference == read_reference(reference))


def _held(one: Select[Ticket]) -> Select[Ticket]:
    """For a change: what was read of the row before it was held may be old by now, and is read anew."""
    return one.with_for_update(of=Ticket).execution_options(populate_existing=True)
