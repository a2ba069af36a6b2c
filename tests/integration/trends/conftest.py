"""Two commissioners with a pharmacy each, and a way to let escalations have happened."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from time_machine import Traveller

from helpdesk.accounts.models import Organisation, Person
from helpdesk.accounts.service.tokens import add_token
from helpdesk.accounts.types.directory import OrganisationKind
from helpdesk.core.actor import SYSTEM
from helpdesk.db import db, write_transaction
from helpdesk.tickets.models.ticket import Escalation
from helpdesk.tickets.types import EscalationReason, Route
from tests import factories
from tests.client import PageClient
from tests.tickets import ticket

Escalated = Callable[..., None]
AsProgram = Callable[[Person], dict[str, str]]

LAST_MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@pytest.fixture
def elsewhere(platform: Organisation) -> Organisation:
    """A pharmacy of another commissioner, which is not Dev's."""
    other = factories.organisation(kind=OrganisationKind.COMMISSIONER, name="South Mersey Commissioning")
    return factories.organisation(parent=other, name="Faraway Pharmacy", ods_code="FAR99")


@pytest.fixture
def escalated(moved_clock: Traveller) -> Escalated:
    """Let so many escalations have happened at a moment, all of one ticket."""

    def escalate(
        organisation: Organisation | None,
        *,
        at: datetime = LAST_MONDAY,
        topic: str = "codes",
        route: Route = Route.EMAIL,
        count: int = 1,
    ) -> None:
        made = ticket(organisation=organisation)
        for level in range(1, count + 1):
            db.session.add(
                Escalation(
                    ticket_id=made.id,
                    level=level,
                    route=route,
                    reason=EscalationReason.AGENT,
                    at=at,
                    topic=topic,
                    organisation_id=organisation.id if organisation else None,
                )
            )
        db.session.commit()

    return escalate


@pytest.fixture
def devs_browser(dev: Person, moved_clock: Traveller, sign_in_as: Callable[[Person], PageClient]) -> PageClient:
    """Dev, signed in."""
    return sign_in_as(dev)


@pytest.fixture
def as_program() -> AsProgram:
    """The headers of a program that acts for somebody."""

    def headers(person: Person) -> dict[str, str]:
        with write_transaction():
            token = add_token(email=person.email, by=SYSTEM)
        return {"Authorization": f"Bearer {token}"}

    return headers
