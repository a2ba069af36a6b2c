"""What a person or a program sees when something is refused or goes wrong: words, never an exception's text."""

import secrets
from http import HTTPStatus

import structlog
from flask import Flask, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, InternalError, OperationalError, ProgrammingError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from helpdesk.core.errors import DomainError, NotAllowed, NotFound, NotSignedIn, RuleRefused, TooMany, Unavailable

log = structlog.get_logger()

BUSY_RETRY_SECONDS = 5
# PostgreSQL's states for a database, a table or a role that may only be read.
NOT_WRITABLE = {"25006", "42501"}
# Somebody must make room first.
UNAVAILABLE_RETRY_SECONDS = 600

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    NotSignedIn: 401,
    TooMany: 429,
    RuleRefused: 409,
    Unavailable: 503,
}

HEADINGS = {
    400: ("There is a problem with what was sent", "Go back, check what you entered and try again."),
    401: ("You need to log in", "Log in, then try again."),
    403: ("You do not have permission", "Your account cannot do that. Ask your administrator if you think it should."),
    404: ("Page not found", "If you typed the web address, check it is correct."),
    405: ("Page not found", "That address does not work this way. Start again from the first page."),
    409: ("That did not go through", "Go back, reload the page and try again."),
    413: ("That is too long", "Go back and shorten it. Nothing has been lost."),
    415: ("There is a problem with what was sent", "The format is not one that we can read."),
    429: ("Too many tries", "Wait a little, then try again."),
    503: ("Sorry, the service is busy", "Go back, your text is still there. Wait a few seconds, then send it again."),
    500: ("Sorry, there is a problem with the service", "Try again in a few minutes."),
}


def init_app(app: Flask) -> None:
    """Answer every refusal and fault with a page, or with problem+json under /api/."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DataError, _unreadable)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(TimeoutError, _busy)
    app.register_error_handler(InternalError, _busy_or_fault)
    app.register_error_handler(ProgrammingError, _busy_or_fault)
    app.register_error_handler(Exception, _fault)


def problem(status: int, detail: str, **more: object) -> Response:
    """An error for a program (RFC 9457)."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    response: Response = jsonify(body)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def error_page(
    status: int, text: str, heading: str | None = None, *, way_on: tuple[str, str] | None = None
) -> Response:
    """A page that says what happened and what to do next, with the helpdesk's phone number."""
    known_heading, _ = HEADINGS.get(status, HEADINGS[500])
    page = render_template("web/errors/error.html", heading=heading or known_heading, text=text, way_on=way_on)
    return Response(page, status, content_type="text/html; charset=utf-8")


def _answer(status: int, text: str, *, way_on: tuple[str, str] | None = None) -> Response:
    return problem(status, text) if request.path.startswith("/api/") else error_page(status, text, way_on=way_on)


def _refused(error: DomainError) -> Response:
    response = _answer(status_of(error), error.message, way_on=error.way_on)
    say_when_to_try_again(response, error)
    return response


def say_when_to_try_again(response: Response, error: DomainError) -> None:
    """Tell programs for how long waiting makes sense, where it does."""
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    elif isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(UNAVAILABLE_RETRY_SECONDS)


def status_of(error: DomainError) -> int:
    """The status of the answer to a refusal."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 422)


def _form_expired(_error: CSRFError) -> Response:
    text = (
        "This page was open for too long or cookies are switched off. Go back, copy your text, reload and send again."
    )
    return error_page(400, text, heading="This form can no longer be sent")


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()
    _, text = HEADINGS.get(error.code, HEADINGS[500])
    response = _answer(error.code, text)
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or [])
    return response


def _unreadable(_error: DataError) -> Response:
    """The database cannot hold what was sent: a character that no text has, a number out of range."""
    return _answer(400, HEADINGS[400][1])


def _busy(error: DBAPIError | TimeoutError) -> Response:
    """The database did not answer in time. Nothing was kept; sending again soon is right."""
    log.error("busy", endpoint=request.endpoint, exc_info=error)
    response = _answer(503, HEADINGS[503][1])
    response.headers["Retry-After"] = str(BUSY_RETRY_SECONDS)
    return response


def _busy_or_fault(error: DBAPIError) -> Response:
    """PostgreSQL says so when it may not be written to for a while; SQLite's own word for it is the one above."""
    return _busy(error) if getattr(error.orig, "sqlstate", None) in NOT_WRITABLE else _fault(error)


def _fault(error: Exception) -> Response:
    number = secrets.token_hex(4).upper()
    log.error("fault", number=number, endpoint=request.endpoint, exc_info=error)
    return _answer(500, f"Try again in a few minutes. If you ring us, say error number {number}.")
