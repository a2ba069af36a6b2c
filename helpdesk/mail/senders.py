"""The ways a mail leaves: into a folder, or to a mail server. `MAIL_URL` says which."""

import os
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from helpdesk.mail.errors import DeliveryError, RefusedForGood, RefusedForNow, ServerUnavailable
from helpdesk.mail.types import Letter, domain_of
from helpdesk.settings import Settings

# The server has this long for each step.
TIMEOUT_SECONDS = 20
MOST_ERROR_LETTERS = 200
# The mail is larger than the server takes.
TOO_LARGE = 552
# From here on, trying the same again gives the same answer (RFC 5321, 4.2.1).
FIRST_LASTING_CODE = 500


class Sender(Protocol):
    """Takes a letter, or raises why not."""

    def send(self, letter: Letter) -> None: ...


class Scheme(StrEnum):
    """How a session with a mail server is protected, and its usual port."""

    PLAIN = "smtp"
    TLS = "smtps"
    STARTTLS = "smtp+starttls"

    @property
    def port(self) -> int:
        return {Scheme.PLAIN: 25, Scheme.TLS: 465, Scheme.STARTTLS: 587}[self]


def sender_for(settings: Settings) -> Sender:
    """The sender that `MAIL_URL` names; the settings have made sure that it names one."""
    url = urlsplit(settings.mail_url)
    if url.scheme == "file":
        return FolderSender(Path(unquote(url.path)) if url.path else settings.data_dir / "outbox")
    scheme = Scheme(url.scheme)
    return SmtpSender(
        scheme=scheme,
        host=url.hostname or "",
        port=url.port or scheme.port,
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        own_name=domain_of(settings.mail_address),
    )


@dataclass(frozen=True)
class FolderSender:
    """Writes each mail into a file of its own, which appears only when it is whole."""

    folder: Path

    def send(self, letter: Letter) -> None:
        unfinished = self.folder / f".{letter.file_name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(unfinished, letter.content)
            unfinished.rename(self.folder / letter.file_name)
            _keep_names(self.folder)
        except OSError as error:
            raise ServerUnavailable(_shortened(str(error))) from error


@dataclass(frozen=True)
class SmtpSender:
    """Hands each mail to a mail server in a session of its own. With TLS, the server must prove its name."""

    scheme: Scheme
    host: str
    port: int
    user: str
    password: str
    own_name: str

    def send(self, letter: Letter) -> None:
        session = self._session()
        try:
            options = () if letter.recipient.isascii() else ("SMTPUTF8",)
            session.sendmail(letter.sender, [letter.recipient], letter.content, mail_options=options)
        except (smtplib.SMTPException, OSError) as error:
            session.close()
            raise _refusal(error) from error
        # The server has the mail: what goes wrong from here on must not bring a second copy.
        with suppress(smtplib.SMTPException, OSError):
            session.quit()

    def _session(self) -> smtplib.SMTP:
        try:
            return self._logged_in(self._connected())
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise ServerUnavailable(_shortened(_words(error))) from error

    def _connected(self) -> smtplib.SMTP:
        if self.scheme is Scheme.TLS:
            return smtplib.SMTP_SSL(
                self.host, self.port, self.own_name, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        return smtplib.SMTP(self.host, self.port, self.own_name, timeout=TIMEOUT_SECONDS)

    def _logged_in(self, session: smtplib.SMTP) -> smtplib.SMTP:
        try:
            if self.scheme is Scheme.STARTTLS:
                session.starttls(context=ssl.create_default_context())
            session.ehlo_or_helo_if_needed()
            if self.user:
                session.login(self.user, self.password)
        except BaseException:
            session.close()
            raise
        return session


def _refusal(error: smtplib.SMTPException | OSError) -> DeliveryError:
    """Whether to try again. A refused sender may be our setting, so only a mail too large is refused for good."""
    words = _shortened(_words(error))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return RefusedForGood(words)  # an address in another script, which this server does not know
    code = _code(error)
    is_for_good = code == TOO_LARGE if isinstance(error, smtplib.SMTPSenderRefused) else code >= FIRST_LASTING_CODE
    return RefusedForGood(words) if is_for_good else RefusedForNow(words)


def _code(error: smtplib.SMTPException | OSError) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(code for code, _ in error.recipients.values())
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(_answer(code, reason) for code, reason in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}"


def _answer(code: int, reason: bytes | str) -> str:
    return f"{code} {reason.decode('utf-8', 'replace') if isinstance(reason, bytes) else reason}"


def _shortened(text: str) -> str:
    """On one line, printable, and short enough for its column."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line[:MOST_ERROR_LETTERS]


def _write(path: Path, content: bytes) -> None:
    """On the disk when this returns, and readable by its owner alone: it is a person's mail."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep_names(folder: Path) -> None:
    """A new name in a folder survives a power cut only when the folder is written too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
