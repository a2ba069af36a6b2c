"""What happened to one sample ticket, as rows: told from its number alone, by the rules that real tickets follow."""

import random
from datetime import datetime, timedelta

from helpdesk.sample_data.standing import count, settle, standing_of
from helpdesk.sample_data.words import FIRST_NAMES, LAST_NAMES, OTHER_PROBLEM, PROBLEMS
from helpdesk.sample_data.world import Row, Story, World, key_of, make_id, make_reference
from helpdesk.tickets.escalating import due_rule, next_firing
from helpdesk.tickets.rules import (
    DONE,
    FIRST_RESPONSE_WITHIN,
    PAUSED,
    RESOLVED_WITHIN,
    SOLVED_BECOMES_CLOSED_AFTER,
)
from helpdesk.tickets.types import (
    REASON_NAMES,
    STATUS_NAMES,
    CallBackOutcome,
    CallBackState,
    EscalationReason,
    EventKind,
    Priority,
    Route,
    Status,
)

STILL_OPEN = 0.35
# Of those that no rule escalates; with the others it makes about a quarter.
ESCALATED_BY_AN_AGENT = 0.2
OLDEST = timedelta(days=120)
# Of the open ones; so that escalations are spread over the weeks and not all of this one.
LONG_OVERDUE = 0.1


def make_story(world: World, number: int) -> Story:
    """One ticket, from its number alone: open with a deadline near now, or done within the last months."""
    rng = random.Random(f"{world.seed}:{number}")  # noqa: S311  # nothing secret: made to be the same again
    status = _status(rng)
    patient_waiting = rng.random() < 0.06
    priority = Priority.URGENT if patient_waiting else rng.choices(list(Priority), (3, 15, 70, 12))[0]
    opened_at = _opening(rng, world.now, priority, status)
    story = Story(_ticket(rng, world, number, opened_at))
    story.ticket |= {"status": status, "priority": priority, "patient_waiting": patient_waiting}
    _tell(story, EventKind.OPENED, opened_at, story.ticket["requester_name"], story.ticket["summary"])
    count(story, world)
    _answer(rng, story, world)
    _talk(story, world, number)
    _hold(story, world)
    _end(rng, story, world)
    count(story, world)
    _escalate(rng, story, world)
    _call_back(rng, story)
    _number_events(rng, story)
    return story


def _status(rng: random.Random) -> Status:
    if rng.random() >= STILL_OPEN:
        return Status.CLOSED
    running = (Status.NEW, Status.OPEN, Status.WAITING_FOR_REQUESTER, Status.ON_HOLD)
    return rng.choices(running, (35, 35, 22, 8))[0]


def _opening(rng: random.Random, now: datetime, priority: Priority, status: Status) -> datetime:
    """When it was opened: of a running ticket so that the deadline that counts lies near now."""
    if status in DONE:
        return now - timedelta(hours=3) - OLDEST * rng.betavariate(1, 1.3)
    just_opened = now - timedelta(minutes=rng.uniform(2, 300))
    if rng.random() < LONG_OVERDUE:
        return just_opened - OLDEST * rng.random()
    allowed = FIRST_RESPONSE_WITHIN if status is Status.NEW else RESOLVED_WITHIN
    return min(now + timedelta(hours=rng.triangular(-6, 40, 5)) - allowed[priority], just_opened)


def _ticket(rng: random.Random, world: World, number: int, opened_at: datetime) -> Row:
    first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
    site_id, site_name = rng.choice(world.sites)
    topic = rng.choices(world.topics, [1 / (place + 1.5) for place in range(len(world.topics))])[0]
    return {
        "id": make_id(rng),
        "created_at": opened_at,
        "updated_at": opened_at,
        "reference": make_reference(rng, world.references),
        "pin_hash": world.pin_hash,
        "idempotency_key": key_of(world.seed, number),
        "requester_name": f"{first} {last}",
        "requester_email": f"{first}.{last}{number % 97}@pharmacy.example".lower(),
        "requester_phone": f"020 7946 0{rng.randrange(1000):03}",
        "organisation_name": site_name,
        "organisation_id": site_id,
        "route": Route.PHONE if rng.random() < 0.3 else Route.EMAIL,
        "topic": topic,
        "summary": f"{PROBLEMS.get(topic, OTHER_PROBLEM)}, {first} at {site_name}",
        "transcript": [],
        "opened_at": opened_at,
        "first_responded_at": None,
        "taken_over_at": None,
        "assignee_id": None,
        "resolved_at": None,
        "escalation_level": 0,
    }


def _answer(rng: random.Random, story: Story, world: World) -> None:
    """Somebody takes every ticket that is not new, and writes."""
    ticket = story.ticket
    if ticket["status"] is Status.NEW:
        return
    agent_id, agent = rng.choice(world.agents) if world.agents else (None, "Helpdesk")
    late = rng.uniform(0.1, 1.1) * (ticket["first_response_due_at"] - ticket["opened_at"])
    at = min(ticket["opened_at"] + late, world.now - timedelta(minutes=1))
    taken_at = at - timedelta(seconds=20)
    ticket |= {"assignee_id": agent_id, "first_responded_at": at, "taken_over_at": taken_at}
    _tell(story, EventKind.ASSIGNED, taken_at, agent, agent, is_public=False)
    _tell(story, EventKind.TAKEN_OVER, taken_at, agent, "")
    _tell(story, EventKind.REPLIED, at, agent, "Thank you for your message. Please try the steps in our answer.")


