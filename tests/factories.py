"""Makes valid rows with the fewest words, and commits them. A test states only what matters to it."""

from datetime import timedelta
from functools import cache
from itertools import count
from typing import TypeVar
from uuid import uuid4

from argon2 import PasswordHasher
from sqlalchemy import select

from helpdesk.accounts.email_rules import normalise_email
from helpdesk.accounts.models import Membership, Organisation, Person
from helpdesk.accounts.service.sealing import seal
from helpdesk.accounts.types.directory import OrganisationKind, PersonStatus, Role
from helpdesk.core import clock
from helpdesk.db import Base, db, write_transaction
from helpdesk.mfa.models.factors import TotpFactor
from helpdesk.mfa.types.factors import FactorState

# Of every person made here.
PASSWORD = "correct horse battery staple"

Row = TypeVar("Row", bound=Base)
_numbers = count(1)


def saved(row: Row) -> Row:
    """The row, committed: a request of the client, a job and the test all see it."""
    db.session.commit()  # keeps what was flushed before; the row then gets a write transaction of its own
    with write_transaction():
        db.session.add(row)
    return row


def platform() -> Organisation:
    """The helpdesk's own organisation; there is only one."""
    found = db.session.scalar(select(Organisation).where(Organisation.kind == OrganisationKind.PLATFORM))
    return found or saved(Organisation(kind=OrganisationKind.PLATFORM, name="Pharmacy MFA helpdesk", path=""))


def organisation(
    *,
    parent: Organisation | None = None,
    kind: OrganisationKind = OrganisationKind.SITE,
    name: str = "",
    ods_code: str | None = None,
    postcode: str = "N1 9GU",
    address: str = "",
) -> Organisation:
    """A pharmacy, or another kind of organisation, straight under the platform unless a parent is given."""
    above, number, own_id = parent or platform(), next(_numbers), uuid4()
    return saved(
        Organisation(
            id=own_id,
            parent_id=above.id,
            kind=kind,
            name=name or f"Pharmacy number {number}",
            ods_code=ods_code or f"FT{number:03}",
            postcode=postcode,
            address=address,
            path=f"{above.path}{own_id}/",
        )
    )


def person(
    *,
    name: str = "Robin Field",
    email: str = "",
    role: Role = Role.AGENT,
    organisation: Organisation | None = None,
    status: PersonStatus = PersonStatus.ACTIVE,
    password: str | None = PASSWORD,
    phone: str = "",
    phone_since: timedelta = timedelta(days=100),
) -> Person:
    """Somebody with an account who holds the role at the organisation: the helpdesk's own where none is given."""
    own_id = uuid4()
    address = normalise_email(email or f"person{next(_numbers)}@helpdesk.example")
    made = saved(
        Person(
            id=own_id,
            name=name,
            email=address.display,
            email_key=address.key,
            email_collision=address.collision,
            password_hash=_hashed(password) if password else None,
            status=status,
            left_at=clock.now() if status is PersonStatus.LEFT else None,
            sealed_phone=seal(phone, person_id=own_id, row=own_id) if phone else None,
            phone_since=clock.now() - phone_since if phone else None,
        )
    )
    membership(person=made, organisation=organisation or platform(), role=role)
    return made


def factor(person: Person, *, secret: str, period: int = 30) -> TotpFactor:
    """The entry in the person's app that counts, with this secret."""
    factor_id, person_id = uuid4(), person.id
    db.session.commit()
    with write_transaction():
        person.mfa_generation += 1
        made = TotpFactor(
            id=factor_id,
            person_id=person_id,
            generation=person.mfa_generation,
            state=FactorState.ACTIVE,
            sealed_secret=seal(secret, person_id=person_id, row=factor_id),
            period=period,
            label=person.email,
            confirmed_at=clock.now(),
        )
        db.session.add(made)
    return made


def membership(*, person: Person, organisation: Organisation, role: Role = Role.AGENT) -> Membership:
    """One more role of a person."""
    return saved(Membership(person_id=person.id, organisation_id=organisation.id, role=role))


@cache
def _hashed(password: str) -> str:
    """As cheap as the algorithm allows; how strong real ones are is the accounts' own test."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)
