"""One reset, and the list of them, in words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from helpdesk.accounts.types.directory import ROLE_NAMES, Role
from helpdesk.mfa.presenters.reset_steps import Step, steps_of
from helpdesk.mfa.presenters.reset_words import state_colour, state_words
from helpdesk.mfa.queries.reset_lists import ResetRows
from helpdesk.mfa.service.resets.offers import Offers
from helpdesk.mfa.types.resets import (
    RESET_REASON_NAMES,
    SECOND_REASON_NAMES,
    EvidenceMethod,
    ResetReason,
    ResetState,
    ResetView,
)
from helpdesk.web.filters import day, moment

if TYPE_CHECKING:
    from helpdesk.accounts.models import Person
    from helpdesk.mfa.models.resets import MfaReset

VIEW_NAMES = {ResetView.WAITING: "Waiting for me", ResetView.OPEN: "All open", ResetView.CLOSED: "Closed"}
_EMPTY = {
    ResetView.WAITING: ("Nothing waits for you", "What you can check or approve shows here."),
    ResetView.OPEN: ("No reset is open", "Start one from a person’s page or from a request."),
    ResetView.CLOSED: ("No reset has ended yet", "Those that ended show here, the newest first."),
}


@dataclass(frozen=True)
class ResetPage:
    """One reset as one reader sees it."""

    id: str
    title: str
    status: str
    colour: str
    version: int
    facts: list[tuple[str, str]]
    steps: list[Step]
    offers: Offers
    # What is on record to ring, in words.
    phone: str
    hints: dict[str, str]
    # What to say to somebody who is refused.
    sentence: str
    second: str
    ended: str


@dataclass(frozen=True)
class ResetRow:
    """A line of the list."""

    name: str
    url: str
    reason: str
    status: str
    colour: str
    asked: str


@dataclass(frozen=True)
class ResetList:
    """A page of resets in one view."""

    title: str
    # Name, address, and whether it is the one that is shown.
    views: list[tuple[str, str, bool]]
    rows: list[ResetRow]
    first_url: str
    next_url: str
    empty_title: str
    empty_text: str


def reset_page(reset: "MfaReset", offers: Offers) -> ResetPage:
    """The page about one reset."""
    return ResetPage(
        id=str(reset.id),
        title=f"Reset how {reset.person.name} logs in",
        status=state_words(reset),
        colour=state_colour(reset),
        version=reset.version,
        facts=_facts(reset),
        steps=steps_of(reset, mail=offers.mail, outward=offers.outward),
        offers=offers,
        phone=phone_words(offers),
        hints={EvidenceMethod.CALL_BACK: "First show the number to ring."},
        sentence=refusal_sentence(offers),
        second=_second_words(offers),
        ended=_ended(reset),
    )


def person_facts(person: "Person") -> list[tuple[str, str]]:
    """Whose log-in it is, so that nobody resets a namesake's."""
    roles = [
        f"{ROLE_NAMES[Role(one.role)]}, {one.organisation.name}" for one in person.memberships if one.ended_at is None
    ]
    return [("Name", person.name), ("Email address", person.email), ("Roles", "; ".join(roles) or "None now")]


def phone_words(offers: Offers) -> str:
    """What is on record to ring: the last digits alone, so that nobody learns the number by asking."""
    if offers.phone is None:
        return "No phone number is on record."
    shown = f"The number on record ends in {offers.phone.ending}, since {day(offers.phone.since)}."
    return shown if offers.phone_counts else f"{shown} It is too new to count."


def refusal_sentence(offers: Offers) -> str:
    """A sentence that an agent can read out to a caller."""
    if offers.phone_counts:
        return (
            "“I cannot reset this while I have only this call to go by. "
            "You can wait for my call to the number that we hold, or ask your administrator to confirm that it is you.”"
        )
    return (
        "“I cannot reset this while we hold no phone number that has been yours for 14 days. "
        "You can show me your face and badge on video, or ask your administrator to confirm that it is you.”"
    )


def reset_list(page: ResetRows, view: ResetView, *, is_first: bool) -> ResetList:
    """A page of the list."""
    empty_title, empty_text = _EMPTY[view]
    return ResetList(
        title="Resets",
        views=[(name, url_for("resets.listing.show", view=one), one is view) for one, name in VIEW_NAMES.items()],
        rows=[_row(reset) for reset in page.resets],
        first_url="" if is_first else url_for("resets.listing.show", view=view),
        next_url=url_for("resets.listing.show", view=view, after=page.after) if page.after else "",
        empty_title=empty_title,
        empty_text=empty_text,
    )


def _facts(reset: "MfaReset") -> list[tuple[str, str]]:
    facts = person_facts(reset.person)
    return [*facts, ("Request", reset.ticket_reference)] if reset.ticket_reference else facts


def _second_words(offers: Offers) -> str:
    if not offers.needs_second:
        return ""
    reasons = ", ".join(SECOND_REASON_NAMES[one] for one in offers.needs_second)
    return f"One person has approved it. A second must, because {reasons}."


def _ended(reset: "MfaReset") -> str:
    if reset.state == ResetState.DISPUTED:
        return "Somebody who reads this person’s mail said that it was not theirs. The next reset needs two people."
    if reset.state == ResetState.EXPIRED:
        return "It was not decided or not used in time. If they still need it, start a new reset."
    if reset.state == ResetState.CANCELLED and reset.not_before:
        return "What was stopped when it was approved stays stopped. To let them in again, start a new reset."
    return ""


def _row(reset: "MfaReset") -> ResetRow:
    return ResetRow(
        name=reset.person.name,
        url=url_for("resets.steps.show", reset_id=reset.id),
        reason=RESET_REASON_NAMES[ResetReason(reset.reason)],
        status=state_words(reset),
        colour=state_colour(reset),
        asked=f"{moment(reset.created_at).capitalize()}, by {reset.requested_by.name}",
    )
