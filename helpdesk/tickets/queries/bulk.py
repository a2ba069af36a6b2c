"""What somebody did to several tickets at once."""

from uuid import UUID

from sqlalchemy import Select, select

from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.db import db
from helpdesk.tickets.models.lists import BulkAct


def find_bulk_act(actor: Actor, act_id: UUID) -> BulkAct | None:
    """The act, if this actor did it."""
    return db.session.scalar(_own(actor, act_id))


def bulk_act_to_change(actor: Actor, act_id: UUID) -> BulkAct:
    """The act, held until the end of the transaction. NotFound when somebody else did it."""
    act = db.session.scalar(_own(actor, act_id).with_for_update().execution_options(populate_existing=True))
    if act is None:
        raise NotFound
    return act


def _own(actor: Actor, act_id: UUID) -> Select[BulkAct]:
    return select(BulkAct).where(BulkAct.id == act_id, BulkAct.maker_id == actor.person_id)
