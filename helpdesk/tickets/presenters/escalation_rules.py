"""Rules by which tickets go further, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from flask import url_for

from helpdesk.tickets.escalating import EscalationRule
from helpdesk.tickets.presenters.words import amount_in_words
from helpdesk.tickets.types import PRIORITY_NAMES, EscalationReason, Route
from helpdesk.web.filters import day, moment

if TYPE_CHECKING:
    from helpdesk.tickets.service.escalation_rules import DryRun

WHEN_WORDS = {
    EscalationReason.PATIENT_WAITING: "A patient is waiting",
    EscalationReason.URGENT: "The priority is urgent",
    EscalationReason.NOT_ANSWERED: "The first reply is late",
    EscalationReason.NEXT_NOT_ANSWERED: "A later reply is late",
    EscalationReason.NOT_RESOLVED: "It is not solved in time",
    EscalationReason.OPEN_TOO_LONG: "It has been open for",
    EscalationReason.ASKED_AGAIN: "The same person asks for the third time within a week",
    EscalationReason.NOBODY_ON_SHIFT: "No agent is logged in during working hours",
}
ROUTE_WORDS = {
    None: "goes to the helpdesk’s email or the phone queue, as the requester wishes",
    Route.EMAIL: "goes to the helpdesk’s email",
    Route.PHONE: "goes to the phone queue, or to the helpdesk’s email where we have no number",
}
CANNOT_BE_TRIED = "Nobody kept who was logged in last month, so this rule cannot be tried on the past."
SHOWN = 50


@dataclass(frozen=True)
class RuleRow:
    """One rule in a list."""

    name: str
    level: str
    when: str
    then: str
    is_on: bool
    edit_url: str
    switch_url: str
    try_url: str


@dataclass(frozen=True)
class DryRunPage:
    """What a rule would have done in the last month, and the switch to make it so from now on."""

    name: str
    when: str
    state: str
    switch: str
    switch_url: str
    finding: str
    # When, reference, summary.
    rows: list[tuple[str, str, str]]
    note: str


def rule_rows(rules: Iterable[EscalationRule], people: Mapping[UUID, str]) -> list[RuleRow]:
    """Each rule as a sentence of when and then."""
    return [
        RuleRow(
            name=rule.name,
            level=f"Level {rule.level}",
            when=when_in_words(rule),
            then=_then(rule, people),
            is_on=rule.is_on,
            edit_url=url_for("tickets.escalation_rules.edit", key=rule.key),
            switch_url=url_for("tickets.escalation_rules.switch_rule", key=rule.key),
            try_url=url_for("tickets.escalation_rules.try_rule", key=rule.key),
        )
        for rule in rules
    ]


def when_in_words(rule: EscalationRule) -> str:
    """Such as 'The first reply is late, high priority'."""
    said = [WHEN_WORDS[rule.when]]
    if rule.when is EscalationReason.OPEN_TOO_LONG:
        said = [f"{said[0]} {amount_in_words(rule.after // timedelta(minutes=1))} of working time"]
    elif rule.after:
        said.append(f"open for {amount_in_words(rule.after // timedelta(minutes=1))}")
    if rule.priority:
        said.append(f"{PRIORITY_NAMES[rule.priority].lower()} priority")
    if rule.patient_waiting is not None:
        said.append("a patient is waiting" if rule.patient_waiting else "no patient is waiting")
    return ", ".join(said)


def dry_run_page(run: "DryRun", rule: EscalationRule) -> DryRunPage:
    """How often, and to which tickets."""
    can_be_tried = rule.when is not EscalationReason.NOBODY_ON_SHIFT
    shown = run.fired[:SHOWN] if can_be_tried else []
    return DryRunPage(
        name=rule.name,
        when=when_in_words(rule),
        state="This rule is on." if rule.is_on else "This rule is off, so it does nothing yet.",
        switch="Switch off" if rule.is_on else "Switch on",
        switch_url=url_for("tickets.escalation_rules.switch_rule", key=rule.key),
        finding=_finding(run) if can_be_tried else CANNOT_BE_TRIED,
        rows=[(moment(at), ticket.reference, ticket.summary) for ticket, at in shown],
        note=_note(run) if can_be_tried else "",
    )


def _finding(run: "DryRun") -> str:
    count = len(run.fired)
    times = {0: "not once", 1: "once"}.get(count, f"{count:,} times")
    return f"Since {day(run.since)} it would have fired {times}, for {run.tried:,} requests."


def _note(run: "DryRun") -> str:
    said = [
        f"The newest {SHOWN} are shown." if len(run.fired) > SHOWN else "",
        f"Only the newest {run.tried:,} requests were looked at." if run.is_cut else "",
    ]
    return " ".join(part for part in said if part)


def _then(rule: EscalationRule, people: Mapping[UUID, str]) -> str:
    said = [f"It {ROUTE_WORDS[rule.route]}"]
    if rule.raises_to:
        said.append(f"becomes {PRIORITY_NAMES[rule.raises_to].lower()}")
    if rule.assigns_to:
        said.append(f"is given to {people.get(rule.assigns_to, 'somebody who has left')}")
    return ", ".join(said)
