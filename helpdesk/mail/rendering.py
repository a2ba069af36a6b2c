"""What a mail says (templates of its own kind, without Flask) and how it is written for the post."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, select_autoescape

from helpdesk.mail.models import OutboxMessage
from helpdesk.mail.types import Letter, RenderedMail
from helpdesk.settings import Settings, in_use

SLICES = Path(__file__).parent.parent


def render(folder: str, /, **values: object) -> RenderedMail:
    """The mail in a folder such as 'tickets/emails/reply', which holds subject.txt, text.txt and perhaps html.html."""
    shared = {
        "service_name": in_use().service_name,
        "helpdesk_phone": in_use().escalation_phone,
        "helpdesk_email": in_use().escalation_email,
    }
    known = shared | values
    subject = " ".join(_printed(f"{folder}/subject.txt", known).split())
    text = _printed(f"{folder}/text.txt", known).strip() + "\n"
    return RenderedMail(subject, text, _printed_or_nothing(f"{folder}/html.html", known | {"subject": subject}))


def write_letter(message: OutboxMessage, settings: Settings) -> Letter:
    """The mail as bytes in its envelope. Every copy of it comes out the same."""
    mail = EmailMessage(policy=SMTP if message.to_address.isascii() else SMTPUTF8)
    for name, value in _headers(message, settings).items():
        if value:
            mail[name] = value
    mail.set_content(message.text, cte="quoted-printable")
    if message.html:
        mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
        mail.set_boundary(f"=_{message.id.hex}")
    return Letter(
        sender="" if message.is_automatic else settings.mail_address,
        recipient=message.to_address,
        content=mail.as_bytes(),
        file_name=f"{message.created_at:%Y%m%dT%H%M%SZ}-{message.sequence:06}-{message.id.hex[:8]}.eml",
    )


def _headers(message: OutboxMessage, settings: Settings) -> dict[str, str | Address]:
    headers: dict[str, str | Address] = {
        "From": Address(settings.service_name, addr_spec=settings.mail_address),
        "To": message.to_address,
        "Subject": message.subject,
        "Date": format_datetime(message.created_at),
        "Message-ID": message.message_id,
        "Reply-To": message.reply_to,
        "In-Reply-To": message.in_reply_to,
        "References": message.references,
    }
    return headers | (_marks_of_a_robot(settings) if message.is_automatic else {})


def _marks_of_a_robot(settings: Settings) -> dict[str, str | Address]:
    """So that no absence notice answers it, and that we know it again when it comes back (RFC 3834)."""
    return {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Loop": settings.mail_address,
    }


def _printed_or_nothing(template: str, values: dict[str, object]) -> str:
    """Nothing where there is no such file: HTML is optional."""
    try:
        found = _environment().get_template(template)
    except TemplateNotFound:
        return ""
    return found.render(values)


def _printed(template: str, values: dict[str, object]) -> str:
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(sorted(SLICES.glob("*/templates"))),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
