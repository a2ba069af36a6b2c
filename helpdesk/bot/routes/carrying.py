"""How the token of a chat comes with each request: in a cookie, or in a frame in the forms of the page."""

from flask import after_this_request
from werkzeug.wrappers import Response

from helpdesk.core.secret_text import is_token, make_token
from helpdesk.tickets.routes.access import forget_requester, remember_requester
from helpdesk.web.framing import carry_in_forms, is_framed, secret_of_form
from helpdesk.web.security import delete_cookie, forget_pages, read_cookie, set_cookie

# Holds the conversation's token until the browser is closed.
COOKIE = "chat"


def sent_token() -> str:
    """The token that came, or nothing: what does not look like one of ours was made up, and could be guessed."""
    token = secret_of_form() if is_framed() else read_cookie(COOKIE)
    return token if is_token(token) else ""


def carry(token: str) -> str:
    """Let the browser's next request bring this token. Call it before the page is built."""
    if is_framed():
        carry_in_forms(token)
    else:
        after_this_request(lambda response: _with_cookie(response, token))
    return token


def carry_new() -> str:
    """Let the next request begin another chat."""
    return carry(make_token())


def carry_ticket(response: Response, reference: str) -> None:
    """Let this browser open the ticket without its PIN; in a frame nothing is kept, and the PIN is asked for."""
    if not is_framed():
        remember_requester(response, reference)


def forget_all(response: Response) -> None:
    """Let this browser open neither the chat nor its ticket again. A frame never kept anything."""
    if not is_framed():
        delete_cookie(response, COOKIE)
        forget_requester(response)
        forget_pages(response)


def _with_cookie(response: Response, token: str) -> Response:
    set_cookie(response, COOKIE, token)
    return response
