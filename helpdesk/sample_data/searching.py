"""What sample tickets are found by."""

from collections.abc import Sequence

from helpdesk.sample_data.world import Row, Story, World
from helpdesk.tickets.search.document import TicketText, words_of_ticket
from helpdesk.tickets.service.indexing import WRITTEN, place_of


def searchable(stories: Sequence[Story], world: World) -> list[Row]:
    """A row of words for each ticket, oldest first: so the index grows at its end, which is the fastest."""
    rows = [_row(story, world) for story in stories]
    return sorted(rows, key=lambda row: int(row["place"]))


def _row(story: Story, world: World) -> Row:
    ticket = story.ticket
    place = place_of(ticket["opened_at"])
    while place in world.places:
        place += 1
    world.places.add(place)
    made = {"created_at": ticket["opened_at"], "updated_at": ticket["opened_at"]}
    return made | {"id": ticket["id"], "place": place, "words": words_of_ticket(_text_of(story, world))}


def _text_of(story: Story, world: World) -> TicketText:
    ticket = story.ticket
    return TicketText(
        reference=ticket["reference"],
        name=ticket["requester_name"],
        email=ticket["requester_email"],
        phone=ticket["requester_phone"],
        site=(ticket["organisation_name"], world.codes[ticket["organisation_id"]]),
        texts=[event["text"] for event in story.events if event["kind"] in WRITTEN],
        status=ticket["status"],
        priority=ticket["priority"],
        topic=ticket["topic"],
        assignee_id=str(ticket["assignee_id"] or ""),
        is_open=ticket["is_open"],
        is_escalated=ticket["escalation_level"] > 0,
    )
