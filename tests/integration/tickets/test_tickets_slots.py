"""A call at a promised time: never more promises than places, however many ask at once."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from helpdesk.core import clock
from helpdesk.core.actor import SYSTEM, requester
from helpdesk.core.errors import NotFound
from helpdesk.db import db, write_transaction
from helpdesk.tickets.errors import CallBackBegun, NoPhoneNumber, SlotTaken
from helpdesk.tickets.models.ticket import CallBack, CallBackSlot
from helpdesk.tickets.queries.escalations import call_back_to_change
from helpdesk.tickets.queries.slots import list_free_slots
from helpdesk.tickets.queries.tickets import own_ticket_to_change
from helpdesk.tickets.rules import CALL_BACKS_PER_SLOT
from helpdesk.tickets.service.calendar import add_day_off
from helpdesk.tickets.service.call_backs import claim_call_back, queue_call_back
from helpdesk.tickets.service.slots import cancel_call, promise_call
from helpdesk.tickets.types import EventKind, Route
from tests.tickets import actor_of, fresh, set_office_hours, ticket

pytestmark = pytest.mark.usefixtures("app", "moved_clock")

# The clock of these tests stands at 9am.
AT_TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
AT_ELEVEN = AT_TEN + timedelta(hours=1)
ASKING_AT_ONCE = 12


def promise(made, starts_at=AT_TEN):
    with write_transaction():
        return promise_call(fresh(made), starts_at)


def promised():
    """When each promised call begins, soonest first."""
    db.session.rollback()
    return list(db.session.scalars(select(CallBackSlot.starts_at).order_by(CallBackSlot.starts_at)))


def free():
    return [slot.starts for slot in list_free_slots(clock.now())]


def test_until_somebody_sets_the_hours_no_time_is_promised():
    made = ticket()

    assert free() == []
    with pytest.raises(SlotTaken):
        promise(made)
    assert promised() == []


def test_a_promised_call_is_on_the_phone_queue_and_due_when_it_begins():
    set_office_hours()

    call = promise(ticket())

    assert (call.due_at, call.slot.starts_at, call.slot.ends_at) == (AT_TEN, AT_TEN, AT_TEN + timedelta(minutes=30))


def test_a_slot_that_is_full_is_no_longer_offered_and_refused():
    set_office_hours()
    for _ in range(CALL_BACKS_PER_SLOT):
        promise(ticket())

    assert AT_TEN not in free()
    with pytest.raises(SlotTaken):
        promise(ticket())
    assert promised() == [AT_TEN] * CALL_BACKS_PER_SLOT


@pytest.mark.parametrize("starts_at", [AT_TEN - timedelta(days=1), AT_TEN.replace(hour=3), AT_TEN.replace(minute=7)])
def test_a_time_that_was_never_offered_is_refused(starts_at):
    set_office_hours()

    with pytest.raises(SlotTaken):
        promise(ticket(), starts_at)


def test_nobody_is_promised_a_call_on_a_day_off():
    set_office_hours()
    with write_transaction():
        add_day_off(date(2026, 11, 24), "Moving house", by=SYSTEM)

    assert free()[0] == datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_a_call_moves_to_another_time_and_frees_the_first():
    set_office_hours()
    made = ticket()
    promise(made)

    promise(made, AT_ELEVEN)

    assert promised() == [AT_ELEVEN]
    assert db.session.scalars(select(CallBack.due_at)).all() == [AT_ELEVEN]


def test_a_call_that_is_cancelled_frees_its_time_and_the_timeline_says_so():
    set_office_hours()
    made = ticket()
    for each in (made, ticket()):
        promise(each)

    with write_transaction():
        cancel_call(fresh(made), by=requester("Amina Khan"))

    assert promised() == [AT_TEN]
    assert AT_TEN in free()
    last = fresh(made).events[-1]
    assert (last.kind, last.text) == (EventKind.REQUESTER_WROTE, "I do not need the phone call any more.")


def test_a_call_that_an_agent_has_taken_neither_moves_nor_ends(ben):
    set_office_hours()
    made = ticket()
    promise(made)
    with write_transaction():
        claim_call_back(fresh(made).call_backs[0], by=actor_of(ben))

    with pytest.raises(CallBackBegun):
        promise(made, AT_ELEVEN)
    with pytest.raises(CallBackBegun), write_transaction():
        cancel_call(fresh(made), by=requester("Amina Khan"))

    assert promised() == [AT_TEN]


def test_a_call_that_waited_for_any_time_gets_one():
    set_office_hours()
    made = ticket(route=Route.PHONE)

    promise(made)

    assert db.session.scalars(select(CallBack.due_at)).all() == [AT_TEN]


def test_an_escalation_keeps_the_promised_time():
    set_office_hours()
    made = ticket()
    promise(made)

    with write_transaction():
        queue_call_back(fresh(made))

    assert promised() == [AT_TEN]
    assert db.session.scalar(select(func.count()).select_from(CallBack)) == 1


def test_without_a_number_nobody_can_be_rung():
    set_office_hours()

    with pytest.raises(NoPhoneNumber):
        promise(ticket(phone=""))


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # threads end without closing their connections
def test_asked_for_by_many_at_once_no_more_are_promised_than_there_are_places(app):
    set_office_hours()
    references = [ticket().reference for _ in range(ASKING_AT_ONCE)]
    line, outcomes = threading.Barrier(ASKING_AT_ONCE), []

    def ask(reference):
        with app.app_context():
            line.wait(timeout=30)
            try:
                with write_transaction():
                    promise_call(own_ticket_to_change(reference), AT_TEN)
                outcomes.append("promised")
            except SlotTaken:
                outcomes.append("taken")

    threads = [threading.Thread(target=ask, args=(reference,)) for reference in references]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["promised"] * CALL_BACKS_PER_SLOT + ["taken"] * (ASKING_AT_ONCE - CALL_BACKS_PER_SLOT)
    assert promised() == [AT_TEN] * CALL_BACKS_PER_SLOT


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # threads end without closing their connections
def test_a_call_that_is_taken_and_cancelled_at_once_is_never_both(app, ben):
    set_office_hours()
    made = ticket()
    call_id = promise(made).id
    reference, agent, line, outcomes = made.reference, actor_of(ben), threading.Barrier(2), []

    def act(deed):
        with app.app_context():
            line.wait(timeout=30)
            try:
                with write_transaction():
                    deed()
                outcomes.append("done")
            except (CallBackBegun, NotFound, OperationalError):  # PostgreSQL may end one of two that meet crosswise
                outcomes.append("refused")

    def take():
        claim_call_back(call_back_to_change(agent, call_id), by=agent)

    def cancel():
        cancel_call(own_ticket_to_change(reference), by=requester("Amina Khan"))

    threads = [threading.Thread(target=act, args=(deed,)) for deed in (take, cancel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "refused"]
