"""What is done to many requests at once, as an agent fills it in."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wtforms import Form, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length

from helpdesk.core.plain_text import clean_text
from helpdesk.tickets.forms.agent import LONGEST_NOTE, NOBODY
from helpdesk.tickets.types import PRIORITY_NAMES, BulkKind, Priority
from helpdesk.web.forms import choice

if TYPE_CHECKING:
    from helpdesk.accounts.models import Person


class BulkForm(Form):
    """What is done to the requests that were ticked; the button that was pressed says which of it."""

    kind = RadioField("What to do", choices=[choice(kind, kind) for kind in BulkKind], coerce=BulkKind)
    assignee = SelectField("Assign to")
    priority = SelectField(
        "Priority",
        coerce=Priority,
        choices=[choice(priority, name) for priority, name in PRIORITY_NAMES.items()],
        default=Priority.NORMAL,
    )
    topic = SelectField("Topic")
    note = TextAreaField("What solved it (optional)", [Length(max=LONGEST_NOTE)], filters=[clean_text])
    address = HiddenField()

    def offer(self, agents: Iterable["Person"], topics: Iterable[tuple[str, str]]) -> None:
        """Fill the lists to choose from."""
        self.assignee.choices = [*(choice(str(agent.id), agent.name) for agent in agents), choice(NOBODY, "Nobody")]
        self.topic.choices = [*(choice(*topic) for topic in topics), choice("", "Not filed")]
