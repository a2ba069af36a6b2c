"""No field of a mail can start a header, a second recipient or a line of its own."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest

from helpdesk.mail.models import OutboxMessage
from helpdesk.mail.rendering import write_letter
from helpdesk.mail.types import MOST_REFERENCES, Mail
from helpdesk.settings import Settings

TO = "amina@highstreet.example"
BREAKS = ["\r\n", "\n", "\r", "\x00", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\r\n ", "\r\n\t", "\n\n"]
EXPECTED_NAMES = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Loop",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
}


def letter_bytes(mail: Mail) -> bytes:
    message = OutboxMessage(
        id=UUID(int=7),
        sequence=7,
        created_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
        to_address=mail.to,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        reply_to=mail.reply_to,
        message_id="<7@helpdesk.example>",
        in_reply_to=mail.in_reply_to,
        references=" ".join(mail.references),
        is_automatic=mail.is_automatic,
    )
    return write_letter(message, Settings(data_dir=Path("unused"))).content


@pytest.mark.parametrize("line_break", BREAKS, ids=repr)
@pytest.mark.parametrize("injected", ["Bcc: eve@evil.example", "X-Injected: yes", "\r\nA body of my own"])
def test_a_subject_stays_one_header(line_break: str, injected: str) -> None:
    mail = Mail(to=TO, subject=f"Help{line_break}{injected}", text="Hello")

    message = message_from_bytes(letter_bytes(mail), policy=default)

    assert set(message.keys()) == EXPECTED_NAMES
    assert len(message.get_all("Subject", [])) == 1
    assert str(message["Subject"]).startswith("Help")
    assert message.get_content().splitlines() == ["Hello"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "amina",
        "@x.example",
        "amina@",
        "a@b@c.example",
        "a@x.example,b@evil.example",
        "a@x.example;b@evil.example",
        "a@x.example b@evil.example",
        "<a@x.example>",
        "Amina <a@x.example>",
        "(comment)a@x.example",
        '"a b"@x.example',
        "group:a@x.example",
        "a\\@x.example",
        "a@[127.0.0.1]",
        "a@x..example",
        f"{'a' * 65}@x.example",
        f"a@{'x.' * 2500}example",
        f"a@{'x' * 64}.example",
        "a\u200b@x.example",
        "a\u202e@x.example",
        *(f"a@x.example{line_break}Bcc: b@evil.example" for line_break in BREAKS),
        *(f"a{line_break}@x.example" for line_break in BREAKS),
    ],
    ids=lambda address: ascii(address)[:40],
)
def test_what_is_not_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"not one mail address|label|codec"):
        Mail(to=address, subject="Help", text="Hello")
    if address:
        with pytest.raises(ValueError, match=r"not one mail address|label|codec"):
            Mail(to=TO, subject="Help", text="Hello", reply_to=address)


@pytest.mark.parametrize("line_break", BREAKS, ids=repr)
def test_a_message_id_with_anything_more_is_dropped(line_break: str) -> None:
    bad = f"<1@x.example>{line_break}Bcc: eve@evil.example"

    mail = Mail(to=TO, subject="Help", text="Hello", in_reply_to=bad, references=(bad, "<2@x.example>", "3@x.example"))

    assert mail.in_reply_to == ""
    assert mail.references == ("<2@x.example>",)


def test_a_long_thread_keeps_its_start_and_its_latest_messages() -> None:
    thread = tuple(f"<{number}@x.example>" for number in range(500))

    kept = Mail(to=TO, subject="Help", text="Hello", references=thread).references

    assert len(kept) == MOST_REFERENCES
    assert kept[0] == thread[0]
    assert kept[1:] == thread[1 - MOST_REFERENCES :]


def test_a_domain_in_another_script_gets_its_ascii_name() -> None:
    assert Mail(to="a@bücher.example", subject="Help", text="Hello").to == "a@xn--bcher-kva.example"


def test_an_empty_subject_is_named() -> None:
    assert Mail(to=TO, subject=" \r\n", text="Hello").subject == "(no subject)"


def test_what_a_database_cannot_hold_is_left_out() -> None:
    mail = Mail(to=TO, subject="He\ud800lp", text="a\x00b\ud800", html="<p>\x00</p>")

    assert (mail.subject, mail.text, mail.html) == ("He?lp", "ab?", "<p></p>")
