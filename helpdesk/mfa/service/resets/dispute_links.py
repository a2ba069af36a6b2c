"""The link with which somebody says that a reset is not theirs. It is in every notice and can only stop.

Its secret half is made from the reset's id with a key of our own, so that each notice can carry the same link and no
table holds it.
"""

import base64
import hmac
from uuid import UUID

from helpdesk.core.secret_text import derive_key
from helpdesk.mail.links import absolute
from helpdesk.settings import in_use


def dispute_link(reset_id: UUID) -> str:
    """The whole address; the secret half stands behind the '#', which browsers send to nobody."""
    return absolute(f"/dispute/{reset_id.hex}#{_verifier(reset_id)}")


def reset_of_link(selector: str, verifier: str) -> UUID | None:
    """Which reset the link stops, or None where one of its halves is wrong."""
    try:
        reset_id = UUID(hex=selector)
    except ValueError:
        return None
    expected = _verifier(reset_id).encode()
    return reset_id if hmac.compare_digest(expected, verifier.encode("utf-8", "replace")) else None


def _verifier(reset_id: UUID) -> str:
    key = derive_key(in_use().secret_key.get_secret_value(), "dispute links")
    return base64.urlsafe_b64encode(hmac.digest(key, reset_id.bytes, "sha256")).decode().rstrip("=")
