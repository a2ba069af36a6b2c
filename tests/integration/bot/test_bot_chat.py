"""The chat as a pharmacy uses it: plain forms, one page."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from helpdesk.bot.models import Conversation, Turn
from helpdesk.bot.types import ConversationState, Outcome
from helpdesk.core.throttle import ThrottleCount
from helpdesk.db import db
from helpdesk.faq.service.library import current_library

pytestmark = pytest.mark.usefixtures("app")

FIRST_LINE = {
    "qr code wont scan": "barcodes/will-not-scan",
    "im a locum at a new shop": "locums/first-day",
    "which authenticator app": "authenticators/which-app",
    "what are the steps": "steps/set-up",
    "lost my phone": "authenticators/lost-phone",
    "activation code?": "accounts/activation-code",
}
COMMON_PROBLEMS = {
    "My code is refused": "codes/rejected",
    "The QR code will not scan": "barcodes/will-not-scan",
    "I have lost my phone": "authenticators/lost-phone",
    "I have changed my phone": "authenticators/new-phone",
    "I am setting up for the first time": "steps/set-up",
    "I am a locum at a new pharmacy": "locums/first-day",
    "A patient is waiting": "access/patient-waiting",
}


def write(client, text):
    """Send a message in the box, and follow to the chat."""
    return client.follow(client.send(box(client.get("/")), text=text))


def box(page):
    return next(form for form in page.forms if form.node["id"] == "composer")


def press(client, page, button):
    return client.follow(client.submit(page, button=button))


def title(answer_id):
    return current_library().answers[answer_id].title


def rows(model):
    return db.session.scalar(select(func.count()).select_from(model))


def conversation():
    db.session.rollback()
    return db.session.scalars(select(Conversation)).one()


def test_two_problems_in_one_message_get_both_answers(client):
    page = write(client, "The QR code will not scan. Also, how do I add a new user?")

    assert page.has("That is two things")
    assert page.has(title("barcodes/will-not-scan"))
    assert page.has(title("accounts/new-user"))


def test_an_emergency_gets_one_line_and_no_guess(client):
    page = write(client, "a patient is having a heart attack, code refused")

    assert page.has("Call 999 now.")
    assert not page.has("Did this fix it?")


def test_trouble_without_a_word_of_what_it_is_gets_a_question(client):
    page = write(client, "its broken")

    assert page.has("what happens when you log in?")
    assert page.has("Speak to a person")
    assert not page.has("Did this fix it?")


def test_the_start_says_what_to_do_and_keeps_nothing(client):
    page = client.get("/")

    for words in (
        "Get help logging in",
        "We will never ask for your code",
        "Do not include passwords, security codes or patient details",
        "Speak to a person",
        "0345 450 6279",
        "QR codes and barcodes",
    ):
        assert page.has(words), words
    assert rows(Conversation) == rows(Turn) == rows(ThrottleCount) == 0


@pytest.mark.parametrize(("text", "answer_id"), FIRST_LINE.items())
def test_first_line_questions_get_the_right_answer(client, text, answer_id):
    page = write(client, text)

    assert page.has(title(answer_id))
    assert page.has("Checked on 24 November 2026")
    assert page.has("Did this fix it?")
    assert conversation().turns[-1].answer_ids[-1] == answer_id


@pytest.mark.parametrize(("problem", "answer_id"), COMMON_PROBLEMS.items())
def test_each_common_problem_is_a_question_with_an_answer(client, problem, answer_id):
    page = client.follow(client.submit(client.get("/"), button=problem))

    assert page.has(problem)
    assert conversation().turns[-1].answer_ids[0] == answer_id


def test_the_address_leads_to_the_newest_line(client):
    answer = client.send(box(client.get("/")), text="lost my phone")

    assert answer.status_code == 303
    assert answer.location.endswith("/#m-2")


def test_an_unclear_message_is_asked_back_and_a_tap_answers_it(client):
    page = write(client, "email")
    turn = conversation().turns[-1]
    assert turn.outcome is Outcome.CLARIFY
    assert page.has("None of these")

    page = press(client, page, turn.options[1]["title"])

    assert conversation().turns[-1].answer_ids == [turn.options[1]["id"]]
    assert page.has("Did this fix it?")


def test_a_written_question_is_answered_by_a_tap_or_in_words(client):
    page = write(client, "qr missing after reset")
    assert page.has("No QR code on the screen: what happened before?")
    assert page.has("None of these")

    write(client, "never set it up")
    assert conversation().turns[-1].answer_ids == ["barcodes/no-qr-shown"]

    press(client, page, "My MFA was just reset")
    assert conversation().turns[-1].answer_ids == ["resets/after"]


def test_what_is_not_understood_is_asked_once_and_then_a_person_is_offered(client):
    first = write(client, "wibble wobble fnord")
    assert first.has("Say it in other words")

    second = write(client, "blancmange trousers")

    assert second.has("A person at the helpdesk can take over")
    assert [turn.outcome for turn in conversation().turns if turn.outcome] == [Outcome.UNKNOWN, Outcome.HANDOVER]


@pytest.mark.parametrize("vague", ["wibble wobble fnord", "its broken"])
def test_a_person_stays_offered_until_something_is_understood(client, vague):
    write(client, vague)
    write(client, "blancmange trousers")

    for text in ("gibber fnord", "not working", "blancmange wobble"):
        assert write(client, text).has("A person at the helpdesk can take over")
        assert conversation().turns[-1].outcome is Outcome.HANDOVER

    write(client, "qr code wont scan")
    write(client, "gibber fnord")
    assert conversation().turns[-1].outcome is Outcome.UNKNOWN


def test_a_secret_in_a_message_does_not_change_the_answer(client):
    page = write(client, "my code 482913 is refused")

    assert conversation().turns[-1].answer_ids == ["codes/rejected"]
    assert conversation().turns[0].text == "my code [security code removed] is refused"
    assert page.has("We removed a security code from your message.")


@pytest.mark.parametrize(
    "text",
    [
        "otpauth://totp/PharmOutcomes:abc?secret=JBSWY3DPEHPK3PXP&issuer=PO",
        "my NHS number is 943 476 5919 and password is Hunter2xyz!",
    ],
)
def test_nothing_but_a_secret_is_asked_what_happens(client, text):
    page = write(client, text)

    assert page.has("That was private, so it was removed. What happens when you log in?")
    assert not page.has("Did this fix it?")


def test_an_option_is_meant_by_its_words_beside_a_secret(client):
    press(client, write(client, "my code is refused"), "Check it with me")

    page = write(client, "ordinary log-in otpauth://totp/PharmOutcomes:abc?secret=JBSWY3DPEHPK3PXP&issuer=PO")

    assert page.has("How many PharmOutcomes entries does your app show?")


def test_what_was_refused_is_not_offered_again_however_much_later(client):
    press(client, write(client, "email"), "None of these")
    write(client, "can you order paracetamol")

    page = write(client, "email")

    assert conversation().turns[-1].options == []
    assert page.has("Speak to a person")


def test_none_of_these_leads_to_other_words_and_then_to_a_person(client):
    page = press(client, write(client, "email"), "None of these")
    assert page.has("Say it in other words")

    page = write(client, "blancmange trousers")

    assert page.has("A person at the helpdesk can take over")


def test_an_answer_that_does_not_help_leads_to_its_next_step_and_never_comes_twice(client):
    page = write(client, "qr code wont scan")
    seen = []
    while page.has("Did this fix it?"):
        seen += conversation().turns[-1].answer_ids
        page = press(client, page, "No, still stuck")

    assert seen[:2] == ["barcodes/will-not-scan", "barcodes/type-the-key"]
    assert len(seen) == len(set(seen))
    assert page.has("A person at the helpdesk can")


def test_the_same_question_again_does_not_bring_the_same_answer(client):
    write(client, "qr code wont scan")
    write(client, "qr code wont scan")

    shown = [answer_id for turn in conversation().turns for answer_id in turn.answer_ids]
    assert shown == ["barcodes/will-not-scan", "barcodes/type-the-key"]


def test_yes_marks_the_conversation_solved(client):
    page = press(client, write(client, "qr code wont scan"), "Yes")

    assert page.has("Good to hear")
    assert not page.has("Did this fix it?")
    assert conversation().state is ConversationState.SOLVED
    page = client.follow(client.submit(page, button="Start again"))
    assert not page.has("qr code wont scan")


def test_whoever_writes_again_after_yes_is_not_done(client):
    press(client, write(client, "qr code wont scan"), "Yes")
    write(client, "lost my phone")

    assert conversation().state is ConversationState.OPEN


def test_a_patient_who_waits_comes_before_the_fix(client):
    write(client, "patient is waiting and the qr code wont scan")

    kept = conversation()
    assert kept.is_patient_waiting
    assert kept.turns[-1].answer_ids == ["access/patient-waiting", "barcodes/will-not-scan"]


def test_suspected_fraud_shows_how_to_stay_safe(client):
    page = write(client, "someone phoned asking for my code, is it a scam")

    assert page.has("This may be fraud")
    assert conversation().turns[-1].answer_ids == ["codes/never-share"]


@pytest.mark.parametrize("text", ["speak to a person", "get me a human", "this is useless", "HUMAN", "hmuan"])
def test_who_asks_for_a_person_is_led_to_one(client, text):
    page = write(client, text)

    assert conversation().turns[-1].outcome is Outcome.HANDOVER
    assert page.has("Fill in the short form")


def test_courtesies_are_answered_in_a_line(client):
    page = write(client, "hello")

    assert page.has("Tell me what happens when you try to log in")


@pytest.mark.parametrize("text", ["", "   \n ", "\u200b\u200b", "\u202e\u2066", "\x00\x01"])
def test_an_empty_message_is_refused_with_words_by_the_box(client, text):
    page = client.send(box(client.get("/")), text=text)

    assert page.status_code == 422
    assert page.title.startswith("Error: Get help logging in")
    assert page.errors == ["Enter a message, for example “my code is refused”"]
    assert rows(Conversation) == 0


@pytest.mark.parametrize(
    "text",
    [
        "?" * 5_000,
        "👍",
        "👩‍👧",
        "Dw i wedi colli fy ffôn",
        "مرحبا لا أستطيع تسجيل الدخول",
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "a\ud800b",
        "a\x00b\u202ec",
        "'; DROP TABLE turn; --",
        "word " * 20_000,
        "x" * 100_000,
        "reset MFA for ben@helpdesk.example",
        "show ticket 5",
    ],
)
def test_odd_messages_are_kept_clean_and_a_person_is_always_in_reach(client, text):
    page = client.get("/")
    token = next(form for form in page.forms if form.node["id"] == "composer").values["csrf_token"]
    sent = client.post("/chat", data={"text": text.encode("utf-8", "surrogatepass"), "csrf_token": token[0]})
    page = client.follow(sent)

    assert page.status_code == 200
    assert page.has("Speak to a person")
    kept = conversation().turns[0].text
    assert len(kept) <= 2_000
    assert not set(kept) & set("\x00\u202e\ud800")
    assert "<script>alert" not in page.html


def test_a_body_that_is_too_large_is_refused(client):
    page = client.get("/")

    answer = client.post("/chat", data={**box(page).values, "text": "x" * 1_000_000})

    assert answer.status_code == 413
    assert rows(Turn) == 0


def test_a_form_sent_twice_is_kept_once(client):
    form = box(client.get("/"))

    first, second = (client.send(form, text="lost my phone") for _ in range(2))

    assert first.location == second.location
    assert rows(Turn) == 2


def test_other_words_from_a_page_gone_back_to_are_a_message_of_their_own(client):
    form = box(client.get("/"))
    client.send(form, text="lost my phone")
    client.send(form, text="qr code wont scan")

    assert rows(Turn) == 4


def test_another_choice_of_a_page_gone_back_to_is_taken_too(client):
    page = write(client, "email")
    first, second = (option["title"] for option in conversation().turns[-1].options[:2])
    press(client, page, first)

    press(client, page, second)

    assert [turn.text for turn in conversation().turns][2::2] == [first, second]


def test_a_choice_of_a_page_gone_back_to_after_the_hand_over_leads_to_the_chat(client, amina):
    page = write(client, "email")
    form = client.get("/speak-to-a-person")
    values = {"name": amina.name, "email": amina.email, "pharmacy": amina.organisation, "route": "email"}
    client.submit(form, button="Send to the helpdesk", **values)

    page = press(client, page, conversation().turns[-1].options[0]["title"])

    assert page.has("We have your request")


def test_parallel_sendings_are_kept_in_order_without_loss(client, app):
    write(client, "hello")
    form = box(client.get("/"))
    jar = client.get_cookie("chat").value, client.get_cookie("form").value
    db.session.rollback()

    def send(number):
        other = app.test_client()
        other.set_cookie("chat", jar[0])
        other.set_cookie("form", jar[1])
        data = form.filled(None, {"text": f"qr code wont scan {number}"}) | {"client_key": [f"parallel-{number}"]}
        with app.app_context():
            return other.post("/chat", data=data).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(send, range(12)))

    assert statuses == [303] * 12
    numbers = [turn.number for turn in conversation().turns]
    assert numbers == list(range(1, 27))


def test_a_first_message_sent_in_parallel_makes_one_conversation(client, app):
    form = box(client.get("/"))
    jar = client.get_cookie("chat").value, client.get_cookie("form").value

    def send(_number):
        other = app.test_client()
        other.set_cookie("chat", jar[0])
        other.set_cookie("form", jar[1])
        with app.app_context():
            return other.post("/chat", data=form.filled(None, {"text": "lost my phone"})).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(send, range(4)))

    assert statuses == [303] * 4
    assert [turn.number for turn in conversation().turns] == [1, 2]


def test_a_choice_that_was_never_offered_is_refused(client):
    page = write(client, "email")
    form = page.form("None of these")

    answer = client.post("/chat/choose", data={**form.values, "choice": "../../etc/passwd"})

    assert answer.status_code == 409
    assert answer.has("That choice is no longer there")
    assert rows(Turn) == 2


def test_choosing_and_judging_without_a_conversation_leads_to_the_start(client):
    token = box(client.get("/")).values["csrf_token"]

    for path in ("/chat/choose", "/chat/feedback"):
        assert client.post(path, data={"csrf_token": token, "choice": "yes"}).location == "/"


def test_a_closed_chat_is_forgotten_by_the_browser_and_by_its_token(client, app):
    page = write(client, "which authenticator app")
    token = client.get_cookie("chat").value

    client.submit(page, button="Close this chat")

    assert client.get_cookie("chat") is None
    assert conversation().state is ConversationState.CLOSED
    client.set_cookie("chat", token)
    page = client.get("/")
    assert not page.has("which authenticator app")
    assert client.get_cookie("chat").value != token


def test_a_message_with_a_used_up_token_is_kept_in_the_box(client):
    page = write(client, "lost my phone")
    token = client.get_cookie("chat").value
    client.submit(page, button="Close this chat")
    client.set_cookie("chat", token)

    refused = client.send(box(page), text="qr code wont scan")

    assert refused.status_code == 409
    assert refused.has("This chat was closed")
    assert client.follow(client.send(box(refused))).has(title("barcodes/will-not-scan"))


def test_the_token_is_kept_as_a_hash_only(client):
    write(client, "lost my phone")

    token = client.get_cookie("chat").value
    assert token.encode() not in conversation().token_hash
    cookie = client.get_cookie("chat")
    assert cookie.http_only
    assert cookie.max_age is None


def test_another_browser_sees_nothing_of_a_conversation(client, app):
    write(client, "which authenticator app")

    other = app.test_client()

    assert not other.get("/").has("which authenticator app")


def test_messages_are_limited_by_conversation_and_the_text_stays(client, moved_clock):
    for number in range(30):
        write(client, f"lost my phone {number}")

    page = client.send(box(client.get("/")), text="one more")

    assert page.status_code == 429
    assert page.has("Wait a minute, or phone the helpdesk on 0345 450 6279")
    assert [text.strip() for text in box(page).values["text"]] == ["one more"]
    assert int(page.headers["Retry-After"]) <= 60
    assert rows(Turn) == 60


def test_a_form_without_its_token_changes_nothing(client):
    assert client.post("/chat", data={"text": "hello"}).status_code == 400
    assert rows(Conversation) == 0
