"""A rule by which tickets go further, as people fill it in."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from wtforms import BooleanField, Form, SelectField, StringField
from wtforms.validators import DataRequired, Length, StopValidation

from helpdesk.core.plain_text import clean_line
from helpdesk.tickets.escalating import EscalationRule
from helpdesk.tickets.forms.deadlines import ANY, PATIENT_CHOICES, ensure_amount, read_amount
from helpdesk.tickets.presenters.escalation_rules import WHEN_WORDS
from helpdesk.tickets.presenters.words import amount_in_words
from helpdesk.tickets.rules import HIGHEST_LEVEL
from helpdesk.tickets.types import PRIORITY_NAMES, EscalationReason, Priority, Route
from helpdesk.web.forms import choice

if TYPE_CHECKING:
    from helpdesk.accounts.models import Person

ASKS_FOR_TIME = frozenset({EscalationReason.OPEN_TOO_LONG, EscalationReason.NOBODY_ON_SHIFT})


class RuleForm(Form):
    """When a ticket goes further, and what happens then."""

    name = StringField(
        "Name", [DataRequired("Enter a name, such as “Open for a day”"), Length(max=80)], filters=[clean_line]
    )
    when = SelectField(
        "When",
        [DataRequired("Choose when the rule fires")],
        choices=[choice("", "Choose when"), *(choice(reason, words) for reason, words in WHEN_WORDS.items())],
    )
    after = StringField("After how much working time", filters=[clean_line])
    priority = SelectField(
        "Priority", choices=[choice(ANY, "Any"), *(choice(one, name) for one, name in PRIORITY_NAMES.items())]
    )
    patient_waiting = SelectField(
        "A patient is waiting", choices=[choice(ANY, "Either way"), choice("yes", "Yes"), choice("no", "No")]
    )
    level = SelectField(
        "Level", choices=[choice(str(level), str(level)) for level in range(1, HIGHEST_LEVEL + 1)], default="1"
    )
    route = SelectField(
        "Send it to",
        choices=[
            choice(ANY, "Email or phone queue, as the requester wishes"),
            choice(Route.EMAIL, "The helpdesk’s email"),
            choice(Route.PHONE, "The phone queue"),
        ],
    )
    raises_to = SelectField(
        "Raise the priority to",
        choices=[choice(ANY, "Leave it"), *(choice(one, name) for one, name in PRIORITY_NAMES.items())],
    )
    assigns_to = SelectField("Give it to")
    # A new one is tried on the last month before it does anything.
    is_on = BooleanField("The rule is on", default=False)

    def offer(self, agents: Iterable["Person"]) -> None:
        """Fill the list of people."""
        self.assigns_to.choices = [choice(ANY, "Leave it"), *(choice(str(one.id), one.name) for one in agents)]

    def validate_after(self, field: StringField) -> None:
        if self.when.data not in ASKS_FOR_TIME:
            return
        if field.data:
            ensure_amount(field)
        elif self.when.data == EscalationReason.OPEN_TOO_LONG:
            raise StopValidation("Enter after how much working time, such as 8 hours")

    def rule(self, key: str) -> EscalationRule:
        """What was filled in, under that key; only after a successful validate()."""
        needs_time = self.when.data in ASKS_FOR_TIME
        return EscalationRule(
            key=key,
            name=self.name.data or "",
            level=int(self.level.data),
            when=EscalationReason(self.when.data),
            after=(read_amount(self.after.data or "") if needs_time else None) or timedelta(0),
            priority=Priority(self.priority.data) if self.priority.data else None,
            patient_waiting=PATIENT_CHOICES[self.patient_waiting.data],
            route=Route(self.route.data) if self.route.data else None,
            raises_to=Priority(self.raises_to.data) if self.raises_to.data else None,
            assigns_to=UUID(self.assigns_to.data) if self.assigns_to.data else None,
            is_on=bool(self.is_on.data),
        )


def rule_form(rule: EscalationRule) -> RuleForm:
    """The form filled with a rule as it is."""
    patient = {value: text for text, value in PATIENT_CHOICES.items()}[rule.patient_waiting]
    values: dict[str, Any] = {  # Any: what each field takes
        "name": rule.name,
        "when": rule.when,
        "after": amount_in_words(rule.after // timedelta(minutes=1)) if rule.after else "",
        "priority": rule.priority or ANY,
        "patient_waiting": patient,
        "level": str(rule.level),
        "route": rule.route or ANY,
        "raises_to": rule.raises_to or ANY,
        "assigns_to": str(rule.assigns_to or ANY),
        "is_on": rule.is_on,
    }
    return RuleForm(data=values)
