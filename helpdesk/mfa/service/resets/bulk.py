"""Resetting many people after an incident: one person freezes a list, another approves exactly that list.

All of their old entries stop at the approval. The links follow a few at a time, from the worker, so that the mail
server and the helpdesk bear it.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, update

from helpdesk.accounts.models import Person
from helpdesk.accounts.queries.organisations import organisation_for_code
from helpdesk.accounts.queries.people import person_for_email
from helpdesk.accounts.service.cool_down import ensure_not_restricted
from helpdesk.accounts.service.email_changes import withdraw_pending
from helpdesk.accounts.service.second_address import withdraw_asked
from helpdesk.accounts.service.setup_links import revoke_links
from helpdesk.accounts.types.directory import PersonStatus
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.mfa import emails
from helpdesk.mfa.errors import BulkChanged, BulkRefused, SecondMustDiffer
from helpdesk.mfa.models.factors import RecoveryCode, TotpFactor
from helpdesk.mfa.models.resets import BulkReset, BulkResetPerson
from helpdesk.mfa.queries.bulk_resets import others_of, people_at, people_of, platform_administrators
from helpdesk.mfa.queries.resets import find_open
from helpdesk.mfa.rules.resets import MOST_IN_A_BULK, list_hash
from helpdesk.mfa.service.resets.issuing import issue_if_due
from helpdesk.mfa.service.resets.moves import move, open_as_one_of_many
from helpdesk.mfa.types.factors import FactorState
from helpdesk.mfa.types.resets import BulkState, ResetAct, ResetState


def freeze(*, organisation_code: str, addresses: str, by: Actor) -> BulkReset:
    """Keep a list of people to be reset. Nothing happens to them until somebody else approves it."""
    ensure_not_restricted(by=by)
    people = _wanted(organisation_code, addresses)
    administrators = platform_administrators()
    left_out = {person.id for person in administrators}
    ids = [person.id for person in people if person.id not in left_out]
    if not ids:
        raise BulkRefused("Nobody on this list has an authenticator that could be reset")
    if len(ids) > MOST_IN_A_BULK:
        raise BulkRefused(f"These are {len(ids):,} people. Reset at most {MOST_IN_A_BULK} at once")
    bulk = BulkReset(list_hash=list_hash(ids), requested_by_id=by.person_id)
    db.session.add(bulk)
    db.session.flush()
    db.session.add_all(BulkResetPerson(bulk_id=bulk.id, person_id=person_id) for person_id in ids)
    db.session.flush()
    record("bulk-reset:requested", by=by, target=f"bulk-reset:{bulk.id}", people=len(ids), list=bulk.list_hash)
    for reader in others_of(administrators, by.person_id):
        emails.ask_for_bulk_approval(reader, by_name=by.name, count=len(ids), path=f"/admin/resets/bulk/{bulk.id}")
    return bulk


def approve(bulk: BulkReset, *, seen: str, by: Actor) -> None:
    """Stop every entry on the list at once. BulkChanged when it is not the list that was seen and frozen."""
    ensure_not_restricted(by=by)
    if bulk.requested_by_id == by.person_id:
        raise SecondMustDiffer
    listed = people_of(bulk)
    is_frozen = list_hash(line.person_id for line in listed) == bulk.list_hash
    if bulk.state != BulkState.REQUESTED or seen != bulk.list_hash or not is_frozen:
        raise BulkChanged
    bulk.state, bulk.approved_by_id, bulk.approved_at = BulkState.APPROVED, by.person_id, clock.now()
    db.session.flush()
    people = [line.person_id for line in listed]
    _stop_entries(people, bulk, by=by)
    for person_id in people:
        _shut_side_doors(person_id, by=by)
    record("bulk-reset:approved", by=by, target=f"bulk-reset:{bulk.id}", people=len(listed), list=bulk.list_hash)


def stop(bulk: BulkReset, *, by: Actor) -> None:
    """No more links are made. Entries that were stopped stay stopped; each person can be reset by themselves."""
    ensure_not_restricted(by=by)
    if bulk.state == BulkState.STOPPED:
        return
    bulk.state = BulkState.STOPPED
    for line in people_of(bulk):
        if line.handled_at is None:
            line.person.is_being_reset = find_open(line.person_id) is not None
    db.session.flush()
    record("bulk-reset:stopped", by=by, target=f"bulk-reset:{bulk.id}")


def start_one(line_id: UUID) -> None:
    """Set the reset of one person going and send the link, unless the list was stopped or the person moved on."""
    line = db.session.get_one(BulkResetPerson, line_id)
    person = db.session.get_one(Person, line.person_id, with_for_update=True, populate_existing=True)
    bulk = db.session.get_one(BulkReset, line.bulk_id, with_for_update=True, populate_existing=True)
    if bulk.state != BulkState.APPROVED or line.handled_at is not None:
        return
    line.handled_at = clock.now()
    if person.status == PersonStatus.ACTIVE and find_open(person.id) is None:
        issue_if_due(open_as_one_of_many(person, bulk))
    else:
        person.is_being_reset = find_open(person.id) is not None
    db.session.flush()


def _wanted(organisation_code: str, addresses: str) -> Sequence[Person]:
    lines = [line.strip() for line in addresses.splitlines() if line.strip()]
    if organisation_code and not lines:
        organisation = organisation_for_code(organisation_code)
        if organisation is None:
            raise BulkRefused("There is no organisation with that code")
        return people_at(organisation)
    if not lines or organisation_code:
        raise BulkRefused("Enter the code of an organisation, or email addresses, and not both")
    if len(lines) > MOST_IN_A_BULK:
        raise BulkRefused(f"These are {len(lines):,} addresses. Reset at most {MOST_IN_A_BULK} at once")
    return _people_with(lines)


def _people_with(addresses: list[str]) -> list[Person]:
    """Each once. One address that is nobody's refuses the list: a slip must not leave somebody out."""
    found: dict[UUID, Person] = {}
    for address in addresses:
        person = person_for_email(address)
        if person is None:
            raise BulkRefused(f"Nobody has an account with {address[:100]}")
        if person.status == PersonStatus.ACTIVE and person.mfa_generation:
            found[person.id] = person
    return list(found.values())


