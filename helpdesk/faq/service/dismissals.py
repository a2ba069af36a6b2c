"""Messages that do not belong in the FAQ."""

import hashlib
from collections.abc import Iterable

from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.faq.models import FaqDismissal
from helpdesk.faq.queries import dismissed_hashes
from helpdesk.faq.search.normalise import words_of


def dismiss(texts: Iterable[str], *, by: Actor) -> None:
    """Say that these messages are not for the FAQ, so that they are not proposed again."""
    known = dismissed_hashes()
    new = sorted({message_hash(text) for text in texts} - known)
    db.session.add_all(FaqDismissal(text_hash=one, by_id=by.person_id, at=clock.now()) for one in new)
    record("faq:dismissed", by=by, target="learning", messages=len(new))
    db.session.flush()


def message_hash(text: str) -> str:
    """Equal for messages that differ only in capitals, spaces and punctuation."""
    return hashlib.sha256(" ".join(words_of(text)).encode()).hexdigest()
