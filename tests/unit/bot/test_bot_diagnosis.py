"""The check of refused codes and lost ones: every way, and where it ends."""

from collections.abc import Iterator
from itertools import accumulate

import pytest

from helpdesk.bot.rules.asking import told_in_check, told_so_far, ways_tapped
from helpdesk.bot.rules.diagnosis import (
    CHECK_WITH_ME,
    leads_to_reset,
    option_measured,
    option_of_time,
    reply_at,
    starting_option,
    starting_questions,
    told_on,
    way_of,
    way_reached,
    with_check,
)
from helpdesk.bot.rules.diagnosis_table import ABOUT, ENTRANCES, PLACES, STARTS
from helpdesk.bot.rules.places import ClockCheck, Finding, Person, Reset, Step
from helpdesk.bot.types import NOT_HELPED, Author, History, Option, Outcome, Pick, Reply
from helpdesk.faq.loader.folder import load_folder
from tests.apps import ROOT
from tests.unit.bot.test_bot_clock_check import NOW

MOST_TAPS = 4
NEW = History()
ANSWERS = frozenset(place.answer_id for place in PLACES.values() if isinstance(place, Finding))

# Each way a person may tell, and the answer or the reset that it must come to.
ENDS = {
    # The clock was measured by the browser.
    "refused/log-in/one/here +130": "codes/clock",
    "refused/log-in/one/here -130": "codes/clock",
    "refused/log-in/one/here +90": "codes/clock",
    "refused/log-in/one/here -90": "codes/clock",
    "refused/log-in/one/here +31": "codes/clock",
    "refused/log-in/one/here -31": "codes/clock",
    "refused/log-in/one/here +3600": "codes/clock",
    "refused/log-in/one/here +29": "codes/rejected",
    "refused/log-in/one/here -29": "codes/rejected",
    "refused/log-in/one/here 0": "codes/rejected",
    "refused/log-in/known/here +130": "codes/clock",
    "refused/log-in/known/here 0": "codes/rejected",
    "refused/setting-up/one-go/here +130": "codes/clock",
    "refused/setting-up/one-go/here 0": "barcodes/scanned-but-refused",
    # The clock was compared by hand.
    "refused/log-in/one/right": "codes/rejected",
    "refused/log-in/one/ahead": "codes/clock",
    "refused/log-in/one/behind": "codes/clock",
    "refused/log-in/known/right": "codes/rejected",
    "refused/log-in/known/ahead": "codes/clock",
    "refused/log-in/known/behind": "codes/clock",
    "refused/setting-up/one-go/right": "barcodes/scanned-but-refused",
    "refused/setting-up/one-go/ahead": "codes/clock",
    "refused/setting-up/one-go/behind": "codes/clock",
    # No clock is to blame.
    "refused/log-in/unknown": "codes/wrong-entry",
    "refused/log-in/pharmacies": "locums/telling-entries-apart",
    "refused/setting-up/again": "barcodes/scanned-but-refused",
    "refused/setting-up/typed": "barcodes/type-the-key",
    "refused/setting-up/nhsmail": "steps/nhsmail-mix-up",
    "refused/reset": "resets/after",
    "refused/everybody": "access/system-down",
    # There is no code any more.
    "gone/new/both": "authenticators/new-phone",
    "gone/new/back-up": "authenticators/new-phone",
    "gone/new/neither": "no-phone",
    "gone/lost/second": "authenticators/lost-phone",
    "gone/lost/back-up": "authenticators/lost-phone",
    "gone/lost/neither": "lost",
    "gone/deleted/yes": "authenticators/deleted-entry",
    "gone/deleted/no": "deleted",
    "gone/replaced": "locums/entry-overwritten",
    "gone/away": "authenticators/forgot-phone",
    "gone/never": "barcodes/no-qr-shown",
}
# Whose app shows no entry has no code any more.
ENDS |= {way.replace("gone", "refused/log-in/none"): end for way, end in ENDS.items() if way.startswith("gone/")}


def place_of(reply):
    """The answer that a reply shows, or the name of the place that it comes from."""
    if reply.outcome is Outcome.ANSWER:
        return reply.answer_ids[0]
    asked = [name for name, place in PLACES.items() if isinstance(place, Step) and place.asks == reply.text]
    ends = [
        name for name, place in PLACES.items() if isinstance(place, Reset | Person) and reply.text.endswith(place.says)
    ]  # what a clock was found to be is said first
    return (asked if reply.outcome is Outcome.CLARIFY else ends)[0]


def way_by(option, skew=None):
    """The way on which this tap leads on."""
    way = way_of(option_measured(option, skew).id)
    assert way, f"{option.id} leads nowhere"
    return way


