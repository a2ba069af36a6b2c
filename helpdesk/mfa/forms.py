"""What people type to prove who they are and to set up an authenticator."""

from collections.abc import Iterable

from wtforms import Form, HiddenField, IntegerField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import HiddenInput

from helpdesk.mfa.types.resets import METHOD_NAMES, RESET_REASON_NAMES, EvidenceMethod, ResetReason
from helpdesk.web.forms import choice

CODE_MISSING = "Enter the 6-digit code"


class CodeForm(Form):
    code = StringField("6-digit code", [InputRequired(CODE_MISSING)])
    next = HiddenField()


class RecoveryCodeForm(Form):
    code = StringField("Recovery code", [InputRequired("Enter a recovery code")])
    next = HiddenField()


class LinkForm(Form):
    last_part = StringField("Last part of the link", [InputRequired("Enter the last part of the link")])


class MailedLinkForm(Form):
    """The secret half of a link, which a script fills in, and what else its reader must prove."""

    last_part = StringField("Last part of the link", [InputRequired("Enter the last part of the link")])

    @property
    def verifier(self) -> str:
        """The secret half, also of somebody who pasted the whole link."""
        return (self.last_part.data or "").strip().rpartition("#")[2]


class NewPasswordForm(MailedLinkForm):
    password = PasswordField("New password", [InputRequired("Enter a password")])
    # Empty only for somebody who never had an authenticator; the service knows.
    code = StringField("6-digit code, or a recovery code")


class ReleaseForm(MailedLinkForm):
    password = PasswordField("Password", [InputRequired("Enter your password")])


class ForgottenPasswordForm(Form):
    email = StringField("Email address", [InputRequired("Enter your email address")])


class ChangePasswordForm(Form):
    password = PasswordField("Password you have now", [InputRequired("Enter the password that you have now")])
    new_password = PasswordField("New password", [InputRequired("Enter a new password")])


class PasswordForm(Form):
    password = PasswordField("Password", [InputRequired("Enter your password")])


class ChoosePasswordForm(Form):
    password = PasswordField("New password", [InputRequired("Enter a password")])


class PasswordAndCodeForm(Form):
    # No limit: the words for a password that is too long must be those for one that is wrong.
    password = PasswordField("Password", [InputRequired("Enter your password")])
    code = StringField("6-digit code", [InputRequired(CODE_MISSING)])


class SpokenPasswordForm(PasswordForm):
    spoken_code = StringField("Spoken code", [InputRequired("Enter the code that was said to you on the phone")])


class StartResetForm(Form):
    reason = RadioField(
        "Why do they need a reset?",
        choices=[choice(str(reason), name) for reason, name in RESET_REASON_NAMES.items()],
        validators=[InputRequired("Choose a reason")],
        validate_choice=False,
    )
    person = HiddenField()
    ticket = HiddenField()

    def validate_reason(self, field: RadioField) -> None:
        """One of those that are offered."""
        if field.data not in set(ResetReason):
            raise ValidationError("Choose a reason")


class FindPersonForm(Form):
    email = StringField("Email address", [InputRequired("Enter the email address of their account")])
    ticket = HiddenField()


class BulkForm(Form):
    organisation = StringField("Code of the organisation")
    addresses = TextAreaField("Or their email addresses, one a line")


class SeenForm(Form):
    """Which version of a reset its reader looked at."""

    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired("Open the reset again")])


class EvidenceForm(SeenForm):
    method = RadioField(
        "How did you make sure who they are?",
        validators=[InputRequired("Choose how you made sure who they are")],
        validate_choice=False,
    )
    outcome = HiddenField()

    def offer(self, methods: Iterable[EvidenceMethod]) -> None:
        """Let somebody choose among the ways that are open to them."""
        self.method.choices = [choice(str(method), METHOD_NAMES[method]) for method in methods]
