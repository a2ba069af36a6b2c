"""The chat for programs."""

import pytest
from sqlalchemy import func, select

from helpdesk.bot.models import Conversation, Turn
from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.queries.requester import unread_replies
from helpdesk.tickets.service.messages import reply

pytestmark = pytest.mark.usefixtures("app")

CONVERSATIONS = "/api/v1/conversations"
HANDOVER = {
    "name": "Amina Khan",
    "email": "amina.khan@highstreet.example",
    "organisation": "FW844",
    "route": "email",
    "summary": "The code is refused.",
}


class Program:
    """A program with one conversation."""

    def __init__(self, client):
        started = client.post(CONVERSATIONS)
        assert started.status_code == 201
        self.client, self.id, self.token = client, started.json["id"], started.json["token"]

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, call, body, **headers):
        return self.client.post(f"{CONVERSATIONS}/{self.id}/{call}", json=body, headers=self.headers | headers)

    def events(self, after=0):
        return self.client.get(f"{CONVERSATIONS}/{self.id}/events?after={after}", headers=self.headers)


@pytest.fixture
def program(client):
    return Program(client)


def is_problem(answer, status):
    return answer.status_code == status == answer.json["status"] and answer.mimetype == "application/problem+json"


def test_a_message_gets_an_answer_object(program):
    answer = program.post("messages", {"text": "qr code wont scan"})

    assert answer.status_code == 200
    assert answer.json["outcome"] == "answer"
    (shown,) = answer.json["answers"]
    assert shown["id"] == "barcodes/will-not-scan"
    assert 0.45 <= shown["confidence"] <= 1
    assert shown["html"].startswith("<p>")
    assert shown["url"] == "http://localhost/faq/barcodes/will-not-scan"


@pytest.mark.parametrize("part", ["id", "title"])
def test_an_option_is_tapped_by_sending_its_id_or_its_title(program, part):
    asked = program.post("messages", {"text": "email"}).json
    assert asked["outcome"] == "clarify"
    assert [one["id"] for one in asked["options"][:-1]] == [one["id"] for one in asked["answers"]]

    answer = program.post("messages", {"text": asked["options"][1][part]}).json

    assert [one["id"] for one in answer["answers"]] == [asked["options"][1]["id"]]


def test_a_written_question_offers_its_answers(program):
    asked = program.post("messages", {"text": "qr missing after reset"}).json
    assert asked["outcome"] == "clarify"
    assert [one["id"] for one in asked["options"][:-1]] == [one["id"] for one in asked["answers"]]

    answer = program.post("messages", {"text": "just reset"}).json
    assert [one["id"] for one in answer["answers"]] == ["resets/after"]


def test_none_of_these_is_an_option(program):
    assert program.post("messages", {"text": "email"}).json["options"][-1]["id"] == "none"
    assert program.post("messages", {"text": "none"}).json["outcome"] == "unknown"


def test_feedback_brings_the_next_step_or_the_end(program):
    program.post("messages", {"text": "qr code wont scan"})

    assert program.post("feedback", {"helped": False}).json["answers"][0]["id"] == "barcodes/type-the-key"
    assert program.post("feedback", {"helped": True}).json["outcome"] == "smalltalk"


def test_a_hand_over_gives_reference_and_pin_once_and_for_all(program, pharmacy):
    program.post("messages", {"text": "qr code wont scan"})

    first, second = (program.post("handover", HANDOVER) for _ in range(2))

    assert first.status_code == 201
    assert first.json == second.json
    made = db.session.scalars(select(Ticket)).one()
    assert first.json["reference"] == made.reference
    assert first.json["status_url"] == f"http://localhost/c/{made.reference}"
    assert len(first.json["pin"]) == 6
    assert made.organisation_id == pharmacy.id


def test_events_bring_turns_and_after_the_hand_over_what_people_write(program, ben):
    assert program.events().status_code == 204
    program.post("messages", {"text": "qr code wont scan"})
    turns = program.events().json["events"]
    assert [(event["number"], event["author"]) for event in turns] == [(1, "requester"), (2, "assistant")]

    program.post("handover", HANDOVER)
    (opened,) = program.events(after=2).json["events"]
    assert (opened["number"], opened["text"]) == (3, "The code is refused.")
    answer_as(ben, "Scan the new code.")
    program.post("messages", {"text": "It works now."})

    told = [(event["author"], event["text"]) for event in program.events(after=3).json["events"]]
    assert told == [
        ("helpdesk", "Ben from the helpdesk has joined."),
        ("helpdesk", "Scan the new code."),
        ("requester", "It works now."),
    ]
    assert program.events(after=6).status_code == 204


def test_once_handed_over_the_assistant_says_once_that_a_message_is_here_and_nothing_after_an_agent_joined(
    program, ben
):
    program.post("handover", HANDOVER)
    waiting = [program.post("messages", {"text": text}).json for text in ("Any news?", "Hello?")]
    answer_as(ben, "I am here.")
    joined = program.post("messages", {"text": "Good."}).json

    said = [(reply["outcome"], reply["text"], reply["answers"]) for reply in (*waiting, joined)]
    assert said == [
        ("handover", "We added this to your request. A person will answer you here.", []),
        ("handover", "", []),
        ("handover", "", []),
    ]


def test_a_message_to_a_person_is_kept_once_however_often_it_is_sent_with_its_key(program):
    program.post("handover", HANDOVER)

    answers = [program.post("messages", {"text": "Any news?"}, **{"Idempotency-Key": "key-of-once"}) for _ in range(3)]

    assert len({answer.get_data() for answer in answers}) == 1
    said = [event["text"] for event in program.events().json["events"] if event["kind"] == "requester_wrote"]
    assert said == ["Any news?"]


