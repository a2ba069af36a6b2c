"""Tokens with which a program acts for a person: the same rights, no browser."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from helpdesk.accounts.errors import PersonUnknown
from helpdesk.accounts.models import ApiToken, Membership, Person
from helpdesk.accounts.queries.people import person_for_email
from helpdesk.accounts.service.actors import actor_for
from helpdesk.accounts.service.cool_down import ensure_not_fresh
from helpdesk.audit.service import record
from helpdesk.core.actor import Actor
from helpdesk.core.secret_text import hash_token, make_token
from helpdesk.db import db


def add_token(*, email: str, by: Actor) -> str:
    """A new token for somebody who can sign in. It is shown once: only its hash is kept."""
    person = person_for_email(email)
    if person is None or actor_for(person) is None:
        raise PersonUnknown("Nobody with that email address can log in")
    ensure_not_fresh(person)
    token = make_token()
    db.session.add(ApiToken(secret_hash=hash_token(token), person_id=person.id, epoch=person.session_epoch))
    db.session.flush()
    record("token:added", by=by, target=f"person:{person.id}")
    return token


def find_actor_by_token(token: str) -> Actor | None:
    """The person for whom a program acts, or None when the token is unknown, revoked or ended."""
    if not token:
        return None
    found = db.session.scalar(
        select(ApiToken)
        .join(ApiToken.person)
        .where(
            ApiToken.secret_hash == hash_token(token),
            ApiToken.revoked_at.is_(None),
            ApiToken.epoch == Person.session_epoch,
        )
        .options(joinedload(ApiToken.person).selectinload(Person.memberships).joinedload(Membership.organisation))
    )
    return actor_for(found.person) if found else None
