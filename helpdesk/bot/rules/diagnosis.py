"""The check of what is wrong, walked: where a way leads, what is said there, and what was told on it.

A way is a start and the taps since, as `refused/log-in/one/right`. The option of each further tap carries the whole way
as its id, so that any option that was ever offered, tapped after going back, leads to where it always led.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from helpdesk.bot.rules.clock_check import (
    clock_found,
    clock_key,
    is_right,
    is_time,
    typed_skew,
    what_it_does,
)
from helpdesk.bot.rules.diagnosis_table import ABOUT, ENTRANCES, MEASURE, NAMES, NOT_MEASURED, PLACES, STARTS
from helpdesk.bot.rules.places import ClockCheck, Finding, Person, Place, Reset, Step
from helpdesk.bot.types import NOT_HELPED, History, Option, Outcome, Pick, Reply
from helpdesk.faq.types import Question, QuestionOption

CHECK_WITH_ME = "Check it with me"
# The keys of what stands in no table: an answer did not help or was seen before, and what a clock was found to be.
NOT_MENDED, SEEN, RIGHT, UNMEASURED = "no", "seen", "right", "unmeasured"
_OPTION = "question:"
CERTAIN = 1.0
# What a request for a reset begins and ends with.
WANTS_RESET, USER_NAME = "I need an MFA reset.", "My PharmOutcomes user name:"


def starting_questions() -> tuple[Question, ...]:
    """The first question of each start, as a question that is asked between neighbouring answers."""
    return tuple(
        Question(start, place.asks, ABOUT[start], tuple(_question_options(start, place)))
        for start in STARTS
        if isinstance(place := PLACES[start], Step)
    )


def starting_option(text: str) -> Option | None:
    """The start that a message names: by its id, as a program does, or by its words, as a button at the start does."""
    starts = (Option(f"{_OPTION}{start}", words) for start, words in NAMES.items())
    return next((one for one in starts if text in {one.id, one.title.casefold()}), None)


def way_of(option_id: str) -> str | None:
    """The way that an option stands for, or None when it is no part of a check."""
    way = option_id.removeprefix(_OPTION)
    return way if option_id.startswith(_OPTION) and _places_on(way) else None


def with_check(reply: Reply, history: History) -> Reply:
    """An answer whose trouble can be checked offers that, unless the requester has begun such a check before."""
    way = ENTRANCES.get(reply.picks[0].answer_id) if reply.outcome is Outcome.ANSWER and len(reply.picks) == 1 else None
    if way is None or reply.options or _has_begun(way, history):
        return reply
    return replace(reply, options=(Option(_OPTION + way, CHECK_WITH_ME),))


def reply_at(way: str, history: History, answer_ids: Collection[str]) -> Reply:
    """What is said at the end of this way, after what the last tap showed.

    An answer that was seen before, or is not there, is passed over; what a clock was found to be never is.
    """
    *earlier, place = _places_on(way)
    shown = _shown_by(earlier[-1], way.rpartition("/")[2]) if earlier else ""
    reply = _reply_of(place, way, history, answer_ids)
    return replace(reply, text=f"{shown} {reply.text}") if shown else reply


def told_on(way: str, begun_at: str = "") -> tuple[str, ...]:
    """What the requester has told on this way from where it was begun, by sentences in their own voice."""
    start, *keys = way.split("/")
    places = _places_on(way)
    told = [_told_by(place, key) for place, key in zip(places, keys, strict=False)]
    since_begun = (STARTS[start], *told)[begun_at.count("/") :]
    return tuple(dict.fromkeys(said for said in since_begun if said))


def leads_to_reset(way: str) -> bool:
    """Whether this way has come to where only a reset helps."""
    return any(isinstance(place, Reset) for place in _places_on(way))


def way_reached(option_ids: Iterable[str]) -> str | None:
    """The way to the place that offers these options; None when that is no part of a check."""
    ways = (way for one in option_ids if (way := way_of(one)))
    return next((way.rpartition("/")[0] for way in ways if "/" in way), None)


def is_clock_asked(option_ids: Iterable[str]) -> bool:
    """Whether what offers these options asks for the clock of a device."""
    way = way_reached(option_ids)
    return way is not None and isinstance(_places_on(way)[-1], ClockCheck)


def is_measuring(option_id: str) -> bool:
    """Whether this is the tap with which a browser sends what it has measured."""
    return way_of(option_id) is not None and option_id.endswith(f"/{MEASURE}")


def option_measured(option: Option, skew: float | None) -> Option:
    """The option that was tapped; where a clock is measured, the one that the measurement means."""
    if not is_measuring(option.id):
        return option
    key = UNMEASURED if skew is None else RIGHT if is_right(skew) else clock_key(skew)
    return replace(option, id=option.id.removesuffix(MEASURE) + key)


def option_of_time(text: str, offered: Sequence[Option], now: datetime) -> Option | None:
    """The option that a typed time stands for, where the time of a clock is asked; None when it is no time."""
    way = way_reached(one.id for one in offered)
    if way is None or not is_clock_asked(one.id for one in offered):
        return None
    skew = typed_skew(text, now)
    if skew is None:
        return None
    return Option(f"{_OPTION}{way}/{clock_key(skew, is_typed=True) if skew else RIGHT}", text)


def is_told_on_way(text: str) -> bool:
    """Whether a message is a tap of a check, or a time that was typed there: the way tells it in better words."""
    return text in _TAPPED or is_time(text)


def _reply_of(place: Place, way: str, history: History, answer_ids: Collection[str]) -> Reply:
    while isinstance(place, Finding) and _is_passed(place, history, answer_ids):
        way = f"{way}/{SEEN}"
        place = PLACES[place.otherwise]
    match place:
        case Step(asks=asks):
            return Reply(Outcome.CLARIFY, asks, options=tuple(_options(way, place)))
        case Finding(answer_id=answer_id, says=says):
            follows = Option(f"{_OPTION}{way}/{NOT_MENDED}", NOT_HELPED)
            return Reply(Outcome.ANSWER, says, (Pick(answer_id, CERTAIN),), (follows,))
        case Reset(says=says):
            return Reply(Outcome.HANDOVER, says, (Pick("resets/ask", CERTAIN),), tuple(_options(way, place)))
        case Person(says=says):
            return Reply(Outcome.HANDOVER, says)


def _places_on(way: str) -> list[Place]:
    """Every place from the start to the end of the way; none when there is no such way."""
    start, *keys = way.split("/")
    if start not in STARTS:
        return []
    places = [PLACES[start]]
    for key in keys:
        place = _next_place(places[-1], key)
        if place is None:
            return []
        places.append(place)
    return places


def _next_place(place: Place, key: str) -> Place | None:
    if isinstance(place, ClockCheck) and key == UNMEASURED:
        return _by_hand(place)
    if isinstance(place, ClockCheck) and clock_found(key):
        return PLACES["wrong-clock"]
    if isinstance(place, Finding):
        return PLACES[place.otherwise] if key in {NOT_MENDED, SEEN} else None
    choices = place.choices if isinstance(place, Step | Reset) else ()
    return next((PLACES[choice.to] for choice in choices if choice.key == key), None)


def _by_hand(check: ClockCheck) -> ClockCheck:
    return replace(check, asks=NOT_MEASURED, choices=tuple(one for one in check.choices if one.key != MEASURE))


def _shown_by(place: Place, key: str) -> str:
    if isinstance(place, ClockCheck) and (found := clock_found(key)):
        return f"Your device’s clock is {found.in_words}. {what_it_does(found.seconds_fast)}"
    choices = place.choices if isinstance(place, Step) else ()
    return next((choice.shows for choice in choices if choice.key == key), "")


def _told_by(place: Place, key: str) -> str:
    if isinstance(place, ClockCheck) and (found := clock_found(key)):
        return f"The clock of my device was {found.in_words}."
    if isinstance(place, Finding):
        return place.tried if key == NOT_MENDED else ""
    choices = place.choices if isinstance(place, Step | Reset) else ()
    return next((choice.told for choice in choices if choice.key == key), "")


def _options(way: str, place: Step | Reset) -> Iterator[Option]:
    return (Option(f"{_OPTION}{way}/{choice.key}", choice.says) for choice in place.choices)


def _question_options(way: str, place: Step) -> Iterator[QuestionOption]:
    return (QuestionOption(choice.says, "", f"{way}/{choice.key}") for choice in place.choices)


def _is_passed(finding: Finding, history: History, answer_ids: Collection[str]) -> bool:
    was_seen = finding.answer_id in history.shown and not finding.is_certain
    return was_seen or finding.answer_id not in answer_ids


def _has_begun(way: str, history: History) -> bool:
    start = way.split("/", maxsplit=1)[0]
    return any(one.startswith(f"{_OPTION}{start}/") for one in history.offered)


_TAPPED = frozenset(
    {CHECK_WITH_ME, *NAMES.values()}
    | {choice.says for place in PLACES.values() if isinstance(place, Step | Reset) for choice in place.choices}
)
