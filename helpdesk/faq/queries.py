"""What editors did to the answers."""

from sqlalchemy import select

from helpdesk.core.errors import NotFound
from helpdesk.db import db
from helpdesk.faq.models import FaqDismissal, FaqRevision


def list_revisions(answer_id: str) -> list[FaqRevision]:
    """Every kept version of an answer, newest first."""
    kept = select(FaqRevision).where(FaqRevision.answer_id == answer_id)
    return list(db.session.scalars(kept.order_by(FaqRevision.number.desc())))


def get_revision(answer_id: str, number: int) -> FaqRevision:
    """One version of an answer, or NotFound."""
    kept = select(FaqRevision).where(FaqRevision.answer_id == answer_id, FaqRevision.number == number)
    revision = db.session.scalar(kept)
    if revision is None:
        raise NotFound
    return revision


def find_last_revision(answer_id: str) -> FaqRevision | None:
    """The newest kept version, or None when nobody has edited the answer here."""
    kept = select(FaqRevision).where(FaqRevision.answer_id == answer_id)
    return db.session.scalar(kept.order_by(FaqRevision.number.desc()).limit(1))


def dismissed_hashes() -> frozenset[str]:
    """The messages that do not belong in the FAQ."""
    return frozenset(db.session.scalars(select(FaqDismissal.text_hash)))
