"""What people fill in about a ticket: labels, limits and the words that say what is missing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from wtforms import (
    BooleanField,
    DateField,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation

from helpdesk.core.plain_text import clean_line, clean_text
from helpdesk.core.working_time import Stretch, WorkingCalendar
from helpdesk.tickets.errors import SlotTaken
from helpdesk.tickets.presenters.slots import slot_choices, slot_value
from helpdesk.tickets.rules import statuses_to_offer
from helpdesk.tickets.service.calendar import WeekdaySpan
from helpdesk.tickets.service.messages import LONGEST_MESSAGE
from helpdesk.tickets.types import (
    OUTCOME_NAMES,
    PRIORITY_NAMES,
    STATUS_NAMES,
    BulkKind,
    Filing,
    Priority,
    Route,
    Status,
)
from helpdesk.web.forms import choice

if TYPE_CHECKING:
    from helpdesk.accounts.models import Person
    from helpdesk.tickets.models import Ticket

LONGEST_NOTE = 1_000
NOBODY = ""


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


class AnswerForm(MessageForm):
    """An agent's reply or internal note, and the last event that the agent has seen."""

    kind = RadioField(
        "Who will see this",
        choices=[choice("reply", "Reply"), choice("note", "Internal note")],
        default="reply",
    )
    seen = IntegerField("Last event seen", [InputRequired("Reload the page, then send again")])


class FilingForm(Form):
    """Who works on a ticket, how urgent it is, what it is about and how it stands."""

    assignee = SelectField("Assigned to")
    status = SelectField("Status", coerce=Status)
    priority = SelectField(
        "Priority", coerce=Priority, choices=[choice(priority, name) for priority, name in PRIORITY_NAMES.items()]
    )
    topic = SelectField("Topic")
    seen = IntegerField("Last event seen", [InputRequired("Reload the page, then save again")])

    def offer(self, agents: Iterable["Person"], topics: Iterable[tuple[str, str]], statuses: Iterable[Status]) -> None:
        """Fill the lists to choose from."""
        people = [choice(str(agent.id), agent.name) for agent in agents]
        self.assignee.choices = [choice(NOBODY, "Nobody"), *people]
        self.topic.choices = [choice("", "Not filed"), *(choice(*topic) for topic in topics)]
        self.status.choices = [choice(status, STATUS_NAMES[status]) for status in statuses]

    @property
    def filing(self) -> Filing:
        """What was chosen; only after a successful validate()."""
        assignee = self.assignee.data
        return Filing(UUID(assignee) if assignee else None, self.priority.data, self.topic.data or "", self.status.data)


class ResolveForm(Form):
    """What solved it, in words for the requester."""

    solution = TextAreaField("What solved it (optional)", [Length(max=LONGEST_NOTE)], filters=[clean_text])


class EscalateForm(Form):
    """Where a ticket goes when the queue cannot solve it."""

    route = RadioField(
        "Send it to",
        choices=[choice(Route.EMAIL, "The helpdesk’s email"), choice(Route.PHONE, "The phone queue")],
        coerce=Route,
        default=Route.EMAIL,
        validators=[InputRequired("Choose where to send it")],
    )
    note = TextAreaField("What they need to know (optional)", [Length(max=LONGEST_NOTE)], filters=[clean_text])
    # The level that the agent saw: a second click must not take the ticket one further.
    level = IntegerField("Level seen", [InputRequired("Reload the page, then escalate again")])


