"""What a change does to the labelled messages, in words."""

from helpdesk.faq.types import Effect, Shift

NOTHING = "no answer"


def counted_effect(effect: Effect) -> str:
    """12 better, 1 worse of 2,899 messages."""
    return f"{len(effect.better):,} better, {len(effect.worse):,} worse of {effect.total:,} messages"


def shift_line(shift: Shift) -> str:
    """'lost phone' now goes to authenticators/new-phone (was authenticators/lost-phone)."""
    return f"'{shift.text}' now goes to {shift.now or NOTHING} (was {shift.was or NOTHING})"