def test_a_program_says_what_the_person_has_seen_and_only_the_rest_is_mailed(program, ben):
    program.post("messages", {"text": "qr code wont scan"})
    program.post("handover", HANDOVER)
    answer_as(ben, "Seen.")
    program.events("5&seen=5")  # two turns, the request, that Ben joined, his reply
    answer_as(ben, "Not seen.")
    program.events("6")

    made = db.session.scalars(select(Ticket)).one()
    assert [event.text for event in unread_replies(made)] == ["Not seen."]


def answer_as(person, text):
    made = db.session.scalars(select(Ticket)).one()
    reply(made, by=Actor(name=person.name, person_id=person.id), text=text, seen=made.last_event_number)
    db.session.commit()


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}])
def test_without_the_right_token_there_is_nothing(client, program, header):
    for call, body in (("messages", {"text": "hello"}), ("feedback", {"helped": True}), ("handover", HANDOVER)):
        answer = client.post(f"{CONVERSATIONS}/{program.id}/{call}", json=body, headers=header)
        assert is_problem(answer, 401)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert is_problem(client.get(f"{CONVERSATIONS}/{program.id}/events", headers=header), 401)
    assert db.session.scalar(select(func.count()).select_from(Turn)) == 0


def test_another_conversation_is_not_there(client, program):
    other = Program(client)

    for conversation_id in (other.id, "00000000-0000-0000-0000-000000000000", "1", "%00", "9" * 400):
        answer = client.get(f"{CONVERSATIONS}/{conversation_id}/events", headers=program.headers)
        assert is_problem(answer, 404)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"", 400),
        (b'{"text": "a", "text": "b"}', 400),
        (b'{"text": "\\ud800"}', 400),
        (b'{"text": NaN}', 400),
        (b"[" * 100_000, 400),
        (b'{"text": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", 400),
        (b"\xff\xfe", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"hello"', 422),
        (b"{}", 422),
        (b'{"text": 1}', 422),
        (b'{"text": null}', 422),
        (b'{"text": ["a"]}', 422),
        (b'{"text": ""}', 422),
        (b'{"text": " \\u200b"}', 422),
        (b'{"text": "a", "admin": true}', 422),
        (b'{"text": "' + b"x" * 300_000 + b'"}', 413),
    ],
)
def test_a_body_that_is_not_as_it_should_be_is_refused_and_nothing_is_kept(program, body, status):
    answer = program.client.post(
        f"{CONVERSATIONS}/{program.id}/messages",
        data=body,
        headers=program.headers | {"Content-Type": "application/json"},
    )

    assert is_problem(answer, status)
    assert db.session.scalar(select(func.count()).select_from(Turn)) == 0


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"])
def test_another_type_than_json_is_refused(program, kind):
    answer = program.client.post(
        f"{CONVERSATIONS}/{program.id}/messages",
        data=b'{"text": "hello"}',
        headers=program.headers | {"Content-Type": kind},
    )

    assert is_problem(answer, 415)


@pytest.mark.parametrize("after", ["-1", "x", "1e999", "NaN", "9223372036854775808", "1;", "[]"])
def test_a_number_that_is_none_is_refused(program, after):
    assert is_problem(program.events(after), 422)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "amina"}, "email"),
        ({"organisation": " "}, "organisation"),
        ({"route": "pigeon"}, "route"),
        ({"route": "phone"}, "phone"),
        ({"phone": "abc"}, "phone"),
        ({"summary": "\u200b"}, "summary"),
        ({"patient_waiting": "yes"}, "patient_waiting"),
    ],
)
def test_a_hand_over_names_the_field_that_is_wrong(program, change, field):
    answer = program.post("handover", HANDOVER | change)

    assert is_problem(answer, 422)
    assert list(answer.json["errors"]) == [field]
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 0


def test_sent_again_with_its_key_a_message_is_kept_once(program):
    answers = [program.post("messages", {"text": "qr code wont scan"}, **{"Idempotency-Key": "try-0001"}) for _ in "12"]

    assert answers[0].json == answers[1].json
    assert db.session.scalar(select(func.count()).select_from(Turn)) == 2


def test_too_many_messages_are_told_when_to_come_back(program, moved_clock):
    statuses = [program.post("messages", {"text": f"hello {number}"}).status_code for number in range(30)]
    assert set(statuses) == {200}

    answer = program.post("messages", {"text": "one more"})

    assert is_problem(answer, 429)
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_the_description_lists_every_call(client):
    spec = client.get("/api/v1/openapi.json").json

    assert spec["openapi"].startswith("3.1")
    assert {path for path in spec["paths"] if "conversations" in path} == {
        CONVERSATIONS,
        *(f"{CONVERSATIONS}/{{conversation_id}}/{call}" for call in ("messages", "feedback", "handover", "events")),
    }


def test_the_description_is_a_page_for_people_too(client):
    page = client.get("/api/v1/docs")

    assert page.heading == "Calls for programs"
    assert page.has("POST /api/v1/conversations/{conversation_id}/handover")
    assert page.has("Needs Authorization: Bearer and a token.")


def test_a_conversation_of_a_program_is_kept_like_any_other(program):
    program.post("messages", {"text": "patient is waiting"})

    assert db.session.scalars(select(Conversation)).one().is_patient_waiting
