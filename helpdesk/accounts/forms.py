"""What people type to sign in and to manage people."""

from collections.abc import Iterable

from wtforms import BooleanField, FileField, Form, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from helpdesk.accounts.types.directory import ROLE_NAMES, STATUS_NAMES, Role
from helpdesk.web.forms import choice

NOT_SET_UP = "not_set_up"
_LONG_CODE = "The code must be 8 characters or fewer"


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
        "Name or email address",
        [Length(max=120, message="Search must be 120 characters or fewer")],
        filters=[_tidy],
    )
    status = SelectField(
        "Account",
        choices=[choice("", "Everybody but leavers"), *(choice(str(s), n) for s, n in STATUS_NAMES.items())],
        validators=[Optional()],
    )
    role = SelectField(
        "Role",
        choices=[choice("", "Any role"), *(choice(str(r), n) for r, n in ROLE_NAMES.items())],
        validators=[Optional()],
    )
    log_in = SelectField(
        "Log-in", choices=[choice("", "Set up or not"), choice(NOT_SET_UP, "Not set up")], validators=[Optional()]
    )
    organisation = StringField("Code of the organisation", [Length(max=8, message=_LONG_CODE)], filters=[_tidy])


class NameForm(Form):
    """A name, and the question that shows only where somebody has it already."""

    asks_if_another = False

    name = StringField(
        "Full name",
        [DataRequired("Enter the person’s name"), Length(max=120, message="Name must be 120 characters or fewer")],
        filters=[_tidy],
    )
    is_another_person = BooleanField("This is another person of the same name")


class AddressForm(Form):
    """An address, and the two questions that show only where it gives reason to ask."""

    asks_if_right = False
    asks_why_personal = False

    email = StringField("Email address", [InputRequired("Enter the person’s email address")])
    email_is_right = BooleanField("The email address is right as it is")
    personal_because = StringField(
        "Why only this person reads that mailbox",
        [Length(max=200, message="The reason must be 200 characters or fewer")],
        filters=[_tidy],
    )


class OtherAddressForm(AddressForm):
    email = StringField("New email address", [InputRequired("Enter the new email address")])
    password = PasswordField("Your own password", [InputRequired("Enter your own password")])


class PhoneForm(Form):
    phone = StringField("Phone number", [DataRequired("Enter a phone number")], filters=[_tidy])


class SecondAddressForm(AddressForm):
    email = StringField("Second email address", [InputRequired("Enter an email address")])


class RoleForm(Form):
    role = SelectField("Role", validators=[InputRequired("Choose a role")], validate_choice=False)
    organisation = StringField(
        "Code of the organisation", [DataRequired("Enter the code of the organisation")], filters=[_tidy]
    )

    def offer(self, roles: Iterable[Role]) -> None:
        """Let somebody choose among the roles that they may give."""
        self.role.choices = [choice("", "Choose a role"), *(choice(str(role), ROLE_NAMES[role]) for role in roles)]

    def validate_role(self, field: SelectField) -> None:
        """The form offers only roles that its reader may give."""
        if field.data not in {value for value, *_ in field.iter_choices()}:
            raise ValidationError("Choose a role that you may give")


class ImportForm(Form):
    file = FileField("CSV file")


class NewPersonForm(NameForm, AddressForm, RoleForm):
    """Somebody who is to have an account."""
