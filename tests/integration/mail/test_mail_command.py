"""`helpdesk mail outbox`: what an operator sees and can do."""

from uuid import uuid4

from flask import Flask

from helpdesk.mail.cli import mail
from helpdesk.mail.service import deliver_due
from tests.integration.mail.conftest import Promise, row_of
from tests.smtp_sink import Sink


def test_the_outbox_counts_mail_and_names_troubles_without_addresses(app: Flask, sink: Sink, promise: Promise) -> None:
    promise(), promise(to="gone@x.example", about="HD-GONE-0001")
    sink.recipient_answers["gone@x.example"] = "550 No such mailbox"
    deliver_due(10)

    result = app.test_cli_runner().invoke(mail, ["outbox"])

    assert result.exit_code == 0
    assert result.output.splitlines()[:4] == ["queued: 0", "sending: 0", "sent: 1", "failed: 1"]
    assert "HD-GONE-0001 failed, tries: 1. 550 No such mailbox" in result.output
    assert "gone@x.example" not in result.output


def test_a_mail_that_was_given_up_can_be_tried_again(app: Flask, sink: Sink, promise: Promise) -> None:
    message = promise(to="gone@x.example")
    sink.recipient_answers["gone@x.example"] = "550 No such mailbox"
    deliver_due(10)
    sink.recipient_answers.clear()

    result = app.test_cli_runner().invoke(mail, ["outbox", "--retry", str(row_of(message).id)])

    assert result.exit_code == 0
    assert "queued: 1" in result.output
    assert deliver_due(10) == 1


def test_a_mail_that_left_is_not_sent_again(app: Flask, sink: Sink, promise: Promise) -> None:
    message = promise()
    deliver_due(10)

    sent = app.test_cli_runner().invoke(mail, ["outbox", "--retry", str(row_of(message).id)])
    unknown = app.test_cli_runner().invoke(mail, ["outbox", "--retry", str(uuid4())])

    assert (sent.exit_code, unknown.exit_code) == (1, 1)
    assert "There is no mail with that number that can be tried again." in sent.output
    assert deliver_due(10) == 0
