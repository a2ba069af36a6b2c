"""The mails about an account's authenticator, written in the transaction of the change they tell of."""

from datetime import timedelta

from helpdesk.accounts.models import Person
from helpdesk.core.throttle import Limit, is_allowed
from helpdesk.mail.links import absolute
from helpdesk.mail.rendering import render
from helpdesk.mail.service import queue_mail
from helpdesk.mail.types import Mail

# Whoever types wrong codes all day must not fill the owner's mailbox.
WARNINGS = Limit("wrong-codes-mail", most=1, per=timedelta(minutes=15), message="Enough were sent.")


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
    rendered = render(template, person_name=person.name, link=absolute("/account"), **values)
    mail = Mail(to=person.email, subject=rendered.subject, text=rendered.text, html=rendered.html, is_secret=is_secret)
    queue_mail(mail, about=f"person:{person.id}")
