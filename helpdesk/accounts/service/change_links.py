"""The links of a change of address. They are made from its id with our own key, so that no table holds them.

The same link can be mailed twice, and a copy of the database opens none.
"""

import hmac
from enum import StrEnum
from uuid import UUID

from helpdesk.accounts.errors import LinkNotUsable
from helpdesk.accounts.models import EmailChange
from helpdesk.db import db
from helpdesk.mail.links import absolute
from helpdesk.settings import in_use

NOT_USABLE = "This link has been used or has expired. Nothing was changed."


class Purpose(StrEnum):
    CONFIRM = "confirm"
    UNDO = "undo"


def link_for(change: EmailChange, purpose: Purpose) -> str:
    """The address that confirms this change, or takes it back."""
    return absolute(f"/email-change/{purpose}/{change.id.hex}.{_seal(change.id, purpose)}")


def find_change(text: str, purpose: Purpose) -> EmailChange:
    """The change that a link is about. LinkNotUsable when it is none of ours."""
    identity, _, seal = text.partition(".")
    try:
        change_id = UUID(hex=identity)
    except ValueError:
        raise LinkNotUsable(NOT_USABLE) from None
    if not hmac.compare_digest(_seal(change_id, purpose).encode(), seal.encode("utf-8", "replace")):
        raise LinkNotUsable(NOT_USABLE)
    change = db.session.get(EmailChange, change_id, with_for_update=True)
    if change is None:
        raise LinkNotUsable(NOT_USABLE)
    return change


def _seal(change_id: UUID, purpose: Purpose) -> str:
    key = in_use().secret_key.get_secret_value().encode()
    return hmac.digest(key, f"email change:{purpose}:{change_id}".encode(), "sha256").hex()
