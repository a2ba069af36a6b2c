"""Changing an email address: asked for with fresh proof, confirmed from the new mailbox, undone from the old one."""

from datetime import timedelta

from sqlalchemy import delete, update

from helpdesk.accounts import emails
from helpdesk.accounts.errors import ChangeRefused, LinkNotUsable
from helpdesk.accounts.models import EmailChange, Person
from helpdesk.accounts.queries.email_changes import pending_row, undo_open_until
from helpdesk.accounts.rules import EMAIL_CONFIRMED_WITHIN, EMAIL_UNDONE_WITHIN
from helpdesk.accounts.service.actors import NOBODY
from helpdesk.accounts.service.adding_people import one_address_each
from helpdesk.accounts.service.authority import ensure_may_change
from helpdesk.accounts.service.change_links import NOT_USABLE, Purpose, find_change, link_for
from helpdesk.accounts.service.cool_down import ensure_not_being_reset, ensure_not_restricted
from helpdesk.accounts.service.newcomers import check_wish
from helpdesk.accounts.service.setup_links import revoke_links
from helpdesk.accounts.types.contacts import ChangeState, OfferedChange
from helpdesk.accounts.types.directory import EmailAddress, EmailWish, PersonStatus
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import db


def ask_for_other(person: Person, wish: EmailWish, *, by: Actor) -> None:
    """An administrator asks for a new address for somebody."""
    ensure_may_change(person, by=by)
    _ask(person, wish, by=by)


def ask_for_own(person: Person, wish: EmailWish, *, by: Actor) -> None:
    """A person asks for a new address for their own account."""
    _ask(person, wish, by=by)


def withdraw_pending(person: Person, *, by: Actor) -> None:
    """Take back a change that nobody has confirmed; nothing happens where there is none."""
    change = pending_row(person.id)
    if change is not None:
        _close(change, ChangeState.WITHDRAWN)
        record("person:email-change-withdrawn", by=by, target=f"person:{person.id}")


def offered_change(link: str, purpose: Purpose) -> OfferedChange:
    """What a link would do. Looking changes nothing: mail scanners open links, too."""
    change = find_change(link, purpose)
    if purpose is Purpose.CONFIRM:
        is_open = _may_be_confirmed(change)
    else:
        is_open = _may_be_undone(change) or change.state == ChangeState.UNDONE
    if not is_open:
        raise LinkNotUsable(NOT_USABLE)
    return OfferedChange(change.person.name, change.old_email, change.email, ChangeState(change.state))


def confirm(link: str) -> None:
    """Whoever reads the new mailbox makes its address the person's."""
    change = find_change(link, Purpose.CONFIRM)
    if not _may_be_confirmed(change):
        raise LinkNotUsable(NOT_USABLE)
    now, person = clock.now(), _held(change)
    ensure_not_being_reset(person)
    change.state, change.confirmed_at, change.undo_until = ChangeState.CONFIRMED, now, now + EMAIL_UNDONE_WITHIN
    address = EmailAddress(change.email, change.email_key, change.email_collision)
    set_address(person, address, change.personal_because)
    emails.email_changed(person, change, link_for(change, Purpose.UNDO))
    record("person:email-changed", by=NOBODY, target=f"person:{person.id}")


def undo(link: str) -> None:
    """Whoever reads the old mailbox takes the change back. It can only stop: nobody is let in by it."""
    change = find_change(link, Purpose.UNDO)
    if change.state == ChangeState.UNDONE:
        return
    if not _may_be_undone(change):
        raise LinkNotUsable(NOT_USABLE)
    person, was_confirmed = _held(change), change.state == ChangeState.CONFIRMED
    if was_confirmed:
        ensure_not_being_reset(person)  # the notices of the reset have a link of their own that stops it
    _close(change, ChangeState.UNDONE)
    if was_confirmed:
        old = EmailAddress(change.old_email, change.old_key, change.old_collision)
        set_address(person, old, change.old_personal_because)
    person.session_epoch = Person.session_epoch + 1  # whoever asked may sit in one of the sessions
    db.session.flush()
    emails.email_change_undone(change)
    record("person:email-change-undone", by=NOBODY, target=f"person:{person.id}", was_confirmed=was_confirmed)


def set_address(person: Person, address: EmailAddress, personal_because: str) -> None:
    """Make this the person's address; what proves who they are by mail is fresh from now on.

    Links that lie in the old mailbox lead nowhere any more.
    """
    revoke_links(person)
    with one_address_each(address):
        person.email, person.email_key, person.email_collision = address.display, address.key, address.collision
        person.personal_because, person.contacts_changed_at = personal_because, clock.now()


def forget_changes(person: Person) -> None:
    """Drop the addresses that the person had and asked for."""
    db.session.execute(delete(EmailChange).where(EmailChange.person_id == person.id))


def _ask(person: Person, wish: EmailWish, *, by: Actor) -> None:
    ensure_not_restricted(by=by)
    ensure_not_being_reset(person)
    _ensure_can_change(person)
    new = check_wish(person, wish, by=by)
    change = EmailChange(
        person=person,
        email=new.address.display,
        email_key=new.address.key,
        email_collision=new.address.collision,
        personal_because=new.personal_because,
        old_email=person.email,
        old_key=person.email_key,
        old_collision=person.email_collision,
        old_personal_because=person.personal_because,
        expires_at=clock.now() + EMAIL_CONFIRMED_WITHIN,
    )
    db.session.add(change)
    db.session.flush()
    emails.confirm_address(person, change, link_for(change, Purpose.CONFIRM))
    emails.email_change_asked(person, change, link_for(change, Purpose.UNDO))
    record("person:email-change-asked", by=by, target=f"person:{person.id}", looks_shared=bool(new.personal_because))


def _ensure_can_change(person: Person) -> None:
    if person.status != PersonStatus.ACTIVE:
        raise ChangeRefused("The address can be changed only while the account is in use")
    if pending_row(person.id) is not None:
        raise ChangeRefused("A change is waiting to be confirmed. Withdraw it first")
    if undo_open_until(person.id) is not None:
        hours = EMAIL_UNDONE_WITHIN // timedelta(hours=1)
        raise ChangeRefused(f"The address changed less than {hours} hours ago. Wait until it cannot be undone any more")
    late = update(EmailChange).where(EmailChange.person_id == person.id, EmailChange.state == ChangeState.PENDING)
    db.session.execute(late.values(state=ChangeState.WITHDRAWN))


def _may_be_confirmed(change: EmailChange) -> bool:
    is_waiting = change.state == ChangeState.PENDING and change.expires_at > clock.now()
    return is_waiting and change.person.status == PersonStatus.ACTIVE


def _may_be_undone(change: EmailChange) -> bool:
    if change.person.status == PersonStatus.LEFT:
        return False
    if change.state == ChangeState.PENDING:
        return change.expires_at > clock.now()
    return change.state == ChangeState.CONFIRMED and change.undo_until is not None and change.undo_until > clock.now()


def _held(change: EmailChange) -> Person:
    """Whose change it is, held until the commit: a reset that begins in the same moment comes before or after."""
    return db.session.get_one(Person, change.person_id, with_for_update=True, populate_existing=True)


def _close(change: EmailChange, state: ChangeState) -> None:
    change.state = state
    db.session.flush()
