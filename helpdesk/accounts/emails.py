"""The mails about an account, written in the transaction of the change they tell of."""

from collections.abc import Iterable

from helpdesk.accounts.models import EmailChange, Person
from helpdesk.mail.rendering import render
from helpdesk.mail.service import queue_mail
from helpdesk.mail.types import Mail


def invite(person: Person, link: str) -> None:
    """Send an invited person the link with which they set up their account."""
    _send("invitation", person, to=person.email, is_secret=True, link=link)


def confirm_address(person: Person, change: EmailChange, link: str) -> None:
    """Ask whoever reads the new mailbox whether it is right."""
    _send("confirm_address", person, to=change.email, is_secret=True, link=link)


def email_change_asked(person: Person, change: EmailChange, link: str) -> None:
    """Tell the reader of the old mailbox what was asked for, with a way to stop it."""
    _send("email_change_asked", person, to=change.old_email, is_secret=True, link=link)


def email_changed(person: Person, change: EmailChange, link: str) -> None:
    """Tell both mailboxes that the address changed; the old one can take it back."""
    _send("email_changed_old", person, to=change.old_email, is_secret=True, link=link)
    _send("email_changed_new", person, to=change.email)


def email_change_undone(change: EmailChange) -> None:
    """Tell everybody who heard of the change that it was taken back."""
    _send("email_change_undone", change.person, to=change.old_email)
    if change.confirmed_at is not None:
        _send("email_change_undone", change.person, to=change.email)


def confirm_second_address(person: Person, link: str) -> None:
    """Ask whoever reads the second mailbox whether it is right."""
    _send("confirm_second_address", person, to=person.second_email_asked, is_secret=True, link=link)


def contacts_changed(person: Person, addresses: Iterable[str], what: str) -> None:
    """Tell every mailbox of the person what changed about how they are reached."""
    for address in dict.fromkeys(addresses):
        _send("contacts_changed", person, to=address, what=what)


def forgotten_password(person: Person, link: str) -> None:
    """Send the link with which a person chooses another password."""
    has_authenticator = "yes" if person.mfa_generation else ""
    _send(
        "forgotten_password",
        person,
        to=person.email,
        is_secret=True,
        link=link,
        has_authenticator=has_authenticator,
    )


def password_changed(person: Person, addresses: Iterable[str]) -> None:
    """Tell every mailbox of the person that another password counts from now on."""
    for address in addresses:
        _send("password_changed", person, to=address)


def _send(folder: str, person: Person, *, to: str, is_secret: bool = False, **values: str) -> None:
    """Queue one mail. A secret one holds a link that works, and is erased from the outbox when it has gone."""
    rendered = render(f"accounts/emails/{folder}", person_name=person.name, **values)
    mail = Mail(to=to, subject=rendered.subject, text=rendered.text, html=rendered.html, is_secret=is_secret)
    queue_mail(mail, about=f"person:{person.id}")
