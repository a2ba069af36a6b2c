"""Headers of every answer, and the one way to set a cookie."""

import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from http import HTTPStatus
from ipaddress import IPv4Address, ip_address, ip_network
from typing import TYPE_CHECKING

from flask import Flask, current_app, g, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from helpdesk.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Bigger than any form of ours; a chat message is cut at 2,000 characters.
MAX_BODY_BYTES = 256 * 1024
MAX_FORM_PARTS = 200
# Labels of a name (RFC 1035) or an address, and a port.
SANE_HOST = re.compile(r"(?i:[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.ASCII)
# Of what may be kept: the thing itself, or that it did not change.
KEPT = {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}
HSTS = "max-age=63072000; includeSubDomains"


def init_app(app: Flask, settings: Settings) -> None:
    """Bound what comes in and harden what goes out."""
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        SESSION_COOKIE_NAME=cookie_name("form", secure=settings.is_https),
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_SAMESITE="Lax",
        SECURE_COOKIES=settings.is_https,
        WTF_CSRF_TIME_LIMIT=None,  # a form left open over lunch still works
        WTF_CSRF_SSL_STRICT=False,  # no-referrer pages send none; the token is what counts
    )
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies
        )
    app.wsgi_app = _only_sane_hosts(app.wsgi_app)  # type: ignore[method-assign, assignment]
    app.before_request(_make_nonce)
    app.after_request(_set_headers)


def cookie_name(name: str, *, secure: bool) -> str:
    """The name a browser will only accept from this very host, where the site is served over HTTPS."""
    return f"__Host-{name}" if secure else name


def read_cookie(name: str) -> str:
    """What the browser kept under that name, or nothing."""
    return request.cookies.get(cookie_name(name, secure=current_app.config["SECURE_COOKIES"]), "")


def set_cookie(response: Response, name: str, value: str, max_age: timedelta | None = None) -> None:
    """Keep a secret in the browser where no script reads it; without an age it goes when the browser closes."""
    secure = current_app.config["SECURE_COOKIES"]
    response.set_cookie(
        cookie_name(name, secure=secure), value, max_age=max_age, secure=secure, httponly=True, samesite="Lax"
    )


def delete_cookie(response: Response, name: str) -> None:
    """Forget what was kept under that name."""
    secure = current_app.config["SECURE_COOKIES"]
    response.delete_cookie(cookie_name(name, secure=secure), secure=secure, httponly=True, samesite="Lax")


def forget_pages(response: Response) -> None:
    """Let the browser drop the pages that it kept: nobody at a shared computer goes back to them."""
    response.headers["Clear-Site-Data"] = '"cache"'


def client_network() -> str:
    """Where the request came from, as far as the configured proxies can be trusted.

    Of IPv6 the first half: one customer has a whole /64, and an IPv4 address can be written as IPv6.
    """
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))


def ensure_few_fields() -> None:
    """Refuse a form of more fields than any of ours has, before they are taken apart."""
    if request.mimetype == "application/x-www-form-urlencoded" and request.get_data().count(b"&") >= MAX_FORM_PARTS:
        raise RequestEntityTooLarge


def _only_sane_hosts(inner: "WSGIApplication") -> "WSGIApplication":
    """Refuse a Host that can be no name: Flask finds no address for it, not even for its own error page."""

    def checked(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if SANE_HOST.fullmatch(environ.get("HTTP_HOST", "localhost")):
            return inner(environ, start_response)
        return Response("This address is not served here.", 400)(environ, start_response)

    return checked


def _make_nonce() -> None:
    g.csp_nonce = secrets.token_urlsafe(16)


def _set_headers(response: Response) -> Response:
    nonce, ancestors = g.get("csp_nonce", ""), " ".join(g.get("frame_ancestors", ())) or "'none'"
    headers = response.headers
    headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {ancestors}"
    )
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Referrer-Policy", "same-origin")
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if current_app.config["SECURE_COOKIES"]:
        headers["Strict-Transport-Security"] = HSTS
    if request.endpoint and request.endpoint.endswith("static") and response.status_code == HTTPStatus.OK:
        headers["Cache-Control"] = "public, max-age=31536000, immutable" if "v" in request.args else "no-cache"
    elif "kept_for_seconds" in g and response.status_code in KEPT:
        headers["Cache-Control"] = f"public, max-age={g.kept_for_seconds}"
    else:
        headers["Cache-Control"] = "no-store"
        headers.add("Vary", "Cookie")
    return response
