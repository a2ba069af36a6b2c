"""What is recognised before any matching, and above all what is not."""

import pytest

from helpdesk.bot.rules.asking import told_so_far
from helpdesk.bot.rules.recognise import courtesy_at_start, recognise, without_the_wait
from helpdesk.bot.types import Author, Outcome, Wish
from helpdesk.faq.loader.folder import load_folder
from tests.apps import ROOT

# Answers whose own phrasings are wishes: to reach a person, to go on with a patient waiting, to tell of a fraud.
WISHES_OF_THEIR_OWN = ("contact/", "access/patient-waiting", "codes/never-share")


@pytest.fixture(scope="module")
def content():
    return load_folder(ROOT / "faq_data").content


@pytest.mark.parametrize(
    ("text", "is_only"),
    [
        ("[set-up link removed]", True),
        ("my NHS number is [NHS number removed] and password is [password removed]", True),
        ("Here’s the code: [security code removed].", True),
        ("my code [security code removed] is refused", False),
        ("[set-up link removed] will not scan", False),
        ("my password", False),
        ("", False),
    ],
)
def test_a_message_that_only_names_its_secrets_asks_nothing(content, text, is_only):
    assert (recognise(text, content).wish is Wish.ONLY_SECRETS) is is_only


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Could I talk to somebody?", Wish.PERSON),
        ("put me thru to an agent", Wish.PERSON),
        ("hmuan", Wish.PERSON),
        ("ring me back please", Wish.PERSON),
        ("please raise a ticket", Wish.PERSON),
        ("No one has replied to my ticket", Wish.PERSON),
        ("utterly useless", Wish.PERSON),
        ("this app is useless at reading the qr code", Wish.NOTHING),
        ("there is a patient sat here", Wish.PATIENT_WAITING),
        ("pts waiting!!", Wish.PATIENT_WAITING),
        ("how long is the wait for a reset", Wish.NOTHING),
        ("a bloke rang and asked for my password", Wish.SUSPECTED_FRAUD),
        ("is this email genuine or a scam", Wish.SUSPECTED_FRAUD),
        ("hiya", Wish.SMALLTALK),
        ("thanks so much, bye", Wish.SMALLTALK),
        ("hi my code is refused", Wish.NOTHING),
        ("A customer is having a heart attack!", Wish.EMERGENCY),
        ("patient not breathing and I cant log in", Wish.EMERGENCY),
        ("the lady has just collapsed", Wish.EMERGENCY),
        ("the system has collapsed", Wish.NOTHING),
        ("my phone is dying", Wish.NOTHING),
        ("its broken", Wish.TOO_VAGUE),
        ("HELP", Wish.TOO_VAGUE),
        ("not working", Wish.TOO_VAGUE),
        ("my phone is broken", Wish.NOTHING),
        ("je ne peux pas me connecter", Wish.OTHER_LANGUAGE),
        ("ich kann mich nicht anmelden", Wish.OTHER_LANGUAGE),
        ("no code on my phone", Wish.NOTHING),
        ("", Wish.NOTHING),
        ("?" * 2_000, Wish.NOTHING),
    ],
)
def test_wishes(content, text, wish):
    assert recognise(text, content).wish is wish


def test_hardly_any_phrasing_of_the_faq_is_taken_for_a_wish(content):
    texts = [
        (answer.id, text)
        for answer in content.answers.values()
        if not answer.id.startswith(WISHES_OF_THEIR_OWN)
        for text in (answer.title, *answer.phrasings)
    ]

    taken = [(id, text) for id, text in texts if recognise(text, content).wish is not Wish.NOTHING]

    assert len(taken) <= len(texts) / 500, taken


def test_no_phrasing_of_the_faq_is_too_vague_or_in_another_language(content):
    unclear = {Wish.EMERGENCY, Wish.OTHER_LANGUAGE, Wish.TOO_VAGUE}
    texts = [text for answer in content.answers.values() for text in (answer.title, *answer.phrasings)]

    assert not [text for text in texts if recognise(text, content).wish in unclear]


def test_every_phrasing_of_a_wish_is_recognised(content):
    missed = [text for text in content.person_phrasings if recognise(text, content).wish is not Wish.PERSON]
    missed += [
        text for entry in content.safety for text in entry.phrasings if recognise(text, content).wish != Wish(entry.id)
    ]

    assert not missed


def test_the_start_of_a_short_message_may_be_a_courtesy(content):
    assert courtesy_at_start("good afternoon, lovely weather", content) == "hello"
    assert courtesy_at_start("hi " + "word " * 8, content) == ""


def test_the_fix_is_sought_in_what_does_not_say_that_somebody_waits(content):
    text = "Patient waiting and the QR code will not scan"

    assert without_the_wait(text, content).strip() == "the QR code will not scan"


def test_the_form_starts_with_what_was_told():
    turns = [
        (Author.REQUESTER, None, "hello"),
        (Author.ASSISTANT, Outcome.SMALLTALK, "Hello."),
        (Author.REQUESTER, None, "my code is refused"),
        (Author.ASSISTANT, Outcome.ANSWER, "Try this."),
        (Author.REQUESTER, None, "No, still stuck"),
        (Author.ASSISTANT, Outcome.ANSWER, "Try this."),
        (Author.REQUESTER, None, "speak to a person"),
        (Author.ASSISTANT, Outcome.HANDOVER, "A person can take over."),
    ]

    assert told_so_far(turns) == "my code is refused"
