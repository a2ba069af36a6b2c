"""What somebody reads who gave the right password and has no entry whose codes could be asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from helpdesk.mfa.rules.resets import OPEN
from helpdesk.mfa.types.resets import ResetState
from helpdesk.web.filters import moment

if TYPE_CHECKING:
    from helpdesk.mfa.models.resets import MfaReset


@dataclass(frozen=True)
class NoFactorPage:
    """Why there is none, and what to do."""

    title: str
    sentences: tuple[str, ...]


_NEVER_SET_UP = NoFactorPage(
    "You need a set-up link",
    (
        "Your password is right, but your account has no authenticator yet. It cannot be used without one.",
        "Ask the person who invited you to send you a set-up link. It comes by email and works for 24 hours.",
    ),
)
_WAITS = {
    ResetState.REQUESTED: "It is being checked. You get a link by email when it is approved.",
    ResetState.CHECKED: "It is being checked. You get a link by email when it is approved.",
    ResetState.APPROVED: "It is approved. You get a link by email.",
}


def no_factor_page(latest: "MfaReset | None", *, was_set_up: bool) -> NoFactorPage:
    """By the latest reset of an account that was set up once."""
    if not was_set_up:
        return _NEVER_SET_UP
    if latest is not None and latest.state in OPEN:
        return NoFactorPage("Your log-in is being reset", (_going_on(ResetState(latest.state), latest.expires_at),))
    is_disputed = latest is not None and latest.state == ResetState.DISPUTED
    next_step = "Call the helpdesk. Two people must approve the next reset." if is_disputed else "Call the helpdesk."
    return NoFactorPage("Your log-in was stopped", (next_step,))


def _going_on(state: ResetState, expires_at: datetime | None) -> str:
    if state is ResetState.ISSUED and expires_at:
        return f"Open the link in our email. It works until {moment(expires_at)}."
    return _WAITS[state]
