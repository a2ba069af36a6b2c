"""The check of refused and lost codes, as a pharmacy taps through it without a script, and as a program does."""

import pytest
from sqlalchemy import select

from helpdesk.bot.models import Conversation
from helpdesk.bot.types import Outcome
from helpdesk.db import db
from helpdesk.tickets.models.ticket import Ticket
from tests.integration.bot.test_bot_api import HANDOVER, Program
from tests.integration.bot.test_bot_chat import box, conversation, press, title, write

pytestmark = pytest.mark.usefixtures("app")

TO_CLOCK = ("Check it with me", "At an ordinary log-in", "Only one")
MEASURE = "The app is on this device: check its clock"
NOT_OPEN = "That choice is no longer there"


def tap(client, page, *buttons, **fields):
    """Press one button after the other, the last with these fields."""
    for button in buttons[:-1]:
        page = press(client, page, button)
    return client.follow(client.submit(page, button=buttons[-1], **fields))


def clock_asked(client):
    """The page that asks what the clock of the device says."""
    return tap(client, write(client, "code refused at log in"), *TO_CLOCK)


def last():
    return conversation().turns[-1]


def test_an_answer_about_codes_offers_the_check_and_it_starts_with_one_tap(client):
    page = write(client, "my code is refused")
    assert last().answer_ids == ["codes/rejected"]
    assert page.has("Find the cause in a few taps")

    page = press(client, page, "Check it with me")

    assert page.has("When is the code refused?")
    assert page.has("None of these")
    assert [turn.text for turn in conversation().turns][2] == "Check it with me"


def test_still_stuck_leads_into_the_check_before_the_next_step_and_only_once(client):
    page = press(client, write(client, "my code is refused"), "No, still stuck")
    assert page.has("When is the code refused?")

    page = tap(client, page, "At an ordinary log-in", "Several, and I do not know which to use")
    assert last().answer_ids == ["codes/wrong-entry"]
    assert page.has("Did this fix it?")
    assert not page.has("Check it with me")


def test_what_was_told_in_words_is_not_asked_again(client):
    page = press(client, write(client, "lost my phone"), "No, still stuck")

    assert page.has("Is there a back-up, or a second device that shows the code?")


def test_a_button_of_the_start_begins_the_check_at_once(client):
    page = client.follow(client.submit(client.get("/"), button="I cannot get a code any more"))

    assert page.has("What happened?")
    assert page.has("My phone is lost, stolen or broken")


@pytest.mark.parametrize(
    ("text", "asks"), [("numbers wrong", "When is the code refused?"), ("phone gone code gone", "What happened?")]
)
def test_an_unclear_message_between_its_answers_is_asked_the_first_question(client, text, asks):
    assert write(client, text).has(asks)


def test_without_a_script_nothing_offers_to_measure(client):
    page = clock_asked(client)

    (button,) = [node for node in page.tree.find_all("button") if node.text == MEASURE]
    (block,) = [node for node in page.tree.find_all("div") if "hidden" in node]
    assert button in list(block.find_all("button"))


def test_the_clock_is_compared_with_the_right_time(client, moved_clock):
    page = clock_asked(client)

    assert page.has("Look at the clock on the device that has your authenticator app.")
    assert page.has("The right time is 9:00:00am. What does that clock say?")
    moved_clock.shift(75)
    assert client.get("/").has("The right time is 9:01:15am.")


@pytest.mark.parametrize(
    ("button", "words", "answer_id"),
    [
        ("Ahead of that time", "A fast clock can make codes wrong.", "codes/clock"),
        ("Behind that time", "A slow clock can make codes wrong.", "codes/clock"),
    ],
)
def test_a_clock_compared_by_hand_that_is_wrong_is_set_right(client, button, words, answer_id):
    page = tap(client, clock_asked(client), button)

    assert last().answer_ids == [answer_id]
    assert page.has(words)
    assert page.has("iPhone: Settings, General, Date & Time")
    assert page.has("Android: Settings, then date and time")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("9:02", "Your device’s clock is about 2 minutes fast."),
        ("it says 8:57", "Your device’s clock is about 3 minutes slow."),
        ("9:00", "the entry may be dead"),
    ],
)
def test_a_typed_time_is_taken_where_the_clock_is_asked(client, moved_clock, typed, words):
    clock_asked(client)

    page = write(client, typed)

    assert page.has(typed)
    assert page.has(words)