def walk(told, history=NEW):
    """Tap every word of the way, each of which must have been offered, and give the last reply and its way."""
    way, _, measured = told.partition(" ")
    start, *keys = way.split("/")
    reached = start
    reply = reply_at(start, history, ANSWERS)
    for key in keys:
        option = next(one for one in reply.options if one.id == f"question:{reached}/{key}")
        skew = float(measured) if measured and key == "here" else None
        reached = way_by(option, skew)
        reply = reply_at(reached, history, ANSWERS)
    return reply, reached


def ways_from(start) -> Iterator[tuple[str, Reply, int]]:
    """Every way from a start to its first ends, whatever a measured clock says, with the taps that it takes."""
    unfinished = [(start, 0)]
    while unfinished:
        way, taps = unfinished.pop()
        reply = reply_at(way, NEW, ANSWERS)
        if reply.outcome is not Outcome.CLARIFY:
            yield way, reply, taps
            continue
        for option in reply.options:
            skews = (None, 0, 130, -45) if option.id.endswith("/here") else (None,)
            unfinished += [(way_by(option, skew), taps + 1) for skew in skews]


ALL_WAYS = [found for start in STARTS for found in ways_from(start)]


@pytest.mark.parametrize(("told", "end"), ENDS.items())
def test_each_way_comes_to_its_end(told, end):
    reply, _ = walk(told)

    assert place_of(reply) == end


def test_no_way_is_longer_than_four_taps_and_each_comes_to_an_end():
    assert max(taps for _, _, taps in ALL_WAYS) == MOST_TAPS
    assert {reply.outcome for _, reply, _ in ALL_WAYS} == {Outcome.ANSWER, Outcome.HANDOVER}


def test_the_table_above_leaves_out_no_way():
    by_hand = {way for way, _, _ in ALL_WAYS if not any(key in way for key in ("fast-", "slow-", "unmeasured"))}

    assert by_hand == {told for told in ENDS if " " not in told}


@pytest.mark.parametrize(("way", "reply", "taps"), ALL_WAYS)
def test_whatever_does_not_help_comes_to_a_person_without_a_loop(way, reply, taps):
    shown = set()
    for _ in range(6):
        if reply.outcome is Outcome.HANDOVER:
            break
        shown |= set(reply.answer_ids)
        no = next((one for one in reply.options if one.title == NOT_HELPED), reply.options[-1])
        reply = reply_at(way_by(no), History(shown=frozenset(shown)), ANSWERS)

    assert reply.outcome is Outcome.HANDOVER


@pytest.mark.parametrize(
    ("told", "end"),
    [
        ("refused/log-in/one/here +130", "dead-entry"),
        ("refused/log-in/one/right", "dead-entry"),
        ("refused/log-in/unknown", "clock"),
        ("refused/log-in/pharmacies", "clock"),
        ("refused/setting-up/again", "set-up-stuck"),
        ("refused/setting-up/typed", "clock-at-set-up"),
        ("refused/setting-up/nhsmail", "clock-at-set-up"),
        ("refused/reset", "clock"),
        ("refused/everybody", "our-side"),
        ("gone/new/both", "no-phone"),
        ("gone/new/back-up", "no-phone"),
        ("gone/lost/second", "lost"),
        ("gone/lost/back-up", "lost"),
        ("gone/deleted/yes", "deleted"),
        ("gone/replaced", "entry-replaced"),
        ("gone/away", "phone-away"),
        ("gone/never", "set-up-by-another"),
    ],
)
def test_a_fix_that_did_not_help_leads_to_the_next_check_or_to_a_reset(told, end):
    found, _ = walk(told)
    (still_stuck,) = found.options

    follows = PLACES[end]

    assert still_stuck.title == NOT_HELPED
    asked = follows.asks if isinstance(follows, Step) else follows.says
    assert reply_at(way_by(still_stuck), NEW, ANSWERS).text == asked


def test_a_wrong_clock_is_told_by_how_much_in_which_direction():
    fast, _ = walk("refused/log-in/one/here +130")
    slow, _ = walk("refused/log-in/one/here -31")

    assert fast.text.startswith("Your device’s clock is 2 minutes 10 seconds fast. That can make every code wrong.")
    assert slow.text.startswith("Your device’s clock is 31 seconds slow. That can be enough for codes to be refused.")


def test_without_a_measurement_the_clock_is_compared_by_hand():
    reply, way = walk("refused/log-in/one/here")

    assert reply.text == "I could not measure the clock. Compare the two yourself."
    assert [one.id.rpartition("/")[2] for one in reply.options] == ["right", "ahead", "behind"]
    assert place_of(reply_at(f"{way}/right", NEW, ANSWERS)) == "codes/rejected"


