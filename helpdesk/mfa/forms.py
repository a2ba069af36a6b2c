"""What people type to prove who they are and to set up an authenticator."""

from wtforms import Form, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

CODE_MISSING = "Enter the 6-digit code"


class CodeForm(Form):
    code = StringField("6-digit code", [InputRequired(CODE_MISSING)])
    next = HiddenField()


class RecoveryCodeForm(Form):
    code = StringField("Recovery code", [InputRequired("Enter a recovery code")])
    next = HiddenField()


class LinkForm(Form):
    last_part = StringField("Last part of the link", [InputRequired("Enter the last part of the link")])


class PasswordForm(Form):
    password = PasswordField("Password", [InputRequired("Enter your password")])


class ChoosePasswordForm(Form):
    password = PasswordField("New password", [InputRequired("Enter a password")])


class PasswordAndCodeForm(Form):
    # No limit: the words for a password that is too long must be those for one that is wrong.
    password = PasswordField("Password", [InputRequired("Enter your password")])
    code = StringField("6-digit code", [InputRequired(CODE_MISSING)])