@pytest.mark.parametrize(
    ("skew", "words"),
    [
        ("130.4", "Your device’s clock is 2 minutes 10 seconds fast. That can make every code wrong."),
        ("-31", "Your device’s clock is 31 seconds slow. That can be enough for codes to be refused."),
        ("29", "the entry may be dead"),
        ("-29.9", "the entry may be dead"),
    ],
)
def test_a_measured_clock_is_told_by_how_much(client, skew, words):
    page = tap(client, clock_asked(client), MEASURE, skew=skew)

    assert page.has(words)


def test_a_clock_that_is_right_is_told_although_the_answer_was_shown_before(client):
    page = tap(client, clock_asked(client), MEASURE, skew="3")

    assert page.has("The clock is right, so it is not the time. If a fresh code is still refused")


@pytest.mark.parametrize("skew", ["", "NaN", "inf", "1e99", "99999999999", "<script>", "1" * 5_000])
def test_a_measurement_that_can_be_none_leads_to_comparing_by_hand(client, skew):
    page = tap(client, clock_asked(client), MEASURE, skew=skew)

    assert page.has("I could not measure the clock. Compare the two yourself.")
    assert MEASURE not in [option["title"] for option in last().options]
    assert tap(client, page, "Ahead of that time").has("A fast clock can make codes wrong.")


def test_free_text_in_the_middle_is_understood_and_leaves_the_check(client):
    clock_asked(client)

    page = write(client, "how do I add a new user")

    assert last().answer_ids == ["accounts/new-user"]
    assert page.has(title("accounts/new-user"))
    assert not page.has("The right time is")


def test_a_few_words_of_an_option_are_as_good_as_a_tap(client):
    press(client, write(client, "my code is refused"), "Check it with me")

    page = write(client, "ordinary log-in")

    assert page.has("How many PharmOutcomes entries does your app show?")


def test_an_option_of_a_page_gone_back_to_leads_where_it_always_led(client):
    first = press(client, write(client, "my code is refused"), "Check it with me")
    tap(client, first, "At an ordinary log-in", "Several, and I do not know which to use")

    page = tap(client, first, "Nobody here can log in")

    assert last().answer_ids == ["access/system-down"]
    assert page.has("Then it may not be your code at all.")


def test_pressing_twice_is_kept_once(client):
    page = clock_asked(client)
    before = conversation().last_turn_number

    first, second = (client.submit(page, button="Ahead of that time") for _ in range(2))

    assert first.location == second.location
    assert conversation().last_turn_number == before + 2


@pytest.mark.parametrize(
    "choice", ["question:refused/log-in/one/fast-99", "question:gone/new/neither", "question:refused/x"]
)
def test_a_place_that_was_never_offered_is_refused(client, choice):
    page = press(client, write(client, "my code is refused"), "Check it with me")
    form = page.form("None of these")

    answer = client.post("/chat/choose", data={**form.values, "choice": choice})

    assert answer.status_code == 409
    assert answer.has(NOT_OPEN)


def test_a_fix_that_does_not_help_ends_in_a_prepared_request(client):
    page = tap(client, clock_asked(client), MEASURE, skew="130")
    page = press(client, page, "No, still stuck")
    assert page.has("You need a reset.")

    values = client.get(page.link("Open the reset request")).form("Send to the helpdesk").values

    assert values["summary"][0].strip().splitlines() == [
        "code refused at log in",
        "I need an MFA reset. My code is refused. It happens when I log in. My app shows one PharmOutcomes entry. "
        "The clock of my device was 2 minutes 10 seconds fast. It is right now.",
        "My PharmOutcomes user name:",
    ]


@pytest.mark.parametrize("text", ["lost my phone", "i have a new phone", "my code is refused", "numbers wrong"])
def test_the_request_says_nothing_that_was_only_offered(client, text):
    write(client, text)

    values = client.get("/speak-to-a-person").form("Send to the helpdesk").values

    assert values["summary"][0].strip() == text


def test_the_request_begins_where_the_check_was_begun(client):
    page = tap(client, write(client, "lost my phone"), "Check it with me", "Neither: no back-up and no second device")

    values = client.get(page.link("Open the reset request")).form("Send to the helpdesk").values

    assert values["summary"][0].strip().splitlines()[:2] == [
        "lost my phone",
        "I need an MFA reset. My phone is lost, stolen or broken. No back-up, no second device.",
    ]


