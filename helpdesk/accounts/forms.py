"""What people type to sign in and to manage people."""

from wtforms import BooleanField, Form, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # the stubs are of 3.2
from wtforms.validators import DataRequired, InputRequired, Length

from helpdesk.accounts.types import ROLE_NAMES


def _tidy(value: str | None) -> str:
    """Without what nobody sees: control characters and spaces at the ends."""
    return "".join(letter for letter in value or "" if letter.isprintable()).strip()


class SignInForm(Form):
    email = StringField("Email address", [InputRequired("Enter your email address")])
    # No limit here: the words for a password that is too long must be those for one that is wrong.
    password = PasswordField("Password", [InputRequired("Enter your password")])
    next = HiddenField()


class PeopleSearchForm(Form):
    search = StringField(
        "Search by name or email address",
        [Length(max=120, message="Search must be 120 characters or fewer")],
        filters=[_tidy],
    )


class NewPersonForm(Form):
    # The two questions show only where an address gives reason to ask.
    asks_if_right = False
    asks_why_personal = False

    name = StringField(
        "Full name",
        [DataRequired("Enter the person’s name"), Length(max=120, message="Name must be 120 characters or fewer")],
        filters=[_tidy],
    )
    email = StringField("Email address", [InputRequired("Enter the person’s email address")])
    email_is_right = BooleanField("The email address is right as it is")
    personal_because = StringField(
        "Why only this person reads that mailbox",
        [Length(max=200, message="The reason must be 200 characters or fewer")],
        filters=[_tidy],
    )
    role = SelectField(
        "Role",
        choices=[SelectChoice("", "Choose a role"), *(SelectChoice(str(r), n) for r, n in ROLE_NAMES.items())],
        validators=[InputRequired("Choose a role")],
    )
    organisation = StringField(
        "Code of the organisation", [DataRequired("Enter the code of the organisation")], filters=[_tidy]
    )
