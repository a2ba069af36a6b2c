"""A reset beside a request for help: for the agent what to do, for the requester where it stands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from helpdesk.mfa.presenters.reset_words import state_colour, state_words
from helpdesk.mfa.presenters.resets import phone_words, refusal_sentence
from helpdesk.mfa.service.resets.offers import Offers
from helpdesk.mfa.types.resets import EvidenceMethod, ResetState

if TYPE_CHECKING:
    from helpdesk.accounts.models import Person
    from helpdesk.mfa.models.resets import MfaReset

_SHOWN = {
    EvidenceMethod.CALL_BACK: "a call to the number on record",
    EvidenceMethod.IN_PERSON: "a meeting at the pharmacy",
    EvidenceMethod.VIDEO: "video with the badge",
    EvidenceMethod.MANAGER: "their administrator",
}
# A heading and a sentence for each state.
_FOR_REQUESTER = {
    ResetState.REQUESTED: (
        "We make sure that it is you",
        "We may call you on the number that we hold. We never ask for a code or a password.",
    ),
    ResetState.CHECKED: (
        "We know that it is you",
        "An administrator now approves that your log-in is reset.",
    ),
    ResetState.APPROVED: (
        "Your reset is approved",
        "You get a link by email, at the address that we hold for you.",
    ),
    ResetState.ISSUED: (
        "We have sent you a link",
        "Open the email that we sent to the address that we hold. Have your password and your phone ready.",
    ),
    ResetState.COMPLETED: ("Your log-in was reset", "Log in with your password and a code of the new entry."),
    ResetState.EXPIRED: ("The reset ran out", "The link was not used in time. Write below to start again."),
    ResetState.REJECTED: ("The reset was not approved", "Write below, or ask the administrator of your pharmacy."),
    ResetState.CANCELLED: ("The reset was cancelled", "Write below if you still need it."),
    ResetState.DISPUTED: ("The reset was stopped", "Call the helpdesk. Two people have to approve the next one."),
}


@dataclass(frozen=True)
class ResetPanel:
    """What an agent sees beside the request."""

    text: str
    status: str = ""
    colour: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    sentence: str = ""
    url: str = ""
    button: str = ""


def open_panel(reset: "MfaReset", offers: Offers) -> ResetPanel:
    """A reset that is going on, or was the last of this request."""
    missing = [_SHOWN[method] for method in offers.methods if method not in offers.fresh]
    facts = [
        ("There is", _listed([_SHOWN[method] for method in EvidenceMethod if method in offers.fresh]) or "Nothing yet"),
        ("Could be added", _listed(missing)),
        ("On record", phone_words(offers)),
    ]
    is_undecided = reset.state in (ResetState.REQUESTED, ResetState.CHECKED)
    return ResetPanel(
        text=f"For {reset.person.name}.",
        status=state_words(reset),
        colour=state_colour(reset),
        facts=tuple((name, value) for name, value in facts if value) if is_undecided else (),
        sentence=refusal_sentence(offers) if is_undecided else "",
        url=url_for("resets.steps.show", reset_id=reset.id),
        button="Open the reset",
    )


def found_panel(person: "Person", *, url: str = "", why_not: str = "") -> ResetPanel:
    """Somebody with an account writes from its address; that alone does not show that it is them."""
    if why_not:
        return ResetPanel(text=f"{person.name} has an account with this email address. {why_not}")
    return ResetPanel(
        text="The account was found by the email address of the request. That does not show yet who wrote it.",
        url=url,
        button=f"Start a reset for {person.name}",
    )


def unknown_panel(url: str) -> ResetPanel:
    """Nobody has an account with the address of the request."""
    return ResetPanel(
        text="Nobody has an account here with the email address of this request.",
        url=url,
        button="Find the account by its address",
    )


def requester_words(reset: "MfaReset") -> tuple[str, str]:
    """A heading and what to do."""
    return _FOR_REQUESTER[ResetState(reset.state)]


def _listed(names: list[str]) -> str:
    text = ", ".join(names)
    return text[:1].upper() + text[1:]