def test_a_new_phone_without_back_up_ends_in_a_reset_request_that_reaches_the_helpdesk(client, amina):
    page = client.follow(client.submit(client.get("/"), button="I cannot get a code any more"))
    page = tap(client, page, "I have a new phone", "Neither: no old phone and no back-up")
    assert page.has("Ask your site administrator first, or your commissioner: both can reset you.")
    assert page.has("Nobody needs a code or a password for this.")

    form = client.get(page.link("Open the reset request"))
    summary = form.form("Send to the helpdesk").values["summary"][0]
    client.submit(
        form,
        button="Send to the helpdesk",
        name=amina.name,
        email=amina.email,
        pharmacy=amina.organisation,
        route="email",
        summary=f"{summary.strip()} akhan-FW844",
    )

    db.session.rollback()
    made = db.session.scalars(select(Ticket)).one()
    assert made.topic == "resets"
    assert "I have a new phone. No old phone and no back-up." in made.summary
    assert made.summary.endswith("My PharmOutcomes user name: akhan-FW844")
    said = [(line["author"], line["text"].splitlines()[0]) for line in made.transcript]
    assert ("Requester", "Neither: no old phone and no back-up") in said
    assert ("Assistant", "What happened?") in said


def test_who_can_reset_is_told_at_the_end_even_when_it_was_shown_before(client):
    write(client, "how do i ask for a reset")
    page = write(client, "I cannot get a code any more")

    tap(client, page, "I deleted the app or the entry", "No, there is no back-up", "How do I ask for a reset?")

    assert [turn.answer_ids for turn in conversation().turns if turn.answers] == [["resets/ask"]] * 2


def test_a_person_is_the_end_when_it_is_not_the_requesters_code(client):
    page = press(client, write(client, "my code is refused"), "Check it with me")

    page = tap(client, page, "Nobody here can log in", "No, still stuck")

    assert last().outcome is Outcome.HANDOVER
    assert page.has("A person at the helpdesk can take over")
    assert page.link("Speak to a person")


def test_after_the_hand_over_nothing_of_the_check_can_be_tapped(client, amina):
    page = clock_asked(client)
    form = client.get("/speak-to-a-person")
    values = {"name": amina.name, "email": amina.email, "pharmacy": amina.organisation, "route": "email"}
    client.submit(form, button="Send to the helpdesk", **values)

    page = tap(client, page, "Ahead of that time")

    assert page.has("We have your request")
    assert not page.has("The right time is")


def test_the_right_time_is_told_to_everybody_and_kept_by_nobody(client, moved_clock):
    answer = client.get("/chat/time")

    assert answer.json == {"now": 1_795_510_800_000}
    assert answer.headers["Cache-Control"] == "no-store"
    assert db.session.scalar(select(Conversation)) is None


def test_a_program_walks_the_check_by_ids_and_sends_what_it_measured(client):
    program = Program(client)
    program.post("messages", {"text": "question:refused"})
    program.post("messages", {"text": "question:refused/log-in"})
    asked = program.post("messages", {"text": "question:refused/log-in/one"}).json
    assert "It is " in asked["text"]
    assert asked["options"][0]["id"] == "question:refused/log-in/one/here"

    measured = {"text": "question:refused/log-in/one/here", "skew_seconds": 130}
    found = program.post("messages", measured).json

    assert found["text"].startswith("Your device’s clock is 2 minutes 10 seconds fast.")
    assert [one["id"] for one in found["answers"]] == ["codes/clock"]
    assert [one["title"] for one in found["options"]] == ["No, still stuck"]
    assert program.post("feedback", {"helped": False}).json["outcome"] == "handover"


def test_a_program_that_measures_nothing_compares_by_hand(client):
    program = Program(client)
    for tapped in ("question:refused", "question:refused/log-in", "question:refused/log-in/one"):
        program.post("messages", {"text": tapped})

    asked = program.post("messages", {"text": "question:refused/log-in/one/here"}).json

    assert asked["text"].startswith("I could not measure the clock.")
    assert (
        program.post("messages", {"text": "question:refused/log-in/one/here", "skew_seconds": "x"}).status_code == 422
    )


def test_the_hand_over_of_a_program_carries_what_was_checked(client):
    program = Program(client)
    for tapped in ("question:gone", "question:gone/new", "question:gone/new/neither"):
        program.post("messages", {"text": tapped})

    program.post("handover", HANDOVER)

    db.session.rollback()
    made = db.session.scalars(select(Ticket)).one()
    assert made.topic == "resets"
    assert [line["text"] for line in made.transcript if line["author"] == "Requester"][
        -1
    ] == "Neither: no old phone and no back-up"


def test_the_box_stays_for_words_of_ones_own(client):
    page = clock_asked(client)

    assert box(page)
    assert page.has("You can also type what it says in the box, for example 10:42.")
