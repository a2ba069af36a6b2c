"""Resets of many people at once, in words."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from flask import url_for
from markupsafe import Markup

from helpdesk.core.actor import Actor
from helpdesk.mfa.presenters.reset_words import STATE_NAMES
from helpdesk.mfa.queries.bulk_resets import others_of
from helpdesk.mfa.rules.resets import OPEN
from helpdesk.mfa.types.resets import BulkState, ResetState
from helpdesk.web.filters import moment, number

if TYPE_CHECKING:
    from helpdesk.accounts.models import Person
    from helpdesk.mfa.models.resets import BulkReset, BulkResetPerson, MfaReset

_NAMES = {BulkState.REQUESTED: "Waits for approval", BulkState.APPROVED: "Going on", BulkState.STOPPED: "Stopped"}
_NOBODY_ELSE = "Nobody can approve this list: there is no other platform administrator. Add one first."
_COLOURS = {BulkState.REQUESTED: "yellow", BulkState.APPROVED: "aqua-green", BulkState.STOPPED: "red"}


@dataclass(frozen=True)
class BulkPage:
    """One list of people, and how far it has come."""

    id: str
    title: str
    status: str
    colour: str
    facts: list[tuple[str, str]]
    # Name with a link to the reset, address, and how far it has come.
    people: list[tuple[str, str, str]]
    list_hash: str
    may_approve: bool
    may_stop: bool
    left_out: str
    # That nobody is there who could approve it; '' otherwise.
    warning: str


def bulk_page(
    actor: Actor,
    bulk: "BulkReset",
    people: "Sequence[BulkResetPerson]",
    *,
    resets: "Mapping[UUID, MfaReset]",
    privileged: Set[UUID],
    left_out: "Sequence[Person]",
) -> BulkPage:
    """The page about one list."""
    state = BulkState(bulk.state)
    return BulkPage(
        id=str(bulk.id),
        title=f"Reset {number(len(people))} {'person' if len(people) == 1 else 'people'}",
        status=_NAMES[state],
        colour=_COLOURS[state],
        facts=_facts(bulk, people, resets),
        people=[_line(line, resets.get(line.person_id), line.person_id in privileged) for line in people],
        list_hash=bulk.list_hash,
        may_approve=state is BulkState.REQUESTED and bulk.requested_by_id != actor.person_id,
        may_stop=state is not BulkState.STOPPED,
        left_out=left_out_words(left_out),
        warning=_NOBODY_ELSE if state is BulkState.REQUESTED and not others_of(left_out, bulk.requested_by_id) else "",
    )


def bulk_rows(bulks: "Sequence[BulkReset]") -> list[tuple[str, str, str]]:
    """Address, when and by whom, and the state of each."""
    return [
        (
            url_for("resets.bulk.show", bulk_id=bulk.id),
            f"{moment(bulk.created_at).capitalize()}, by {bulk.requested_by.name}",
            _NAMES[BulkState(bulk.state)],
        )
        for bulk in bulks
    ]


def left_out_words(people: "Sequence[Person]") -> str:
    """Who is on no list, so that somebody is left to let the others in."""
    names = ", ".join(person.name for person in people)
    return f"Platform administrators are left out, because they let the others in again: {names}."


def _facts(
    bulk: "BulkReset", people: "Sequence[BulkResetPerson]", resets: "Mapping[UUID, MfaReset]"
) -> list[tuple[str, str]]:
    facts = [("Asked for", f"{bulk.requested_by.name}, {moment(bulk.created_at)}")]
    if bulk.approved_by and bulk.approved_at:
        facts.append(("Approved", f"{bulk.approved_by.name}, {moment(bulk.approved_at)}"))
        done = sum(reset.state == ResetState.COMPLETED for reset in resets.values())
        facts.append(("Progress", f"{len(resets)} of {len(people)} started, {done} done"))
    return [*facts, ("Fingerprint of the list", bulk.list_hash)]


def _line(line: "BulkResetPerson", reset: "MfaReset | None", is_privileged: bool) -> tuple[str, str, str]:
    if reset is None:
        state = "Has another reset, or is not in use" if line.handled_at else "Not started"
        return line.person.name, line.person.email, state
    address = url_for("resets.steps.show", reset_id=reset.id)
    name = Markup('<a href="{}">{}</a>').format(address, line.person.name)
    needs_call = is_privileged and reset.state in OPEN and reset.spoken_code_shown_at is None
    state = STATE_NAMES[ResetState(reset.state)]
    return name, line.person.email, f"{state}. Ring them and read out a code." if needs_call else state