@pytest.mark.parametrize(
    ("text", "key"), [("10:42", "right"), ("it says 10:44", "about-fast-120"), ("10:40:05", "about-slow-130")]
)
def test_a_typed_time_answers_where_a_clock_is_asked(text, key):
    reply, way = walk("refused/log-in/one")

    assert option_of_time(text, reply.options, NOW) == Option(f"question:{way}/{key}", text)


def test_a_typed_time_is_a_message_like_any_other_elsewhere():
    reply, _ = walk("refused/log-in")

    assert option_of_time("10:42", reply.options, NOW) is None
    assert option_of_time("10:42", [], NOW) is None


def test_an_answer_that_was_seen_is_passed_over_unless_it_is_beyond_doubt():
    seen = History(shown=frozenset({"codes/rejected", "codes/clock", "codes/wrong-entry", "resets/ask"}))

    assert place_of(walk("refused/log-in/one/right", seen)[0]) == "dead-entry"
    assert place_of(walk("refused/log-in/unknown", seen)[0]) == "clock"
    assert place_of(walk("refused/log-in/one/here +130", seen)[0]) == "codes/clock"
    assert place_of(reply_at("gone/new/neither/ask", seen, ANSWERS)) == "resets/ask"


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ("refused/log-in/one/right", "The clock is right, so it is not the time."),
        ("refused/log-in/one/here 0", "The clock is right, so it is not the time."),
        ("refused/setting-up/one-go/right", "The clock is right, so it is not the time."),
        ("refused/log-in/one/here +130", "Your device’s clock is 2 minutes 10 seconds fast."),
        ("refused/log-in/one/ahead", "A fast clock can make codes wrong."),
    ],
)
@pytest.mark.parametrize("answer_ids", [ANSWERS, frozenset()])
@pytest.mark.parametrize("shown", [frozenset(), ANSWERS])
def test_what_the_clock_was_found_to_be_is_told_whatever_follows(told, verdict, answer_ids, shown):
    _, way = walk(told)

    reply = reply_at(way, History(shown=shown), answer_ids)

    assert reply.text.startswith(verdict)
    assert reply.text.count(verdict) == 1


def test_an_answer_that_was_taken_out_of_the_faq_is_passed_over():
    assert place_of(reply_at("gone/replaced", NEW, frozenset())) == "entry-replaced"
    assert place_of(reply_at("refused/everybody", NEW, frozenset())) == "our-side"


@pytest.mark.parametrize(
    ("told", "sentences"),
    [
        (
            "gone/new/neither",
            "I need an MFA reset. I cannot get a code any more. I have a new phone. No old phone and no back-up.\n"
            "My PharmOutcomes user name:",
        ),
        (
            "refused/log-in/one/fast-130/no",
            "I need an MFA reset. My code is refused. It happens when I log in. My app shows one PharmOutcomes entry. "
            "The clock of my device was 2 minutes 10 seconds fast. It is right now.\nMy PharmOutcomes user name:",
        ),
        (
            "refused/log-in/one/right/seen",
            "I need an MFA reset. My code is refused. It happens when I log in. My app shows one PharmOutcomes entry. "
            "The clock of my device is right.\nMy PharmOutcomes user name:",
        ),
        ("refused/log-in", "My code is refused. It happens when I log in."),
        ("refused", "My code is refused."),
        (None, ""),
    ],
)
def test_what_was_told_is_ready_for_the_request(told, sentences):
    tapped = accumulate(told.split("/"), "{}/{}".format) if told else ()

    assert told_in_check(list(tapped)) == sentences


@pytest.mark.parametrize(
    ("ways", "sentences"),
    [
        (["gone/lost"], "My phone is lost, stolen or broken."),
        (
            ["refused/setting-up", "refused/setting-up/one-go"],
            "It happens while I am setting up. I set it up in one go.",
        ),
        (["gone", "refused/log-in"], "It happens when I log in."),
    ],
)
def test_what_comes_before_the_first_tap_of_a_check_is_not_told(ways, sentences):
    assert told_in_check(ways) == sentences


@pytest.mark.parametrize(
    ("before", "option", "way"),
    [
        ("lost my phone", Option("question:gone/lost", CHECK_WITH_ME), None),
        ("lost my phone", Option("question:gone/lost", "My phone is lost, stolen or broken"), None),
        (CHECK_WITH_ME, Option("question:gone/lost", "My phone is lost, stolen or broken"), "gone"),
        ("Something else of mine", Option("question:gone/lost/second", "A second device shows the code"), "gone/lost"),
    ],
)
def test_a_check_that_is_offered_and_not_tapped_is_not_begun(before, option, way):
    assert ways_tapped([(before, ()), ("Try this.", (option,))]) == ([way] if way else [])


