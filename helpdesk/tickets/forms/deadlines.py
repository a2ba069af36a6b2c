"""How much working time is allowed, as people type it."""

import re
from datetime import timedelta
from typing import Any

from wtforms import Form, SelectField, StringField
from wtforms.validators import DataRequired, Length, StopValidation

from helpdesk.core.plain_text import clean_line
from helpdesk.tickets.deadlines.policies import Policy, Promise, Targets
from helpdesk.tickets.presenters.words import amount_in_words
from helpdesk.tickets.types import PRIORITY_NAMES, Priority, Route
from helpdesk.web.forms import choice

ANY = ""
# Four working weeks; more is no deadline.
LONGEST = timedelta(hours=170)
_AMOUNT = re.compile(r"(?:(\d{1,3})\s*(?:h|hours?))?\s*(?:(\d{1,4})\s*(?:m|min|minutes?))?", re.ASCII)
PATIENT_CHOICES = {ANY: None, "yes": True, "no": False}


class PolicyForm(Form):
    """A policy: for which requests it holds, and what it allows."""

    name = StringField("Name", [DataRequired("Enter a name, such as “By phone”"), Length(max=80)], filters=[clean_line])
    priority = SelectField(
        "Priority", choices=[choice(ANY, "Any"), *(choice(one, name) for one, name in PRIORITY_NAMES.items())]
    )
    route = SelectField(
        "How they want to hear from us",
        choices=[choice(ANY, "Any"), choice(Route.EMAIL, "By email"), choice(Route.PHONE, "By phone")],
    )
    patient_waiting = SelectField(
        "A patient is waiting", choices=[choice(ANY, "Either way"), choice("yes", "Yes"), choice("no", "No")]
    )
    first_response = StringField(
        "First reply within", [DataRequired("Enter how soon the first reply is due, such as 4 hours")]
    )
    next_response = StringField(
        "Next reply within", [DataRequired("Enter how soon each later reply is due, such as 4 hours")]
    )
    resolution = StringField(
        "Solved within", [DataRequired("Enter how soon a request must be solved, such as 8 hours")]
    )

    def validate_first_response(self, field: StringField) -> None:
        ensure_amount(field)

    def validate_next_response(self, field: StringField) -> None:
        ensure_amount(field)

    def validate_resolution(self, field: StringField) -> None:
        first, end = read_amount(self.first_response.data or ""), ensure_amount(field)
        if first is not None and end < first:
            raise StopValidation("“Solved within” must be no less than “First reply within”")

    @property
    def policy(self) -> Policy:
        """What was typed; only after a successful validate()."""
        amounts = (self.first_response, self.next_response, self.resolution)
        return Policy(
            name=self.name.data or "",
            targets=Targets(*(ensure_amount(field) for field in amounts)),
            priority=Priority(self.priority.data) if self.priority.data else None,
            route=Route(self.route.data) if self.route.data else None,
            patient_waiting=PATIENT_CHOICES[self.patient_waiting.data],
        )


class WhatIfForm(Form):
    """Another target, to see how often it would have been kept."""

    promise = SelectField(
        "Deadline", choices=[choice(Promise.FIRST_RESPONSE, "First reply"), choice(Promise.RESOLUTION, "Solved")]
    )
    target = StringField(
        "Working time", [DataRequired("Enter the working time to try, such as 4 hours")], default="4 hours"
    )
    priority = SelectField(
        "Priority", choices=[choice(ANY, "All"), *(choice(one, name) for one, name in PRIORITY_NAMES.items())]
    )

    def validate_target(self, field: StringField) -> None:
        ensure_amount(field)

    @property
    def amount(self) -> timedelta:
        """What was typed; only after a successful validate()."""
        return ensure_amount(self.target)


def policy_form(policy: Policy) -> PolicyForm:
    """The form filled with a policy as it is."""
    patient = {value: text for text, value in PATIENT_CHOICES.items()}[policy.patient_waiting]
    values: dict[str, Any] = {  # Any: what each field takes
        "name": policy.name,
        "priority": policy.priority or ANY,
        "route": policy.route or ANY,
        "patient_waiting": patient,
        "first_response": _typed(policy.targets.first_response),
        "next_response": _typed(policy.targets.next_response),
        "resolution": _typed(policy.targets.resolution),
    }
    return PolicyForm(data=values)


def read_amount(text: str) -> timedelta | None:
    """Working time from '4 hours', '1 h 30 min', '45 minutes'; None when it cannot be read or makes no sense."""
    found = _AMOUNT.fullmatch(text.strip().lower())
    amount = timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0)) if found else timedelta(0)
    return amount if timedelta(0) < amount <= LONGEST else None


def ensure_amount(field: StringField) -> timedelta:
    """The working time that the field holds. StopValidation, with the field's name, where it cannot be read."""
    amount = read_amount(field.data or "")
    if amount is None:
        raise StopValidation(f"“{field.label.text}” must be a time like 4 hours or 45 minutes, 170 hours at most")
    return amount


def _typed(amount: timedelta) -> str:
    return amount_in_words(amount // timedelta(minutes=1))
