"""The mails about an account, written in the transaction of the change they tell of."""

from helpdesk.accounts.models import Person
from helpdesk.mail.rendering import render
from helpdesk.mail.service import queue_mail
from helpdesk.mail.types import Mail


def invite(person: Person, link: str) -> None:
    """Send an invited person the link with which they set up their account."""
    rendered = render("accounts/emails/invitation", person_name=person.name, link=link)
    mail = Mail(to=person.email, subject=rendered.subject, text=rendered.text, html=rendered.html, is_secret=True)
    queue_mail(mail, about=f"person:{person.id}")
