"""Bulk tickets that nobody opened, for trying and measuring. The same seed at the same moment makes the same rows."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import func, insert, select

from helpdesk.accounts.models import Organisation
from helpdesk.accounts.types.directory import OrganisationKind
from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.faq.service.library import current_library
from helpdesk.sample_data.searching import searchable
from helpdesk.sample_data.stories import make_story
from helpdesk.sample_data.words import PLACES, SHOPS
from helpdesk.sample_data.world import Row, Story, World, key_of, make_id
from helpdesk.settings import in_use
from helpdesk.tickets.models.ticket import CallBack, Escalation, Ticket, TicketEvent
from helpdesk.tickets.models.words import TicketWords
from helpdesk.tickets.queries.deadlines import policies_in_force
from helpdesk.tickets.queries.escalation_rules import list_rules
from helpdesk.tickets.queries.escalations import opening_calendar, working_calendar
from helpdesk.tickets.queries.tickets import list_agents
from helpdesk.tickets.rules import DEFAULT_HOURS
from helpdesk.tickets.service.calendar import WeekdaySpan, set_hours
from helpdesk.tickets.service.pins import make_pin

# Of tickets, in one transaction: SQLite then writes each page of its indexes less often.
BATCH = 10_000


@click.command("sample-data")
@click.option("--tickets", type=click.IntRange(1, 1_000_000), default=200, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same tickets.")
@click.option(
    "--sites", type=click.IntRange(1, 20_000), default=40, show_default=True, help="Pharmacies to spread over."
)
@with_appcontext
def sample_data(tickets: int, seed: int, sites: int) -> None:
    """Bulk synthetic tickets and escalations. Development only: no mail is sent for them."""
    if in_use().is_production:
        raise click.ClickException("Sample data is for development only, and this service runs in production.")
    if db.session.scalar(select(Ticket.id).where(Ticket.idempotency_key == key_of(seed, 0))):
        click.echo(f"The sample tickets of seed {seed} are there already. Another --seed makes others.")
        return
    pin = make_pin(f"sample-{seed}")
    with write_transaction():
        add_sites(random.Random(seed), sites)  # noqa: S311  # nothing secret: made to be the same again
        _ensure_hours()
    world = _world(seed, pin.hash)
    with click.progressbar(length=tickets, label="Sample tickets") as bar:
        for stories in _batches(world, tickets):
            with write_transaction():
                _insert(stories, world)
            bar.update(len(stories))
    click.echo(f"{tickets:,} sample tickets are there. Each opens with the PIN {pin.digits}.")


def add_sites(rng: random.Random, wanted: int) -> None:
    """Make pharmacies until there are so many, shared out among the commissioners that exist."""
    is_site = Organisation.kind == OrganisationKind.SITE
    there = db.session.scalar(select(func.count()).select_from(Organisation).where(is_site)) or 0
    parents = _commissioners() if there < wanted else []
    for number in range(there, wanted):
        parent, own_id = parents[number % len(parents)], make_id(rng)
        db.session.add(
            Organisation(
                id=own_id,
                parent_id=parent.id,
                kind=OrganisationKind.SITE,
                name=f"{rng.choice(PLACES)} {rng.choice(SHOPS)}",
                ods_code=f"X{chr(ord('A') + number // 1000)}{number % 1000:03}",
                path=f"{parent.path}{own_id}/",
            )
        )


def _ensure_hours() -> None:
    """The working hours that a lead would set, so that call-backs can be tried."""
    if opening_calendar() is None:
        spans = [WeekdaySpan(day, span.starts, span.ends) for day, spans in DEFAULT_HOURS.items() for span in spans]
        set_hours(spans, by=SYSTEM)


def _world(seed: int, pin_hash: str) -> World:
    is_site = Organisation.kind == OrganisationKind.SITE
    sites = select(Organisation.id, Organisation.name, Organisation.ods_code).where(is_site)
    rows = db.session.execute(sites.order_by(Organisation.ods_code)).all()
    return World(
        seed=seed,
        now=clock.now(),
        pin_hash=pin_hash,
        sites=[(row.id, row.name) for row in rows],
        codes={row.id: row.ods_code or "" for row in rows},
        agents=[(agent.id, agent.name) for agent in list_agents()],
        topics=[topic.id for topic in current_library().topics],
        policies=policies_in_force(),
        rules=list_rules(),
        calendar=working_calendar(),
        references=set(db.session.scalars(select(Ticket.reference))),
    )


def _batches(world: World, tickets: int) -> Iterator[list[Story]]:
    for start in range(0, tickets, BATCH):
        yield [make_story(world, number) for number in range(start, min(start + BATCH, tickets))]


def _insert(stories: Sequence[Story], world: World) -> None:
    tables: list[tuple[type[Any], list[Row]]] = [  # Any: one of five models
        (Ticket, [story.ticket for story in stories]),
        (TicketEvent, [row for story in stories for row in story.events]),
        (Escalation, [row for story in stories for row in story.escalations]),
        (CallBack, [row for story in stories for row in story.call_backs]),
        (TicketWords, searchable(stories, world)),
    ]
    for model, rows in tables:
        if rows:
            db.session.execute(insert(model.__table__), rows)


def _commissioners() -> list[Organisation]:
    """Those that exist, or one that is made with the platform above it."""
    kind = Organisation.kind
    found = db.session.scalars(
        select(Organisation).where(kind == OrganisationKind.COMMISSIONER).order_by(Organisation.path)
    )
    commissioners = list(found)
    return commissioners or [_make_commissioner()]


def _make_commissioner() -> Organisation:
    platform = db.session.scalar(select(Organisation).where(Organisation.kind == OrganisationKind.PLATFORM))
    if platform is None:
        platform = Organisation(kind=OrganisationKind.PLATFORM, name=in_use().service_name, path="")
        db.session.add(platform)
        db.session.flush()
    made = Organisation(
        kind=OrganisationKind.COMMISSIONER, name="Sample Commissioning", parent_id=platform.id, path="to be set"
    )
    db.session.add(made)
    db.session.flush()
    made.path = f"{made.id}/"
    return made
