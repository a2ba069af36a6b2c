"""The mails about an account's authenticator and its resets, written in the transaction of the change they tell of."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from helpdesk.accounts.models import Person
from helpdesk.core.throttle import Limit, is_allowed
from helpdesk.mail.links import absolute
from helpdesk.mail.rendering import render
from helpdesk.mail.service import queue_mail
from helpdesk.mail.types import Mail
from helpdesk.web.filters import day, time_of_day

# Whoever types wrong codes all day must not fill the owner's mailbox.
WARNINGS = Limit("wrong-codes-mail", most=1, per=timedelta(minutes=15), message="Enough were sent.")

# Who asks again and again, or fails again and again, must not fill anybody's mailbox. What follows an approval is told
# each time: it takes two people with fresh codes to do it twice.
RESET_NOTICES = Limit("reset-notices", most=1, per=timedelta(minutes=15), message="Enough were sent.")


@dataclass(frozen=True)
class ResetNotice:
    """What is told about one step of a reset to one reader."""

    name: str
    # Who did the step: 'You' to whoever that is.
    by_name: str
    reason: str
    when: str
    second_because: str
    stops_old: bool
    was_completed: bool
    # By this reader: the owner can undo a reset that was used, too.
    may_be_stopped: bool
    # Until when somebody can approve it on what was found out; '' before anything was.
    until: str
    # The last row of the audit log: who keeps the mail can tell later that the log was not shortened.
    audit_head: str


def warn_of_wrong_codes(person: Person) -> None:
    """Tell the owner that somebody has the password and tries codes, and where to change it."""
    if is_allowed(WARNINGS, str(person.id)):
        _send(person, "mfa/emails/wrong_codes", password_link=absolute("/account/password"))


def send_release_link(person: Person, link: str) -> None:
    """Send the owner the link with which codes can be tried again."""
    _send(person, "mfa/emails/release", is_secret=True, release_link=link)


def tell_of_set_up(person: Person, *, label: str) -> None:
    """Tell the owner that a new authenticator counts from now on."""
    _send(person, "mfa/emails/set_up", label=label)


def tell_of_recovery_code(person: Person, *, left: int) -> None:
    """Tell the owner that a recovery code was used."""
    _send(person, "mfa/emails/recovery_code_used", left=left)


def tell_of_new_recovery_codes(person: Person) -> None:
    """Tell the owner that the old recovery codes are dead."""
    _send(person, "mfa/emails/new_recovery_codes")


def _send(person: Person, template: str, *, is_secret: bool = False, **values: object) -> None:
    known = {"person_name": person.name, "link": absolute("/account")} | values
    _queue(template, to=person.email, about=person.id, is_secret=is_secret, values=known)


def tell_owner_of_reset(kind: str, person: Person, address: str, notice: ResetNotice, *, dispute_link: str) -> None:
    """Tell a mailbox of the person whose log-in is concerned. The link in it works, so the mail is a secret one."""
    values = asdict(notice) | {"dear": person.name, "is_owner": True, "dispute_link": dispute_link}
    _queue(f"mfa/emails/reset_{kind}", to=address, about=person.id, is_secret=True, values=values)


def tell_staff_of_reset(kind: str, reader: Person, person: Person, notice: ResetNotice, *, path: str) -> None:
    """Tell somebody who answers for the person, or took part. No link in it does anything by itself."""
    values = asdict(notice) | {"dear": reader.name, "is_owner": False, "reset_link": absolute(path)}
    _queue(f"mfa/emails/reset_{kind}", to=reader.email, about=person.id, is_secret=False, values=values)


def ask_for_bulk_approval(reader: Person, *, by_name: str, count: int, path: str) -> None:
    """Tell another platform administrator that a list of people waits to be approved or stopped."""
    people = f"{count:,} {'person' if count == 1 else 'people'}"
    values: dict[str, object] = {"dear": reader.name, "by_name": by_name, "people": people, "link": absolute(path)}
    _queue("mfa/emails/bulk_waits", to=reader.email, about=reader.id, is_secret=False, values=values)


def send_reset_link(
    person: Person, *, link: str, expires_at: datetime, asks_spoken_code: bool, dispute_link: str, audit_head: str
) -> UUID:
    """Send the link to the address that we hold, never to one that somebody gives. The answer is the mail's id."""
    values = {
        "dear": person.name,
        "link": link,
        "until": moment_in_a_mail(expires_at),
        "asks_spoken_code": asks_spoken_code,
        "dispute_link": dispute_link,
        "audit_head": audit_head,
    }
    return _queue("mfa/emails/reset_link", to=person.email, about=person.id, is_secret=True, values=values)


def moment_in_a_mail(value: datetime) -> str:
    """Such as '24 November 2026 at 9am': nobody knows on which day a mail is read."""
    return f"{day(value)} at {time_of_day(value)}"


def _queue(template: str, *, to: str, about: UUID, is_secret: bool, values: dict[str, object]) -> UUID:
    rendered = render(template, **values)
    mail = Mail(to=to, subject=rendered.subject, text=rendered.text, html=rendered.html, is_secret=is_secret)
    return queue_mail(mail, about=f"person:{about}").id
