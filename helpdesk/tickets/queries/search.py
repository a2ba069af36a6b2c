"""Tickets by what they say, newest first: FTS5 on SQLite, text search on PostgreSQL, the same words on both.

Neither ever sorts all that match. SQLite reads the list of a word from its end. PostgreSQL's index answers in no order,
so it is asked only for what few tickets have; for what many have, looking through the newest tickets soon fills a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, cast, column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import joinedload

from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.models.words import TicketWords
from helpdesk.tickets.queries.tickets import sees_all, visible_to
from helpdesk.tickets.search.query import Query, read_query

PAGE_SIZE = 25
# What PostgreSQL expects in more tickets than these is looked for among the newest ones first, so many of them: either
# way takes some milliseconds.
MANY = 5_000
LOOKED_THROUGH = 20_000
# No ticket stands after that one: the largest number that both databases can hold.
LONGEST_SEARCH = 200
LAST_PLACE = 2**63 - 1

_EXPLAIN = text("EXPLAIN (FORMAT JSON) SELECT FROM ticket_words WHERE words @@ CAST(:words AS tsquery)")


class Place(NamedTuple):
    """Where a ticket stands among all, and which it is."""

    place: int
    id: UUID


@dataclass(frozen=True)
class FoundPage:
    """One page of what was found, and the place that the next page starts after."""

    tickets: list[Ticket]
    next: int | None


def search_page(actor: Actor, typed: str, *, after: int | None = None) -> FoundPage:
    """The tickets that this actor may see and that have all that was typed, newest first."""
    query = read_query(typed, me=str(actor.person_id or ""))
    if query.is_empty:
        return FoundPage([], None)
    found = _places(actor, query, after)
    page = found[:PAGE_SIZE]
    return FoundPage(_tickets([row.id for row in page]), page[-1].place if len(found) > PAGE_SIZE else None)


def _places(actor: Actor, query: Query, after: int | None) -> Sequence[Place]:
    if db.engine.dialect.name == "sqlite":
        return _newest(_in_index(query.for_fts5, after), actor)
    near = _newest(_among_the_newest(query.for_tsquery, after), actor) if _expected(query.for_tsquery) > MANY else []
    return near if len(near) > PAGE_SIZE else _newest(_in_gin(query.for_tsquery, after), actor)


def _newest(found: FromClause, actor: Actor) -> Sequence[Place]:
    statement = select(found.c.place, found.c.id).order_by(found.c.place.desc()).limit(PAGE_SIZE + 1)
    if not sees_all(actor):
        statement = statement.join(Ticket, Ticket.id == found.c.id).where(visible_to(actor))
    return [Place(*row) for row in db.session.execute(statement)]


def _in_index(words: str, after: int | None) -> FromClause:
    index = table("ticket_words_index", column("rowid"), column("ticket_words_index"))
    joined = select(index.c.rowid.label("place"), TicketWords.id).join_from(
        index, TicketWords, TicketWords.place == index.c.rowid
    )
    matches = index.c.ticket_words_index.op("MATCH", is_comparison=True)(words)
    return joined.where(matches, *_older(index.c.rowid, after)).subquery()


def _expected(words: str) -> int:
    """In how many tickets PostgreSQL expects these words, by what it knows of the table; it counts nothing for that."""
    explained: Any = db.session.scalar(_EXPLAIN, {"words": words})  # Any: JSON
    return int(explained[0]["Plan"]["Plan Rows"])


def _among_the_newest(words: str, after: int | None) -> FromClause:
    newest = select(TicketWords.place, TicketWords.id, TicketWords.words).where(*_older(TicketWords.place, after))
    looked = newest.order_by(TicketWords.place.desc()).limit(LOOKED_THROUGH).subquery()
    return select(looked.c.place, looked.c.id).where(_matches(looked.c.words, words)).subquery()


def _in_gin(words: str, after: int | None) -> FromClause:
    """Materialised, so that the database does not choose to walk through all tickets instead."""
    conditions = _matches(TicketWords.words, words), *_older(TicketWords.place, after)
    matching = select(TicketWords.place, TicketWords.id).where(*conditions)
    return matching.cte("matching").prefix_with("MATERIALIZED")


def _older(place: Any, after: int | None) -> list[ColumnElement[bool]]:  # Any: a column of a table or of a query
    return [] if after is None else [place < after]


def _matches(words: Any, query: str) -> ColumnElement[bool]:  # Any: as above
    found: ColumnElement[bool] = words.op("@@", is_comparison=True)(cast(query, TSQUERY))
    return found


def _tickets(ids: Sequence[UUID]) -> list[Ticket]:
    shown = (
        select(Ticket).where(Ticket.id.in_(ids)).options(joinedload(Ticket.assignee), joinedload(Ticket.organisation))
    )
    return sorted(db.session.scalars(shown), key=lambda ticket: ids.index(ticket.id))
