"""Who is logged in now."""

from sqlalchemy import select

from helpdesk.accounts.models import Membership, Person, SignInSession
from helpdesk.accounts.permissions import Permission, permissions_of
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.core import clock
from helpdesk.db import db


def is_anybody_logged_in(permission: Permission) -> bool:
    """Whether somebody with that permission used the service within the time after which a session ends."""
    roles, now = [role for role in Role if permission in permissions_of([role])], clock.now()
    holders = select(Membership.person_id).where(Membership.role.in_(roles), Membership.ended_at.is_(None))
    open_sessions = (
        select(SignInSession.id)
        .join(SignInSession.person)
        .where(
            SignInSession.person_id.in_(holders),
            SignInSession.revoked_at.is_(None),
            SignInSession.idle_until > now,
            SignInSession.ends_at > now,
            SignInSession.epoch == Person.session_epoch,
            Person.status == PersonStatus.ACTIVE,
        )
    )
    return db.session.scalar(open_sessions.limit(1)) is not None
