"""Plain values of mail that goes out. A mail that exists is safe to write: no field can start a header of its own."""

import re
from dataclasses import dataclass
from enum import StrEnum

MOST_SUBJECT_LETTERS = 200
MOST_ADDRESS_LETTERS = 254
MOST_LOCAL_LETTERS = 64
# Enough for any mail program to find the thread; the first names its start.
MOST_REFERENCES = 20

# Everything that some mail program takes for the end of a line.
LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
ADDRESS = re.compile(r"""([^\s@,;:<>()\[\]\\"]+)@([^\s@,;:<>()\[\]\\"]+)""")
MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>")


class MailState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class Mail:
    """One mail to one person. A bad address is a ValueError, a subject is cleaned, a bad message id is dropped."""

    to: str
    subject: str
    text: str
    html: str = ""
    reply_to: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    # Written by the service, not by a person: marked so that no robot answers it.
    is_automatic: bool = True
    # What it says is worth something to a thief, such as a set-up link: nothing of it is kept once it has left.
    is_secret: bool = False

    def __post_init__(self) -> None:
        clean = {
            "to": _one_address(self.to),
            "subject": _one_line(self.subject)[:MOST_SUBJECT_LETTERS].strip() or "(no subject)",
            "text": _storable(self.text),
            "html": _storable(self.html),
            "reply_to": _one_address(self.reply_to) if self.reply_to else "",
            "in_reply_to": self.in_reply_to if MESSAGE_ID.fullmatch(self.in_reply_to) else "",
            "references": _latest(tuple(one for one in self.references if MESSAGE_ID.fullmatch(one))),
        }
        for name, value in clean.items():
            object.__setattr__(self, name, value)


@dataclass(frozen=True)
class RenderedMail:
    """What a mail says, before anybody knows to whom."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Letter:
    """A mail ready for the post: the envelope and the bytes inside."""

    # Empty for automatic mail: nobody may answer it, not even with a report of failure.
    sender: str
    recipient: str
    content: bytes
    file_name: str


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]


def _one_address(text: str) -> str:
    found = ADDRESS.fullmatch(text) if text.isprintable() else None
    if not found or len(text) > MOST_ADDRESS_LETTERS or len(found[1]) > MOST_LOCAL_LETTERS:
        raise ValueError("not one mail address")
    # A domain of another script has an ASCII name that every server understands. UnicodeError is a ValueError.
    return f"{found[1]}@{found[2].encode('idna').decode()}"


def _one_line(text: str) -> str:
    return " ".join(LINE_BREAKS.sub(" ", _storable(text)).split())


def _storable(text: str) -> str:
    """Without what a database or UTF-8 cannot hold: NUL and halves of letters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _latest(references: tuple[str, ...]) -> tuple[str, ...]:
    if len(references) <= MOST_REFERENCES:
        return references
    return references[:1] + references[1 - MOST_REFERENCES :]
