"""`helpdesk webhooks`: what an operator sees and can do."""

from uuid import uuid4

from flask import Flask

from helpdesk.webhooks.cli import webhooks
from helpdesk.webhooks.service import deliver_due
from tests.http_sink import OK, Sink
from tests.integration.webhooks.conftest import rows, tell

GONE = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"


def test_the_list_shows_what_is_dead_and_what_waits_without_the_receivers_path(app: Flask, sink: Sink) -> None:
    sink.answer = GONE
    tell(about="reset:dead")
    deliver_due(1)
    tell(about="reset:waiting")

    shown = app.test_cli_runner().invoke(webhooks, ["list"])

    assert (
        "dead mfa.reset.approved reset:dead to 127.0.0.1, tries: 1. Answered 410: nobody wants this any more."
        in shown.output
    )
    assert "waiting mfa.reset.approved reset:waiting to 127.0.0.1, tries: 0." in shown.output
    assert "/hook" not in shown.output


def test_a_dead_message_is_offered_again_and_one_that_was_taken_is_not(app: Flask, sink: Sink) -> None:
    sink.answer = GONE
    tell()
    deliver_due(1)
    sink.answer = OK
    number = str(rows()[0].id)

    first = app.test_cli_runner().invoke(webhooks, ["again", number])
    assert (first.exit_code, deliver_due(1)) == (0, 1)

    second = app.test_cli_runner().invoke(webhooks, ["again", number])
    unknown = app.test_cli_runner().invoke(webhooks, ["again", str(uuid4())])
    assert (second.exit_code, unknown.exit_code) == (1, 1)
    assert "There is no message with that number that was given up." in second.output


def test_an_empty_list_says_so(app: Flask) -> None:
    assert "Nothing waits" in app.test_cli_runner().invoke(webhooks, ["list"]).output
