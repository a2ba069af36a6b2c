"""Where a person is logged in, for that person to see and to end."""

from uuid import UUID

from sqlalchemy import select, update

from helpdesk.accounts import rules
from helpdesk.accounts.models import Person, SignInSession
from helpdesk.accounts.service import password_proofs
from helpdesk.accounts.service.sessions import sign_out_everywhere
from helpdesk.accounts.types.log_ins import OpenSession
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound, NotSignedIn
from helpdesk.core.secret_text import hash_token
from helpdesk.db import db

MOST_SHOWN = 50


def list_sessions(actor: Actor, secret: str) -> tuple[OpenSession, ...]:
    """Where this person is logged in now, this browser first, then the latest used."""
    now, own = clock.now(), hash_token(secret)
    rows = db.session.scalars(
        select(SignInSession)
        .join(SignInSession.person)
        .where(
            SignInSession.person_id == actor.person_id,
            SignInSession.epoch == Person.session_epoch,
            SignInSession.revoked_at.is_(None),
            SignInSession.idle_until > now,
            SignInSession.ends_at > now,
        )
        .order_by((SignInSession.secret_hash == own).desc(), SignInSession.idle_until.desc())
        .limit(MOST_SHOWN)
    )
    return tuple(
        OpenSession(
            id=row.id,
            browser=row.browser,
            started_at=row.created_at,
            used_at=row.idle_until - rules.SESSION_IDLE_FOR,
            is_this_one=row.secret_hash == own,
        )
        for row in rows
    )


def sign_out_of(session_id: UUID, *, by: Actor) -> None:
    """End one of the person's own sessions. NotFound both when there is none and when it is somebody else's."""
    ended = db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.person_id == by.person_id)
        .where(SignInSession.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(SignInSession.id)
    )
    if ended.scalar_one_or_none() is None:
        raise NotFound
    password_proofs.end_all_of(by.person_id)
    record("person:session-ended", by=by, target=f"person:{by.person_id}")


def sign_out_of_all(*, by: Actor) -> None:
    """End every session and API token of the person, this browser's too."""
    person = db.session.get(Person, by.person_id)
    if person is None:
        raise NotSignedIn
    sign_out_everywhere(person, by=by)