@dataclass(frozen=True)
class TicketForms:
    """The forms around a ticket; one that was sent and refused keeps what was typed."""

    answer: AnswerForm
    filing: FilingForm
    resolve: ResolveForm
    escalate: EscalateForm

    @classmethod
    def around(
        cls, ticket: "Ticket", tried: Iterable[Form], *, agents: Iterable["Person"], topics: Iterable[tuple[str, str]]
    ) -> "TicketForms":
        """Fresh forms for this ticket, but for those that were tried."""
        kept = {type(form): form for form in tried}
        forms = cls(
            answer=cast(AnswerForm, kept.get(AnswerForm) or AnswerForm()),
            filing=cast(FilingForm, kept.get(FilingForm) or _filed(ticket)),
            resolve=cast(ResolveForm, kept.get(ResolveForm) or ResolveForm()),
            escalate=cast(EscalateForm, kept.get(EscalateForm) or EscalateForm()),
        )
        forms.filing.offer(agents, topics, statuses_to_offer(ticket.status))
        # Sent again, a form has seen all that is on the page now.
        forms.answer.seen.data = forms.filing.seen.data = ticket.last_event_number
        forms.escalate.level.data = ticket.escalation_level
        return forms


def _filed(ticket: "Ticket") -> FilingForm:
    assignee = str(ticket.assignee_id) if ticket.assignee_id else NOBODY
    labels = {"assignee": assignee, "status": ticket.status, "priority": ticket.priority, "topic": ticket.topic}
    return FilingForm(data=labels)


class OutcomeForm(Form):
    """What came of a call-back."""

    outcome = SelectField(
        "What happened",
        [DataRequired("Choose what happened")],
        choices=[choice("", "Choose what happened"), *(choice(one, name) for one, name in OUTCOME_NAMES.items())],
    )
    note = StringField("Note (optional)", [Length(max=LONGEST_NOTE)], filters=[clean_text])


class HoursForm(Form):
    """Working hours: for each weekday its stretches, such as "9:00 to 13:00, 14:00 to 17:30", or nothing."""

    monday = StringField("Monday", [Length(max=100)])
    tuesday = StringField("Tuesday", [Length(max=100)])
    wednesday = StringField("Wednesday", [Length(max=100)])
    thursday = StringField("Thursday", [Length(max=100)])
    friday = StringField("Friday", [Length(max=100)])
    saturday = StringField("Saturday", [Length(max=100)])
    sunday = StringField("Sunday", [Length(max=100)])

    @property
    def spans(self) -> list[WeekdaySpan]:
        """The stretches of all days; only after a successful validate()."""
        return [span for weekday, field in enumerate(self) for span in _read_spans(weekday, field.data or "")]

    def validate(self, extra_validators: Any = None) -> bool:  # Any: WTForms' own signature
        is_valid = super().validate(extra_validators)
        for weekday, field in enumerate(self):
            try:
                _read_spans(weekday, field.data or "")
            except ValueError:
                field.errors = (*field.errors, f"Enter {field.label.text}’s hours like 9:00 to 13:00, 14:00 to 17:30")
                is_valid = False
        return is_valid


class DayOffForm(Form):
    """A day on which the helpdesk does not work."""

    day = DateField("Date", [InputRequired("Enter a date, such as 25 December 2026")])
    name = StringField(
        "Name", [DataRequired("Enter a name, such as Christmas Day"), Length(max=80)], filters=[clean_line]
    )


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


def hours_form(calendar: WorkingCalendar) -> HoursForm:
    """The form filled with the hours in force."""
    form = HoursForm()
    for weekday, field in enumerate(form):
        spans = calendar.spans.get(weekday, ())
        field.data = ", ".join(f"{span.starts:%H:%M} to {span.ends:%H:%M}" for span in spans)
    return form


def _read_spans(weekday: int, text: str) -> list[WeekdaySpan]:
    """The stretches that a line names. ValueError when it cannot be read."""
    return [_read_span(weekday, part) for part in text.split(",") if part.strip()]


def _read_span(weekday: int, text: str) -> WeekdaySpan:
    starts, ends = text.split("to")
    return WeekdaySpan(weekday, _read_time(starts), _read_time(ends))


def _read_time(text: str) -> time:
    found = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?", text.strip(), re.ASCII)
    if not found:
        raise ValueError("no time of day")
    return time(int(found[1]), int(found[2] or 0))