def test_taps_and_typed_times_are_not_told_twice():
    turns = [
        (Author.REQUESTER, None, "my code is wrong since the storm"),
        (Author.ASSISTANT, Outcome.ANSWER, "Try this."),
        (Author.REQUESTER, None, CHECK_WITH_ME),
        (Author.ASSISTANT, Outcome.CLARIFY, "When is the code refused?"),
        (Author.REQUESTER, None, "At an ordinary log-in"),
        (Author.ASSISTANT, Outcome.CLARIFY, "Codes are made from the time."),
        (Author.REQUESTER, None, "10:44"),
        (Author.ASSISTANT, Outcome.ANSWER, "Set it right like this."),
    ]

    assert told_so_far(turns) == "my code is wrong since the storm"


def test_nothing_that_is_said_asks_for_a_code_or_password():
    said = " ".join(reply.text for _, reply, _ in ALL_WAYS)

    for asking in ("your code", "type your password", "send us", "tell us your"):
        assert asking not in said.replace("may not be your code", "")
    assert "Nobody needs a code or a password for this." in said


@pytest.mark.parametrize("answer_id", ENTRANCES)
def test_an_answer_about_codes_offers_the_check_until_it_was_begun(answer_id):
    shown = Reply(Outcome.ANSWER, "Try this.", (Pick(answer_id, 1.0),))
    (offered,) = with_check(shown, NEW).options
    begun = History(offered=frozenset(one.id for one in reply_at(way_by(offered), NEW, ANSWERS).options))

    assert offered.title == CHECK_WITH_ME
    assert with_check(shown, begun) == shown


def test_other_replies_offer_no_check():
    for reply in (
        Reply(Outcome.ANSWER, "", (Pick("accounts/new-user", 1.0),)),
        Reply(Outcome.ANSWER, "", (Pick("access/patient-waiting", 1.0), Pick("codes/rejected", 0.9))),
        Reply(Outcome.CLARIFY, "", (Pick("codes/rejected", 0.4),)),
        Reply(Outcome.HANDOVER, ""),
    ):
        assert with_check(reply, NEW) == reply


def test_a_start_is_known_by_its_id_and_by_the_words_of_its_button():
    assert starting_option("question:gone") == starting_option("i cannot get a code any more")
    assert starting_option("my code is refused") is None
    assert starting_option("question:no-square") is None


@pytest.mark.parametrize(
    "option_id", ["refused", "question:", "question:refused/", "question:gone/new/../lost", "x" * 99]
)
def test_an_id_that_leads_nowhere_is_no_way(option_id):
    assert way_of(option_id) is None


def test_the_way_is_read_off_what_is_offered_now():
    assert way_reached(["question:refused/log-in/one", "none"]) == "refused/log-in"
    assert way_reached(["question:refused"]) is None
    assert way_reached(["codes/clock"]) is None
    assert told_on("gone/new")[0] == "I cannot get a code any more."
    assert not leads_to_reset("gone/new/both")


def test_the_table_names_only_answers_that_exist_and_places_that_are_reached():
    real = set(load_folder(ROOT / "faq_data").content.answers)
    named = ANSWERS | set(ENTRANCES) | set().union(*ABOUT.values())

    assert named <= real
    choices = [one for place in PLACES.values() if isinstance(place, Step | Reset) for one in place.choices]
    to = {one.to for one in choices} | {place.otherwise for place in PLACES.values() if isinstance(place, Finding)}
    assert to | set(STARTS) == set(PLACES)
    assert all(way_of(f"question:{way}") for way in ENTRANCES.values())


def test_every_question_can_be_tapped_and_read_at_once():
    for place in PLACES.values():
        if isinstance(place, Step):
            says = [one.says for one in place.choices]
            assert 2 <= len(says) <= 6
            assert len(set(says)) == len(says)
            assert all(len(words.split()) <= 9 for words in says)
            assert all(one.told for one in place.choices if not (isinstance(place, ClockCheck) and one.key == "here"))


def test_the_first_questions_stand_between_neighbouring_answers():
    refused, gone = starting_questions()

    assert refused.asks == "When is the code refused?"
    assert {"codes/rejected", "codes/clock"} <= refused.about
    assert [one.id for one in gone.options][:2] == ["question:gone/new", "question:gone/lost"]
