"""How soon people usually hear from us, for those who have just asked: from what was, never from what we hope."""

from helpdesk.core import clock
from helpdesk.core.working_time import working_time_between
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.queries.escalations import working_calendar
from helpdesk.tickets.queries.promise import waits_for_first_answer
from helpdesk.tickets.rules import LEFT_OUT_FOR, LOOKS_BACK_FOR, AnswerTimes, usual_answer_times


def answer_times_for(ticket: Ticket) -> AnswerTimes | None:
    """In what working time requests like this one got their first answer; None when there were too few to say."""
    now, calendar = clock.now(), working_calendar()
    waits = waits_for_first_answer(ticket, since=now - LOOKS_BACK_FOR, until=now - LEFT_OUT_FOR)
    return usual_answer_times([working_time_between(opened, answered or now, calendar) for opened, answered in waits])
