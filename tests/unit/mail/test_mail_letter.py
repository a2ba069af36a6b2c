"""How a mail is written for the post."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest

from helpdesk.mail.models import OutboxMessage
from helpdesk.mail.rendering import write_letter
from helpdesk.mail.types import Letter
from helpdesk.settings import Settings

SETTINGS = Settings(data_dir=Path("unused"), mail_address="helpdesk@help.example", service_name="Pharmacy, MFA “desk”")


def letter(**changes: object) -> Letter:
    values: dict[str, object] = {
        "id": UUID(int=0xABCDEF01 << 96),
        "sequence": 42,
        "created_at": datetime(2026, 11, 24, 10, 15, tzinfo=UTC),
        "to_address": "amina@highstreet.example",
        "subject": "[HD-7K3M-2QXP] Your request",
        "text": "Hello\n",
        "html": "",
        "reply_to": "",
        "message_id": "<abc@help.example>",
        "in_reply_to": "",
        "references": "",
        "is_automatic": True,
    }
    return write_letter(OutboxMessage(**values | changes), SETTINGS)


def read(written: Letter) -> EmailMessage:
    return message_from_bytes(written.content, policy=default)


def test_an_automatic_mail_says_so_and_nobody_can_bounce_it() -> None:
    written = letter()
    message = read(written)

    assert written.sender == ""
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-Loop"] == "helpdesk@help.example"


def test_a_mail_that_a_person_wrote_carries_no_mark_of_a_robot() -> None:
    written = letter(is_automatic=False)
    message = read(written)

    assert written.sender == "helpdesk@help.example"
    assert "Auto-Submitted" not in message
    assert "X-Auto-Response-Suppress" not in message
    assert "X-Loop" not in message


def test_headers_say_who_when_and_which_thread() -> None:
    message = read(
        letter(reply_to="reply+1@help.example", in_reply_to="<1@x.example>", references="<0@x.example> <1@x.example>")
    )

    assert message["From"].addresses[0].display_name == "Pharmacy, MFA “desk”"
    assert message["From"].addresses[0].addr_spec == "helpdesk@help.example"
    assert message["To"] == "amina@highstreet.example"
    assert message["Date"] == "Tue, 24 Nov 2026 10:15:00 +0000"
    assert message["Message-ID"] == "<abc@help.example>"
    assert message["Reply-To"] == "reply+1@help.example"
    assert message["In-Reply-To"] == "<1@x.example>"
    assert message["References"] == "<0@x.example> <1@x.example>"


def test_without_a_thread_there_are_no_thread_headers() -> None:
    assert not {"Reply-To", "In-Reply-To", "References"} & set(read(letter()).keys())


@pytest.mark.parametrize(
    "text",
    [
        "x" * 300_000,
        "Mae’r cod yn anghywir 💊👩🏽‍⚕️\n" * 200,
        ".\n..\n.hidden\nLAST-LINE\n",
        "From the pharmacy\nFrom: me\n",
        "tab\tand trailing space \n",
    ],
    ids=["long", "welsh and emoji", "dots", "from lines", "spaces"],
)
def test_text_comes_out_as_it_went_in_on_short_lines(text: str) -> None:
    written = letter(text=text)

    assert max(len(line) for line in written.content.split(b"\r\n")) <= 998
    assert b"\n" not in written.content.replace(b"\r\n", b"")
    assert written.content.isascii()
    assert read(written).get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")


def test_html_comes_beside_the_text_never_instead() -> None:
    message = read(letter(html="<p>Hello</p>"))

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_every_copy_is_the_same_to_the_byte() -> None:
    assert letter(html="<p>Hello</p>") == letter(html="<p>Hello</p>")


@pytest.mark.parametrize("subject", ["Cod wedi’i wrthod 💊", "x" * 200, "é" * 200, "a " * 100, '"quoted" (round) <b>'])
def test_any_subject_comes_out_as_it_went_in(subject: str) -> None:
    written = letter(subject=subject.strip())

    assert read(written)["Subject"] == subject.strip()
    assert max(len(line) for line in written.content.split(b"\r\n")) <= 998


def test_an_address_in_another_script_is_written_in_utf8() -> None:
    assert "To: zoë@x.example".encode() in letter(to_address="zoë@x.example").content


def test_a_file_name_sorts_by_time_and_then_by_promise() -> None:
    assert letter().file_name == "20261124T101500Z-000042-abcdef01.eml"
