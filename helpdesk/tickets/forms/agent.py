"""What agents fill in about a ticket: labels, limits and the words that say what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from uuid import UUID

from wtforms import (
    Form,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length

from helpdesk.core.plain_text import clean_text
from helpdesk.tickets.forms.requester import MessageForm
from helpdesk.tickets.rules import statuses_to_offer
from helpdesk.tickets.types import (
    OUTCOME_NAMES,
    PRIORITY_NAMES,
    STATUS_NAMES,
    AnswerKind,
    Filing,
    Priority,
    Route,
    Status,
)
from helpdesk.web.forms import choice

if TYPE_CHECKING:
    from helpdesk.accounts.models import Person
    from helpdesk.tickets.models.drafts import TicketDraft
    from helpdesk.tickets.models.ticket import Ticket

LONGEST_NOTE = 1_000
NOBODY = ""


class AnswerForm(MessageForm):
    """An agent's reply or internal note, and the last event that the agent has seen."""

    kind = RadioField(
        "Who will see this",
        choices=[choice(AnswerKind.REPLY, "Reply"), choice(AnswerKind.NOTE, "Internal note")],
        default=AnswerKind.REPLY,
    )
    seen = IntegerField("Last event seen", [InputRequired("Reload the page, then send again")])


class DraftForm(Form):
    """An answer that is being written, of any length: what is too long is told when it is sent."""

    kind = RadioField("Who will see this", choices=[choice(kind, kind) for kind in AnswerKind], coerce=AnswerKind)
    text = TextAreaField("Your message", filters=[clean_text])
    seen = IntegerField("Last event seen", [InputRequired()])


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
        cls,
        ticket: "Ticket",
        tried: Iterable[Form],
        *,
        draft: "TicketDraft | None",
        agents: Iterable["Person"],
        topics: Iterable[tuple[str, str]],
    ) -> "TicketForms":
        """Fresh forms for this ticket, but for those that were tried, and the answer that was begun."""
        kept = {type(form): form for form in tried}
        forms = cls(
            answer=cast(AnswerForm, kept.get(AnswerForm) or _begun(draft)),
            filing=cast(FilingForm, kept.get(FilingForm) or _filed(ticket)),
            resolve=cast(ResolveForm, kept.get(ResolveForm) or ResolveForm()),
            escalate=cast(EscalateForm, kept.get(EscalateForm) or EscalateForm()),
        )
        forms.filing.offer(agents, topics, statuses_to_offer(ticket.status))
        # Sent again, a form has seen all that is on the page now.
        forms.answer.seen.data = forms.filing.seen.data = ticket.last_event_number
        forms.escalate.level.data = ticket.escalation_level
        return forms


def _begun(draft: "TicketDraft | None") -> AnswerForm:
    return AnswerForm(data={"kind": draft.kind, "text": draft.text}) if draft else AnswerForm()


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
