"""What people fill in about something that is broken for many."""

from collections.abc import Iterable

from wtforms import Form, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from helpdesk.core.plain_text import clean_line, clean_text
from helpdesk.web.forms import choice


class KnownIssueForm(Form):
    """Something that is broken for many, in words for pharmacies."""

    title = StringField(
        "What is broken",
        [
            DataRequired("Enter what is broken, such as “Codes by text message arrive late”"),
            Length(max=100, message="What is broken must be 100 characters or fewer"),
        ],
        filters=[clean_line],
    )
    what_to_do = TextAreaField(
        "What to do until it is mended",
        [
            DataRequired("Enter what people can do"),
            Length(max=500, message="What to do must be 500 characters or fewer"),
        ],
        filters=[clean_text],
    )
    topic = SelectField("Topic (optional)")

    def offer(self, topics: Iterable[tuple[str, str]]) -> None:
        """Fill the list to choose from."""
        self.topic.choices = [choice("", "All topics"), *(choice(*topic) for topic in topics)]
