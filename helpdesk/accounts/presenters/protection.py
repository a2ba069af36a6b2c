"""How a log-in stands, in words."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.accounts.types.log_ins import AccountProtection
from helpdesk.core import clock
from helpdesk.web.filters import day, duration, moment


@dataclass(frozen=True)
class Standing:
    """Plain words where all is well; otherwise a tag, so that it stands out in a list."""

    text: str
    colour: str = ""


def standing(protection: AccountProtection | None) -> Standing:
    """Such as 'Set up, since 3 March 2026' or 'Locked for 12 minutes'."""
    if protection is None:
        return Standing("Not set up", "yellow")
    if protection.is_suspended:
        return Standing("Log-in stopped", "red")
    if protection.is_closed:
        return Standing("Locked", "red")
    if protection.locked_until is not None:
        return Standing(f"Locked for {duration(protection.locked_until - clock.now())}", "orange")
    return Standing(f"Set up, since {day(protection.since)}")


def protection_facts(protection: AccountProtection | None, last_log_in: datetime | None) -> list[tuple[str, str]]:
    """The same of one person, with what helps whoever is asked for a reset."""
    last = moment(last_log_in) if last_log_in else "Never"
    facts = [("State", _in_full(protection)), ("Last logged in", last[:1].upper() + last[1:])]
    if protection is not None:
        facts.append(("Authenticator entry", _entry(protection.generation)))
        facts.append(("Recovery codes left", str(protection.recovery_codes_left)))
    return facts


def _in_full(protection: AccountProtection | None) -> str:
    if protection is not None and protection.is_closed:
        return "Locked after 50 wrong codes. A link by email opens it"
    return standing(protection).text


def _entry(generation: int) -> str:
    """The number that stands in its name, so that the right one is used."""
    return "The first, without a number" if generation == 1 else f"The one that ends in ({generation})"
