"""Counts of escalations, within the organisations that somebody may see."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, case, func, select, true, type_coerce

from helpdesk.accounts.models import Organisation
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries.organisations import within_reach
from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.tickets.models.ticket import Escalation
from helpdesk.trends.types import Count, Grouping, Key, Site, Stretch

# Ids of organisations as the driver gives them: to make a hundred thousand UUIDs takes half a second.
KEYS: dict[Grouping, ColumnElement[Any]] = {  # Any: text or a driver's own id
    Grouping.TOPIC: type_coerce(Escalation.topic, String),
    Grouping.ORGANISATION: type_coerce(Escalation.organisation_id, String),
}


def count_by_week(actor: Actor, weeks: Sequence[Stretch], grouping: Grouping) -> list[Count]:
    """Escalations of each week, topic or organisation, and route. No database is asked about time zones."""
    number = case(*((Escalation.at < week.ends, number) for number, week in enumerate(weeks)))
    within = _within(Stretch(weeks[0].starts, weeks[-1].ends))
    parts = select(number.label("week"), KEYS[grouping].label("key"), Escalation.route)
    one_each = parts.where(_visible_to(actor), *within).subquery()
    counts = select(*one_each.c, func.count()).group_by(*one_each.c)
    return [Count._make(row) for row in db.session.execute(counts)]


def count_in(actor: Actor, stretch: Stretch) -> int:
    """All escalations of a stretch of time."""
    count = select(func.count()).select_from(Escalation).where(_visible_to(actor), *_within(stretch))
    return db.session.scalar(count) or 0


def sites_by_id(actor: Actor) -> dict[Key, Site]:
    """Names of the organisations that the actor may see."""
    own_id = type_coerce(Organisation.id, String)
    sites = select(own_id, Organisation.name, Organisation.ods_code).where(within_reach(actor, Permission.TRENDS_SEE))
    return {key: Site(name, code or "") for key, name, code in db.session.execute(sites)}


def names_of_scopes(actor: Actor) -> tuple[str, ...]:
    """The organisations at the top of what the actor may see, by name; none when the actor may see everything."""
    paths = actor.reach(Permission.TRENDS_SEE)
    if "" in paths:
        return ()
    own = select(Organisation.name).where(Organisation.path.in_(paths)).order_by(Organisation.name)
    return tuple(db.session.scalars(own))


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    """Escalations of the actor's organisations; those of no organisation only for whoever sees everything."""
    if "" in actor.reach(Permission.TRENDS_SEE):
        return true()
    own = within_reach(actor, Permission.TRENDS_SEE)
    return Escalation.organisation_id.in_(select(Organisation.id).where(own))


def _within(stretch: Stretch) -> tuple[ColumnElement[bool], ...]:
    return Escalation.at >= stretch.starts, Escalation.at < stretch.ends