def _talk(story: Story, world: World, number: int) -> None:
    """A few words more on what was answered, with one that no other ticket has; who spoke last fits the status."""
    ticket = story.ticket
    if ticket["status"] is Status.NEW:
        return
    left = world.now - timedelta(seconds=30) - ticket["first_responded_at"]
    agent, waits = story.events[-1]["actor_name"], ticket["status"] is Status.WAITING_FOR_REQUESTER
    lines = [
        (EventKind.REQUESTER_WROTE, ticket["requester_name"], f"It still does not work. The screen shows E{number}."),
        (EventKind.REPLIED, agent, "Thank you. We are looking into it and tell you here."),
        (EventKind.REQUESTER_WROTE, ticket["requester_name"], "Thank you, I will try that after lunch."),
    ]
    for place, (kind, who, text) in enumerate(lines[: 2 if waits else 3], start=1):
        _tell(story, kind, ticket["first_responded_at"] + min(timedelta(minutes=2), left / 4) * place, who, text)


def _hold(story: Story, world: World) -> None:
    """Some requests wait for somebody else than the pharmacy."""
    if story.ticket["status"] is Status.ON_HOLD:
        at = min(story.events[-1]["at"] + timedelta(seconds=20), world.now)
        change = f"{STATUS_NAMES[Status.OPEN]} to {STATUS_NAMES[Status.ON_HOLD]}"
        _tell(story, EventKind.STATUS_CHANGED, at, "Helpdesk", change, is_public=False)


def _escalate(rng: random.Random, story: Story, world: World) -> None:
    """What the rules ask for, so that the worker finds nothing to make good; and some that an agent sent on."""
    ticket = story.ticket
    while rule := due_rule(world.rules, standing_of(ticket), world.calendar, world.now):
        due = {
            EscalationReason.NOT_ANSWERED: "first_response_due_at",
            EscalationReason.NOT_RESOLVED: "resolution_due_at",
        }
        _add_escalation(rng, story, rule.when, rule.level, ticket[due.get(rule.when, "opened_at")])
    if not ticket["escalation_level"] and ticket["first_responded_at"] and rng.random() < ESCALATED_BY_AN_AGENT:
        answered_at = ticket["first_responded_at"]
        _add_escalation(rng, story, EscalationReason.AGENT, 1, answered_at + timedelta(seconds=30))
    firing = next_firing(world.rules, standing_of(ticket), world.calendar)
    ticket["escalates_at"] = firing.at if firing else None


def _add_escalation(rng: random.Random, story: Story, reason: EscalationReason, level: int, at: datetime) -> None:
    ticket = story.ticket
    ticket["escalation_level"], route = level, ticket["route"]
    story.escalations.append(
        {
            "id": make_id(rng),
            "created_at": at,
            "updated_at": at,
            "ticket_id": ticket["id"],
            "level": level,
            "route": route,
            "reason": reason,
            "at": at,
            "actor_id": None,
            "topic": ticket["topic"],
            "organisation_id": ticket["organisation_id"],
        }
    )
    where = "the phone queue" if route is Route.PHONE else "the helpdesk’s email"
    text = f"Level {level}, to {where}. {REASON_NAMES[reason]}."
    _tell(story, EventKind.ESCALATED, at, "Helpdesk service", text, is_public=False)


def _end(rng: random.Random, story: Story, world: World) -> None:
    """When it ended, where it did, and which deadline counts."""
    ticket = story.ticket
    if ticket["status"] in DONE:
        length = rng.uniform(0.3, 1.2) * (ticket["resolution_due_at"] - ticket["opened_at"])
        at = min(ticket["first_responded_at"] + length, world.now - timedelta(seconds=5))
        is_recent = world.now - at < SOLVED_BECOMES_CLOSED_AFTER
        ticket |= {"resolved_at": at, "status": Status.SOLVED if is_recent else Status.CLOSED}
        _tell(story, EventKind.RESOLVED, at, "Helpdesk", "You can log in again.")
    ticket["is_open"], ticket["is_paused"] = ticket["status"] not in DONE, ticket["status"] in PAUSED


def _call_back(rng: random.Random, story: Story) -> None:
    ticket = story.ticket
    if ticket["route"] is not Route.PHONE:
        return
    done = {"state": CallBackState.DONE, "outcome": CallBackOutcome.SPOKE_SOLVED, "tries": 1}
    waiting = {"state": CallBackState.WAITING, "outcome": None, "tries": 0}
    row: Row = {
        "id": make_id(rng),
        "created_at": ticket["opened_at"],
        "updated_at": ticket["opened_at"],
        "ticket_id": ticket["id"],
        "phone": ticket["requester_phone"],
        "due_at": ticket["due_at"],
        "claimed_by_id": None,
    }
    story.call_backs.append(row | (waiting if ticket["is_open"] else done))


def _tell(story: Story, kind: EventKind, at: datetime, who: str, text: str, *, is_public: bool = True) -> None:
    story.events.append({"kind": kind, "at": at, "actor_name": who, "text": text, "is_public": is_public})


def _number_events(rng: random.Random, story: Story) -> None:
    settle(story)
    for number, event in enumerate(story.events, start=1):
        event |= {"id": make_id(rng), "ticket_id": story.ticket["id"], "number": number, "actor_id": None}
        event |= {"created_at": event["at"], "updated_at": event["at"]}
    story.ticket["last_event_number"] = story.ticket["last_told_number"] = len(story.events)
