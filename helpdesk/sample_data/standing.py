"""How one sample ticket stands: its deadlines and escalations, counted by the rules that real tickets follow."""

from helpdesk.sample_data.world import Row, Story, World
from helpdesk.tickets.deadlines.counting import Happening, counts_of, next_due, time_taken
from helpdesk.tickets.deadlines.policies import Promise, policy_for
from helpdesk.tickets.escalating import Standing
from helpdesk.tickets.types import (
    EventKind,
    Status,
)

# What decides which policy holds.
FACTS = ("priority", "route", "patient_waiting")
TOOK = {Promise.FIRST_RESPONSE: "first_response_took", Promise.RESOLUTION: "resolution_took"}
# How a ticket stands after something that changes it.
AFTER = {
    EventKind.ASSIGNED: Status.OPEN,
    EventKind.REPLIED: Status.WAITING_FOR_REQUESTER,
    EventKind.REQUESTER_WROTE: Status.OPEN,
    EventKind.STATUS_CHANGED: Status.ON_HOLD,
    EventKind.RESOLVED: Status.SOLVED,
}


def count(story: Story, world: World) -> None:
    """Deadlines as the rules count them from what happened so far."""
    settle(story)
    happenings = [Happening(event["at"], event["kind"], event["status_after"]) for event in story.events]
    targets = policy_for(world.policies, **{name: story.ticket[name] for name in FACTS}).targets
    counts = counts_of(happenings, targets, world.calendar)
    following = counts.get(Promise.NEXT_RESPONSE)
    story.ticket |= {
        "first_response_due_at": counts[Promise.FIRST_RESPONSE].due,
        "next_response_due_at": following.due if following else None,
        "resolution_due_at": counts[Promise.RESOLUTION].due,
        "due_at": next_due(counts),
        "deadlines_counted_at": world.now,
    }
    for promise, column in TOOK.items():
        taken = time_taken(happenings, promise, world.calendar)
        story.ticket[column] = None if taken is None else int(taken.total_seconds())


def settle(story: Story) -> None:
    """Put the events in order, each with how the ticket stood after it."""
    story.events.sort(key=lambda event: event["at"])
    status = Status.NEW
    for event in story.events:
        status = event["status_after"] = AFTER.get(event["kind"], status)


def standing_of(ticket: Row) -> Standing:
    return Standing(
        status=ticket["status"],
        priority=ticket["priority"],
        patient_waiting=ticket["patient_waiting"],
        level=ticket["escalation_level"],
        opened_at=ticket["opened_at"],
        first_response_due=None if ticket["first_response_took"] is not None else ticket["first_response_due_at"],
        next_response_due=ticket["next_response_due_at"],
        resolution_due=ticket["resolution_due_at"],
    )
