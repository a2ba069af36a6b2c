"""The five steps of a reset, each with what was done: a list that shows how far it has come."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk.mail.types import MailState
from helpdesk.mfa.types.resets import RESET_REASON_NAMES, EvidenceMethod, EvidenceOutcome, ResetReason, ResetState
from helpdesk.web.filters import moment

if TYPE_CHECKING:
    from helpdesk.mfa.models.resets import MfaReset, ResetEvidence

_HOW = {
    EvidenceMethod.CALL_BACK: "rang the number on record",
    EvidenceMethod.IN_PERSON: "met them at the pharmacy",
    EvidenceMethod.VIDEO: "saw them and their badge on video",
    EvidenceMethod.MANAGER: "confirmed it as their administrator",
}
_MAIL = {
    MailState.QUEUED: "The mail is waiting to leave.",
    MailState.SENDING: "The mail is waiting to leave.",
    MailState.SENT: "The mail has left.",
    MailState.FAILED: "The mail could not be delivered. Send a new link.",
}
_TITLES = ("Asked for", "Who they are", "Approval", "Link", "Set-up")
# How many of the steps are done in each state; those that ended early are asked from their times.
_DONE = {
    ResetState.REQUESTED: 1,
    ResetState.CHECKED: 2,
    ResetState.APPROVED: 3,
    ResetState.ISSUED: 4,
    ResetState.COMPLETED: 5,
}


@dataclass(frozen=True)
class Step:
    """One step: whether it is done, what is known about it, and whether it is the one to do now."""

    title: str
    state: str
    lines: tuple[str, ...]
    is_done: bool
    is_next: bool


def steps_of(reset: "MfaReset", *, mail: MailState | None, outward: str = "") -> list[Step]:
    """All five, in their order."""
    done, is_over = _steps_done(reset), ResetState(reset.state) not in _DONE
    lines = (_asked(reset), _checked(reset), _approved(reset), _sent(reset, mail, outward), _set_up(reset, outward))
    return [
        Step(
            title=title,
            state=_state(number, done, is_over=is_over),
            lines=lines[number],
            is_done=number < done,
            is_next=number == done and not is_over,
        )
        for number, title in enumerate(_TITLES)
    ]


def _steps_done(reset: "MfaReset") -> int:
    times = (reset.checked_at, reset.not_before, reset.issued_at, reset.completed_at)
    return _DONE.get(ResetState(reset.state)) or 1 + sum(time is not None for time in times)


def _state(number: int, done: int, *, is_over: bool) -> str:
    if number < done:
        return "Done"
    if is_over:
        return "Not done"
    return "To do now" if number == done else "Later"


def _asked(reset: "MfaReset") -> tuple[str, ...]:
    return (
        f"{reset.requested_by.name}, {moment(reset.created_at)}.",
        f"{RESET_REASON_NAMES[ResetReason(reset.reason)]}.",
    )


def _checked(reset: "MfaReset") -> tuple[str, ...]:
    if reset.bulk_id is not None:
        return ("Not checked: reset of many people after an incident.",)
    return tuple(_evidence(one) for one in reset.evidence)


def _evidence(one: "ResetEvidence") -> str:
    how = _HOW[EvidenceMethod(one.method)]
    if one.outcome == EvidenceOutcome.CONFIRMED:
        return f"{one.by.name} {how}, {moment(one.created_at)}."
    return f"{one.by.name} could not confirm it, {moment(one.created_at)}."


def _approved(reset: "MfaReset") -> tuple[str, ...]:
    lines = []
    if reset.approved_by and reset.approved_at:
        lines.append(f"{reset.approved_by.name}, {moment(reset.approved_at)}.")
    if reset.second_by and reset.second_at:
        lines.append(f"{reset.second_by.name}, {moment(reset.second_at)}.")
    return tuple(lines)


def _sent(reset: "MfaReset", mail: MailState | None, outward: str) -> tuple[str, ...]:
    if reset.issued_at is None:
        if reset.state != ResetState.APPROVED or reset.not_before is None:
            return ()
        waits = f"The link is made {moment(reset.not_before)}."
        return (f"{waits} Another system must be ready first.", outward) if outward else (waits,)
    lines = [f"To the address on record, {moment(reset.issued_at)}."]
    if mail is not None:
        lines.append(_MAIL[mail])
    if reset.state == ResetState.ISSUED and reset.expires_at:
        lines.append(f"It works until {moment(reset.expires_at)}.")
    return tuple(lines)


def _set_up(reset: "MfaReset", outward: str) -> tuple[str, ...]:
    if not reset.completed_at:
        is_next = reset.state == ResetState.ISSUED
        return (f"{reset.person.name} opens the link and scans a new QR code.",) if is_next else ()
    done = f"{moment(reset.completed_at).capitalize()}."
    return (done, "Not yet at the other system, which must know it, too.", outward) if outward else (done,)
