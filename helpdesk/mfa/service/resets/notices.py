"""Who hears of a reset: every mailbox of the person, those who look after them, and whoever took part."""

from dataclasses import replace
from uuid import UUID

from helpdesk.accounts.models import Person
from helpdesk.accounts.queries.reach import holders_above
from helpdesk.accounts.service.contacts import notice_addresses
from helpdesk.accounts.types.directory import PersonStatus, Role
from helpdesk.audit.queries import find_head
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.throttle import is_allowed
from helpdesk.mfa import emails
from helpdesk.mfa.emails import ResetNotice
from helpdesk.mfa.models.resets import MfaReset
from helpdesk.mfa.queries.resets import latest_dispute
from helpdesk.mfa.rules.resets import EVIDENCE_COUNTS_FOR, OPEN, STOPS_OLD_ENTRY
from helpdesk.mfa.rules.second_person import DISPUTED_BEFORE_WITHIN
from helpdesk.mfa.service.resets.approvers import who_could_approve
from helpdesk.mfa.service.resets.dispute_links import dispute_link
from helpdesk.mfa.types.resets import (
    RESET_REASON_NAMES,
    SECOND_REASON_NAMES,
    ResetAct,
    ResetReason,
    ResetState,
    SecondReason,
)

# The acts that everybody concerned hears of, and the mail that tells it.
_TOLD = {
    ResetAct.REQUESTED: "requested",
    ResetAct.CHECK_FAILED_AGAIN: "check_failed",
    ResetAct.APPROVED: "approved",
    ResetAct.ISSUED: "issued",
    ResetAct.LINK_RENEWED: "issued",
    ResetAct.COMPLETED: "completed",
    ResetAct.DISPUTED: "disputed",
}
# The acts that only those hear of who answer for the person.
_TOLD_TO_STAFF = {ResetAct.FIRST_APPROVED: "first_approved", ResetAct.OLD_ENTRY_USED: "old_entry_used"}
# What one person can repeat at will is told once in a while.
_THROTTLED = frozenset({ResetAct.REQUESTED, ResetAct.CHECK_FAILED_AGAIN, ResetAct.OLD_ENTRY_USED})


def tell(reset: MfaReset, act: ResetAct, *, by: Actor) -> None:
    """Queue the mails about this act, in the transaction of the act itself."""
    kind = _TOLD.get(act) or _TOLD_TO_STAFF.get(act)
    if kind is None or not _is_told_now(reset, act):
        return
    notice = _notice(reset, by)
    if act in _TOLD:
        for address in _addresses(reset, act):
            emails.tell_owner_of_reset(kind, reset.person, address, notice, dispute_link=dispute_link(reset.id))
    for reader in _staff(reset, act):
        _tell_staff(kind, reader, reset, notice, by=by)


def ask_for_approval(reset: MfaReset, *, by: Actor) -> None:
    """Tell those who could approve the reset now that it waits for them, and until when what was found out counts."""
    notice = _notice(reset, by)
    for reader in who_could_approve(reset):
        if reader.id != by.person_id:
            _tell_staff("waits", reader, reset, notice, by=by)


def audit_head() -> str:
    """The end of the audit log as it is printed in a mail."""
    return str(find_head() or "empty")


def _is_told_now(reset: MfaReset, act: ResetAct) -> bool:
    """Who said lately that a reset was not theirs hears of each new one: the same person may be trying again."""
    if act not in _THROTTLED or (act is ResetAct.REQUESTED and _was_disputed_lately(reset)):
        return True
    return is_allowed(emails.RESET_NOTICES, f"{act}:{reset.person_id}")


def _was_disputed_lately(reset: MfaReset) -> bool:
    disputed_at = latest_dispute(reset.person_id)
    return disputed_at is not None and clock.now() - disputed_at < DISPUTED_BEFORE_WITHIN


def _tell_staff(kind: str, reader: Person, reset: MfaReset, notice: ResetNotice, *, by: Actor) -> None:
    own = replace(notice, by_name=_who_did_it(reset, by, reader=reader.id), may_be_stopped=reset.state in OPEN)
    emails.tell_staff_of_reset(kind, reader, reset.person, own, path=f"/admin/resets/{reset.id}")


def _notice(reset: MfaReset, by: Actor) -> ResetNotice:
    return ResetNotice(
        name=reset.person.name,
        by_name=_who_did_it(reset, by, reader=reset.person_id),
        reason=RESET_REASON_NAMES[ResetReason(reset.reason)],
        when=emails.moment_in_a_mail(clock.now()),
        second_because=", ".join(SECOND_REASON_NAMES[SecondReason(one)] for one in reset.second_because.split()),
        stops_old=reset.reason in STOPS_OLD_ENTRY,
        was_completed=reset.completed_at is not None,
        may_be_stopped=reset.state != ResetState.DISPUTED,
        until=emails.moment_in_a_mail(reset.checked_at + EVIDENCE_COUNTS_FOR) if reset.checked_at else "",
        audit_head=audit_head(),
    )


def _who_did_it(reset: MfaReset, by: Actor, *, reader: UUID) -> str:
    """The approvers once there are any; 'You' in place of the reader's own name, and first."""
    approvers = [person for person in (reset.approved_by, reset.second_by) if person is not None]
    if not approvers:
        return "You" if by.person_id == reader else by.name
    others = [person.name for person in approvers if person.id != reader]
    return " and ".join(others if len(others) == len(approvers) else ["You", *others])


def _addresses(reset: MfaReset, act: ResetAct) -> list[str]:
    """The address on record gets the link itself at that step, and not a second mail about it."""
    addresses = notice_addresses(reset.person)
    return [address for address in addresses if act is not ResetAct.ISSUED or address != reset.person.email]


def _staff(reset: MfaReset, act: ResetAct) -> list[Person]:
    """Each once; nobody who cannot log in, and never the person whose log-in it is.

    Of many resets at once the links are not told one by one: an administrator would get hundreds.
    """
    if reset.bulk_id is not None and act is ResetAct.ISSUED:
        return []
    above = holders_above(reset.person, Role.SITE_ADMINISTRATOR)
    if act is ResetAct.FIRST_APPROVED:
        above += holders_above(reset.person, Role.COMMISSIONER)
    took_part = [reset.requested_by, reset.approved_by, reset.second_by]
    found = {person.id: person for person in (*above, *took_part) if person is not None}
    found.pop(reset.person_id, None)
    if act is ResetAct.FIRST_APPROVED:
        for asked in who_could_approve(reset):  # who gets a mail of their own
            found.pop(asked.id, None)
    return [person for person in found.values() if person.status == PersonStatus.ACTIVE]