def _shut_side_doors(person_id: UUID, *, by: Actor) -> None:
    """Whoever was in the account may have asked for another address, a link or a reset: none of it leads in any more.

    From now on nobody changes how the person is reached, although their own reset begins a little later.
    """
    person = db.session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    going_on = find_open(person_id)
    if going_on is not None:
        move(going_on, ResetState.CANCELLED, act=ResetAct.CANCELLED, by=by)
    revoke_links(person)
    withdraw_pending(person, by=by)
    withdraw_asked(person)
    person.is_being_reset = True
    db.session.flush()


def _stop_entries(person_ids: list[UUID], bulk: BulkReset, *, by: Actor) -> None:
    """In a few statements, so that hundreds of people wait for nobody."""
    is_active = (TotpFactor.person_id.in_(person_ids), TotpFactor.state == FactorState.ACTIVE)
    quietly = {"synchronize_session": False}
    stopped = update(TotpFactor).where(*is_active).values(state=FactorState.SUSPENDED)
    db.session.execute(stopped, execution_options=quietly)
    codes = delete(RecoveryCode).where(RecoveryCode.person_id.in_(person_ids))
    db.session.execute(codes, execution_options=quietly)
    ended = update(Person).where(Person.id.in_(person_ids)).values(session_epoch=Person.session_epoch + 1)
    db.session.execute(ended, execution_options=quietly)
    for person_id in person_ids:
        record(ResetAct.BULK_STOPPED_ENTRY, by=by, target=f"person:{person_id}", bulk=str(bulk.id))
