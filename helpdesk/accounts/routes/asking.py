"""What a form about an address asks when the address is refused."""

from helpdesk.accounts.errors import (
    EmailDoubted,
    EmailLooksAlike,
    EmailRefused,
    EmailTaken,
    MailboxTaken,
    SharedMailbox,
)
from helpdesk.accounts.forms import AddressForm
from helpdesk.accounts.types.directory import EmailWish


def ask_about_address(form: AddressForm, refusal: EmailRefused) -> int:
    """Say it by the field, and ask what would make the address good after all. The status of the page."""
    form.email.errors = [refusal.message]
    form.asks_if_right = isinstance(refusal, EmailDoubted | EmailLooksAlike)
    form.asks_why_personal = isinstance(refusal, SharedMailbox) and refusal.may_be_explained
    return 409 if isinstance(refusal, EmailTaken | MailboxTaken) else 422


def wish_in(form: AddressForm) -> EmailWish:
    """The address that somebody typed, with what they said to the questions."""
    return EmailWish(
        email=form.email.data or "",
        personal_because=form.personal_because.data or "",
        email_is_right=form.email_is_right.data,
    )
