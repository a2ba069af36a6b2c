"""Sessions with mail servers: passwords, encryption, and servers that are not who they say; and the folder."""

import ssl
import stat
from pathlib import Path

import pytest

from helpdesk.mail.errors import RefusedForNow, ServerUnavailable
from helpdesk.mail.senders import SmtpSender, sender_for
from helpdesk.mail.types import Letter
from helpdesk.settings import Settings
from tests.smtp_sink import Sink, free_port, running

CERTIFICATES = Path(__file__).parent / "certificates"
LETTER = Letter(
    sender="helpdesk@help.example",
    recipient="amina@highstreet.example",
    content=b"Subject: Hello\r\nMessage-ID: <1@help.example>\r\n\r\n.\r\n..dots\r\nLAST-LINE\r\n",
    file_name="20261124T101500Z-000042-abcdef01.eml",
)


@pytest.fixture
def tls() -> ssl.SSLContext:
    """What a mail server with our test certificate needs."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATES / "server.pem")
    return context


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the authority that vouches for the test server."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))


def send(url: str, tmp_path: Path) -> None:
    sender_for(Settings(mail_url=url, data_dir=tmp_path, mail_address="helpdesk@help.example")).send(LETTER)


def test_dots_arrive_as_they_were_written(tmp_path: Path) -> None:
    with running(Sink()) as sink:
        send(f"smtp://127.0.0.1:{sink.port}", tmp_path)

    assert sink.received[0].content == LETTER.content


def test_a_password_is_used_and_may_hold_any_sign(tmp_path: Path) -> None:
    with running(Sink(), login=("helpdesk@x", "p@ss:w/rd%")) as sink:
        send(f"smtp://helpdesk%40x:p%40ss%3Aw%2Frd%25@127.0.0.1:{sink.port}", tmp_path)

    assert [one.by_password for one in sink.received] == [True]


def test_a_wrong_password_is_the_servers_trouble_and_not_the_mails(tmp_path: Path) -> None:
    with running(Sink(), login=("helpdesk", "right")) as sink, pytest.raises(ServerUnavailable, match="535"):
        send(f"smtp://helpdesk:wrong@127.0.0.1:{sink.port}", tmp_path)

    assert sink.received == []


@pytest.mark.usefixtures("trusted")
def test_a_session_is_encrypted_from_the_start(tmp_path: Path, tls: ssl.SSLContext) -> None:
    with running(Sink(), tls=tls) as sink:
        send(f"smtps://localhost:{sink.port}", tmp_path)

    assert len(sink.received) == 1


@pytest.mark.usefixtures("trusted")
def test_a_session_is_encrypted_before_the_password(tmp_path: Path, tls: ssl.SSLContext) -> None:
    with running(Sink(), starttls=tls, login=("helpdesk", "right")) as sink:
        send(f"smtp+starttls://helpdesk:right@localhost:{sink.port}", tmp_path)

    assert [one.by_password for one in sink.received] == [True]


def test_a_server_that_nobody_vouches_for_gets_nothing(tmp_path: Path, tls: ssl.SSLContext) -> None:
    with running(Sink(), starttls=tls) as sink, pytest.raises(ServerUnavailable, match="CERTIFICATE_VERIFY_FAILED"):
        send(f"smtp+starttls://localhost:{sink.port}", tmp_path)

    assert sink.received == []


@pytest.mark.usefixtures("trusted")
def test_a_server_with_another_name_gets_nothing(tmp_path: Path, tls: ssl.SSLContext) -> None:
    with running(Sink(), starttls=tls) as sink, pytest.raises(ServerUnavailable, match="CERTIFICATE_VERIFY_FAILED"):
        send(f"smtp+starttls://127.0.0.1:{sink.port}", tmp_path)

    assert sink.received == []


@pytest.mark.usefixtures("trusted")
def test_a_server_that_cannot_encrypt_gets_nothing(tmp_path: Path) -> None:
    with running(Sink()) as sink, pytest.raises(ServerUnavailable, match="STARTTLS"):
        send(f"smtp+starttls://localhost:{sink.port}", tmp_path)

    assert sink.received == []


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(ServerUnavailable, match="Connection"):
        send(f"smtp://127.0.0.1:{free_port()}", tmp_path)


def test_a_server_that_drops_the_session_in_the_middle_refuses_for_now(tmp_path: Path) -> None:
    sink = Sink(hangs_up_on={LETTER.recipient})
    with running(sink), pytest.raises(RefusedForNow):
        send(f"smtp://127.0.0.1:{sink.port}", tmp_path)


@pytest.mark.parametrize(
    ("url", "port"), [("smtp://mail.example", 25), ("smtps://mail.example", 465), ("smtp+starttls://mail.example", 587)]
)
def test_each_kind_of_session_has_its_usual_port(url: str, port: int, tmp_path: Path) -> None:
    sender = sender_for(Settings(mail_url=url, data_dir=tmp_path))

    assert isinstance(sender, SmtpSender)
    assert sender.port == port


def test_by_default_mail_is_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    send("file:", tmp_path)
    send("file:", tmp_path)

    files = list((tmp_path / "outbox").iterdir())
    assert [file.name for file in files] == ["20261124T101500Z-000042-abcdef01.eml"]
    assert files[0].read_bytes() == LETTER.content
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("slashes", ["", "//"])
def test_another_folder_can_be_named(tmp_path: Path, slashes: str) -> None:
    send(f"file:{slashes}{tmp_path}/other%20place", tmp_path)

    assert [file.suffix for file in (tmp_path / "other place").iterdir()] == [".eml"]


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")

    with pytest.raises(ServerUnavailable):
        send("file:", tmp_path)
