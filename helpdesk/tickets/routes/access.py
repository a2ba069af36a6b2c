"""How a requester, who has no account, keeps a ticket open in one browser."""

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from helpdesk.settings import in_use
from helpdesk.web.security import delete_cookie, read_cookie, set_cookie

COOKIE = "ticket"
# A shared computer must not show a ticket to the next shift.
OPEN_FOR = timedelta(hours=8)


def remember_requester(response: Response, reference: str) -> None:
    """Let this browser open the ticket without the PIN, until it is closed or the shift is over."""
    set_cookie(response, COOKIE, _signer().dumps(reference))


def forget_requester(response: Response) -> None:
    """Ask for the PIN again."""
    delete_cookie(response, COOKIE)


def is_remembered(reference: str) -> bool:
    """Whether this browser has proved the PIN of that ticket."""
    try:
        kept = _signer().loads(read_cookie(COOKIE), max_age=int(OPEN_FOR.total_seconds()))
    except BadSignature:
        return False
    return bool(kept == reference)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(in_use().secret_key.get_secret_value(), salt="requester")
