"""A list beside the queue, as somebody names it."""

from wtforms import BooleanField, Form, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from helpdesk.core.plain_text import clean_line


class SavedViewForm(Form):
    """A name for the list that is shown."""

    name = StringField(
        "Name of this view",
        [
            DataRequired("Enter a name, such as Locums today"),
            Length(max=60, message="The name must be 60 characters or fewer"),
        ],
        filters=[clean_line],
    )
    is_shared = BooleanField("Show it to the whole team")
    address = HiddenField()
