"""The mails that background work writes of itself."""

from helpdesk.audit.types import Head
from helpdesk.mail.rendering import render
from helpdesk.mail.service import queue_mail
from helpdesk.mail.types import Mail


def audit_head(head: Head, to: str) -> None:
    """Tell somebody outside how far the audit log goes, so that it cannot be shortened unnoticed."""
    rendered = render("jobs/emails/audit_head", head=head)
    mail = Mail(to=to, subject=rendered.subject, text=rendered.text, is_automatic=True)
    queue_mail(mail, about="audit:head")
