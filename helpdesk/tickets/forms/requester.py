"""What requesters fill in about their own request."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from wtforms import Form, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation

from helpdesk.core.plain_text import clean_text
from helpdesk.core.working_time import Stretch
from helpdesk.tickets.errors import SlotTaken
from helpdesk.tickets.presenters.slots import slot_choices, slot_value
from helpdesk.tickets.service.messages import LONGEST_MESSAGE


class PinForm(Form):
    """Reference and PIN, with which a requester comes back."""

    reference = StringField("Reference", [DataRequired("Enter your reference"), Length(max=40)])
    pin = StringField("PIN", [DataRequired("Enter your PIN"), Length(max=40)])


class MessageForm(Form):
    """What a requester adds to their ticket."""

    text = TextAreaField(
        "Your message",
        [
            DataRequired("Enter a message"),
            Length(max=LONGEST_MESSAGE, message="Your message must be 10,000 characters or fewer"),
        ],
        filters=[clean_text],
    )


class CallTimeForm(Form):
    """When a requester wants to be phoned."""

    slot = RadioField("When should we phone you?", choices=[], validate_choice=False)

    free_times: Mapping[str, datetime]

    def offer(self, free: Sequence[Stretch]) -> None:
        """The times that can still be promised."""
        self.free_times = {slot_value(slot): slot.starts for slot in free}
        self.slot.choices = slot_choices(free, self.slot.data or "")

    def validate_slot(self, field: RadioField) -> None:
        if field.data not in self.free_times:
            raise StopValidation(SlotTaken.message if field.data else "Choose a time for our call")

    @property
    def starts_at(self) -> datetime:
        """What was chosen; only after a successful validate()."""
        return self.free_times[self.slot.data or ""]
